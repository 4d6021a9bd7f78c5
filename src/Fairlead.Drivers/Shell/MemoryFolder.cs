using System.Security.Cryptography;

namespace Fairlead.Drivers.Shell;

/// <summary>
/// A folder that only its owner can enter, on a file system that is only in memory: what is in it outlives processes and is gone
/// with the machine's power.
/// </summary>
internal static class MemoryFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>The folder of this owner, made when there is none yet; null where the machine has no such file system for us.</summary>
    /// <param name="note">Where its name is remembered.</param>
    /// <param name="owner">A state folder: a copy of it has a folder of its own.</param>
    public static string? Open(string note, string owner)
    {
        var known = DurableFile.TryReadJson<Noted>(note);
        if (known is not null && known.BootId == Proc.BootId && known.Owner == owner && Directory.Exists(known.Path))
        {
            return known.Path;
        }
        // A name that nobody can guess, so that nobody can have made it before us where everybody may make folders.
        var name = $"fairlead-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}";
        foreach (var place in Places().Where(IsInMemory))
        {
            try
            {
                var path = Path.Combine(place, name);
                Directory.CreateDirectory(path, OwnerOnly);
                DurableFile.WriteJson(note, new Noted(path, Proc.BootId, owner));
                return path;
            }
            catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
            {
                // The next place may be open to us.
            }
        }
        return null;
    }

    private static IEnumerable<string> Places()
    {
        yield return "/dev/shm";
        if (Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } own)
        {
            yield return own;
        }
        yield return "/run";
    }

    private static bool IsInMemory(string path)
    {
        try
        {
            return Directory.Exists(path) && new DriveInfo(path).DriveFormat is "tmpfs" or "ramfs";
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return false;
        }
    }

    /// <param name="BootId">Of the boot in which it was made: afterwards it is gone, and its name is known.</param>
    private sealed record Noted(string Path, string BootId, string Owner);
}
