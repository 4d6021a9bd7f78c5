using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Fairlead.Drivers.Builds;

namespace Fairlead.Drivers.Data.Backups;

/// <summary>
/// Empty folders in which backups are tried. They are not in the state folder, which only its owner may enter, while a server that is tried runs as somebody
/// else. What a killed server left, with the database servers that still run in it, goes before the first is made.
/// </summary>
/// <param name="state">The state folder, by which ours are known from those of others.</param>
/// <param name="place">Where they are made; null for where the machine has its temporary files.</param>
public sealed class ScratchFolders(string state, string? place)
{
    private readonly Lock gate = new();
    private bool isSwept;

    /// <summary>A new one, and what removes it.</summary>
    public (string Path, Action Remove) New()
    {
        lock (gate)
        {
            if (!isSwept)
            {
                isSwept = true;
                foreach (var left in Directory.EnumerateDirectories(Place, Prefix + "*"))
                {
                    Remove(left);
                }
            }
        }
        var folder = Path.Combine(Place, Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6)));
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return (folder, () => Remove(folder));
    }

    private string Place => string.IsNullOrEmpty(place) ? Path.GetTempPath() : place;

    private string Prefix =>
        $"fairlead-drill-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(state))))[..8]}-";

    private static void Remove(string folder)
    {
        EndServer(Path.Combine(folder, "data", "postmaster.pid"), folder);
        EndServer(Path.Combine(folder, "pid"), folder);
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // Numbers of processes are given again: only one that was started with this folder is ended.
    private static void EndServer(string file, string folder)
    {
        if (
            File.Exists(file)
            && int.TryParse(
                File.ReadLines(file).FirstOrDefault(),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var pid
            )
            && CommandOf(pid).Contains(folder, StringComparison.Ordinal)
        )
        {
            _ = Posix.Kill(pid, Posix.SigKill);
        }
    }

    private static string CommandOf(int pid)
    {
        try
        {
            return File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/cmdline"));
        }
        catch (IOException)
        {
            return ""; // It is gone.
        }
    }
}
