using System.Text.Json;
using Fairlead.Drivers.Http;

namespace Fairlead.Drivers.Shell;

/// <summary>Files that are whole or absent after a power cut: written beside, forced to disk, renamed.</summary>
public static class DurableFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <exception cref="IOException">The disk is full or broken; the old content is still there.</exception>
    public static void WriteJson<T>(string path, T value)
    {
        var beside = path + ".new";
        using (
            var file = new FileStream(
                beside,
                new FileStreamOptions
                {
                    Mode = FileMode.Create,
                    Access = FileAccess.Write,
                    UnixCreateMode = OwnerOnly,
                }
            )
        )
        {
            JsonSerializer.Serialize(file, value, Wire.Json);
            file.Flush(flushToDisk: true);
        }
        File.Move(beside, path, overwrite: true);
        SyncFolder(Path.GetDirectoryName(path)!);
    }

    /// <summary>What was written; null when nothing was, or the file cannot be read as such.</summary>
    public static T? TryReadJson<T>(string path)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllBytes(path), Wire.Json);
        }
        catch (Exception caught) when (caught is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Removes a file for good, or finds it gone.</summary>
    public static void Delete(string path)
    {
        File.Delete(path);
        SyncFolder(Path.GetDirectoryName(path)!);
    }

    // A rename is durable once the folder is on disk.
    internal static void SyncFolder(string folder)
    {
        var descriptor = Libc.open(folder, Libc.OpenRead | Libc.OpenCloseOnExec, 0);
        if (descriptor >= 0)
        {
            _ = Libc.fsync(descriptor);
            _ = Libc.close(descriptor);
        }
    }
}
