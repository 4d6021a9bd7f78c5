using System.Globalization;

namespace Fairlead.Drivers.Shell;

/// <summary>One program's control group: a folder in each hierarchy that has limits.</summary>
public sealed record Cgroup(IReadOnlyList<string> Folders)
{
    /// <summary>The files that a process joins by writing its id.</summary>
    public IReadOnlyList<string> Procs => [.. Folders.Select(folder => Path.Combine(folder, "cgroup.procs"))];

    /// <summary>Every process inside.</summary>
    public IReadOnlySet<int> Members() =>
        Procs
            .SelectMany(Lines)
            .Select(line => int.TryParse(line, CultureInfo.InvariantCulture, out var pid) ? pid : 0)
            .Where(pid => pid > 0)
            .ToHashSet();

    /// <summary>How often the kernel ended a process in it for want of memory.</summary>
    public long OutOfMemoryKills() =>
        Folders
            .SelectMany(folder =>
                Lines(Path.Combine(folder, "memory.events")).Concat(Lines(Path.Combine(folder, "memory.oom_control")))
            )
            .Sum(KillsOf);

    /// <summary>Removes it; false while a process is inside. What is gone is removed.</summary>
    public bool TryRemove()
    {
        try
        {
            foreach (var folder in Folders.Where(Directory.Exists))
            {
                Directory.Delete(folder);
            }
            return true;
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Removes the folder that held it, when it was the last one there.</summary>
    public void TryRemoveParents() =>
        new Cgroup([.. Folders.Select(folder => Path.GetDirectoryName(folder)!).Distinct()]).TryRemove();

    // oom_kill 3, in memory.events of version 2 and memory.oom_control of version 1
    internal static long KillsOf(string line) =>
        line.Split(' ') is ["oom_kill", var count]
        && long.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var kills)
            ? kills
            : 0;

    private static string[] Lines(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
