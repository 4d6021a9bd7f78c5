using System.Globalization;
using System.Text;

namespace Fairlead.Drivers.Shell;

/// <summary>What the kernel says of processes in <c>/proc</c>, as proc(5) describes it. A process may be gone at any instant.</summary>
public static class Proc
{
    /// <summary>Changes with each boot, so a process id of an earlier one is recognised.</summary>
    public static string BootId { get; } = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    /// <summary>Every process there is.</summary>
    public static IReadOnlyList<ProcessStat> All() =>
        [
            .. Directory
                .EnumerateDirectories("/proc")
                .Select(folder =>
                    int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var pid) ? pid : 0
                )
                .Where(pid => pid > 0)
                .Select(TryStat)
                .OfType<ProcessStat>(),
        ];

    /// <summary>One process; null when it is gone.</summary>
    public static ProcessStat? TryStat(int pid) => TryRead(pid, "stat") is { } text ? ProcessStat.TryParse(text) : null;

    /// <summary>The environment it was started with; empty when it is gone or another user's.</summary>
    public static IReadOnlyDictionary<string, string> Environ(int pid) =>
        TryRead(pid, "environ") is { } text ? ParseEnviron(text) : new Dictionary<string, string>();

    /// <summary>Numbers of the sockets it has open; empty when it is gone or another user's.</summary>
    public static IReadOnlyList<long> SocketInodes(int pid)
    {
        try
        {
            return
            [
                .. Directory
                    .EnumerateFileSystemEntries($"/proc/{pid}/fd")
                    .Select(entry => InodeOf(new FileInfo(entry).LinkTarget ?? "") ?? 0)
                    .Where(inode => inode > 0),
            ];
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    internal static IReadOnlyDictionary<string, string> ParseEnviron(string text)
    {
        Dictionary<string, string> env = [];
        foreach (var entry in text.Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            if (entry.IndexOf('=', StringComparison.Ordinal) is > 0 and var at)
            {
                env[entry[..at]] = entry[(at + 1)..];
            }
        }
        return env;
    }

    // socket:[4026532]
    internal static long? InodeOf(string link) =>
        link.StartsWith("socket:[", StringComparison.Ordinal)
        && long.TryParse(link.AsSpan(8).TrimEnd(']'), NumberStyles.None, CultureInfo.InvariantCulture, out var inode)
            ? inode
            : null;

    private static string? TryRead(int pid, string file)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{pid}/{file}"));
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

/// <summary>A line of <c>/proc/pid/stat</c>.</summary>
/// <param name="Name">The program's file name, at most 15 bytes of it.</param>
/// <param name="State">R, S, D, T, Z, X and their like.</param>
/// <param name="StartTicks">When it started, in clock ticks since boot: with the boot id and the process id it names one process for ever.</param>
public sealed record ProcessStat(int Pid, string Name, char State, int Parent, int Group, int Session, long StartTicks)
{
    /// <summary>A process that ended and waits for its parent to ask does not run.</summary>
    public bool IsRunning => State is not ('Z' or 'X' or 'x');

    public bool IsSessionLeader => Session == Pid;

    /// <summary>Reads <c>42 (my (odd) name) S 1 42 42 0 -1 ...</c>: the name may hold blanks and brackets, so it ends at the last one.</summary>
    public static ProcessStat? TryParse(string text)
    {
        var (open, close) = (text.IndexOf('(', StringComparison.Ordinal), text.LastIndexOf(')'));
        if (open < 1 || close < open)
        {
            return null;
        }
        var rest = text[(close + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return
            rest is [{ Length: 1 } state, var parent, var group, var session, ..]
            && rest.Length > 19
            && TryNumber(text[..open], out var pid)
            && TryNumber(parent, out var parentPid)
            && TryNumber(group, out var groupPid)
            && TryNumber(session, out var sessionPid)
            && TryNumber(rest[19], out var ticks)
            ? new((int)pid, text[(open + 1)..close], state[0], (int)parentPid, (int)groupPid, (int)sessionPid, ticks)
            : null;
    }

    private static bool TryNumber(string text, out long number) =>
        long.TryParse(text.Trim(), CultureInfo.InvariantCulture, out number);
}
