using System.Globalization;
using System.Text;

namespace Fairlead.Drivers.Builds;

/// <summary>Finds and ends processes by a mark in their environment, which children inherit and a new session keeps.</summary>
internal static class ProcessTree
{
    // A tree that forks while it is killed needs more than one round.
    private const int RoundsMax = 20;

    /// <summary>Ends what carries exactly this mark.</summary>
    /// <returns>How many processes.</returns>
    public static int Kill(ProcessMark mark) => Kill($"{mark.Name}={mark.Value}\0");

    /// <summary>Ends what carries a mark that begins so: what an earlier server left behind.</summary>
    /// <returns>How many processes.</returns>
    public static int KillAll(ProcessMark prefix) => Kill($"{prefix.Name}={prefix.Value}");

    private static int Kill(string text)
    {
        // In /proc/<pid>/environ each variable ends in a zero; one before makes the first like the others.
        var wanted = Encoding.UTF8.GetBytes("\0" + text);
        var killed = new HashSet<int>();
        for (var round = 0; round < RoundsMax; round++)
        {
            var found = Marked(wanted);
            if (found.Count == 0)
            {
                break;
            }
            foreach (var process in found)
            {
                _ = Posix.Kill(process, Posix.SigKill);
                killed.Add(process);
            }
        }
        return killed.Count;
    }

    private static List<int> Marked(byte[] wanted) =>
        [
            .. Directory
                .EnumerateDirectories("/proc")
                .Select(folder =>
                    int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                        ? id
                        : 0
                )
                .Where(id => id > 0 && id != Environment.ProcessId && Environ(id).AsSpan().IndexOf(wanted) >= 0),
        ];

    // Empty for zombies, kernel threads, and what belongs to someone else.
    private static byte[] Environ(int process)
    {
        try
        {
            return [0, .. File.ReadAllBytes(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/environ"))];
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
