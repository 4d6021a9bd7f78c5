using System.Text.RegularExpressions;

namespace Fairlead.Drivers.Shell;

/// <summary>A hierarchy of control groups, and where in it we are.</summary>
/// <param name="Controllers">Such as cpu and memory; empty for the one hierarchy of version 2, whose folders say what they have.</param>
/// <param name="MountPoint">The topmost folder we see.</param>
/// <param name="Own">The folder of our own group, at or below the mount point.</param>
internal sealed partial record CgroupMount(IReadOnlyList<string> Controllers, string MountPoint, string Own)
{
    public bool IsVersion2 => Controllers.Count == 0;

    public static IReadOnlyList<CgroupMount> All() =>
        File.Exists("/proc/self/cgroup")
            ? Parse(File.ReadAllText("/proc/self/mountinfo"), File.ReadAllText("/proc/self/cgroup"))
            : [];

    /// <summary>Reads <c>/proc/self/mountinfo</c> and <c>/proc/self/cgroup</c>.</summary>
    /// <remarks>
    /// <code>
    /// 35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
    /// 41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
    ///
    /// 4:memory:/user.slice
    /// 0::/user.slice
    /// </code>
    /// </remarks>
    internal static IReadOnlyList<CgroupMount> Parse(string mounts, string memberships)
    {
        var paths = Memberships(memberships);
        return
        [
            .. from line in mounts.Split('\n')
            let halves = line.Split(" - ", 2)
            where halves.Length == 2
            let place = halves[0].Split(' ')
            let kind = halves[1].Split(' ')
            where place.Length > 4 && kind.Length > 2 && kind[0] is "cgroup" or "cgroup2"
            let controllers = kind[0] == "cgroup2" ? [] : kind[2].Split(',').Where(paths.ContainsKey).ToArray()
            where kind[0] == "cgroup2" || controllers.Length > 0
            let path = paths.GetValueOrDefault(controllers.FirstOrDefault() ?? "", "/")
            let mountPoint = Unescape(place[4])
            select new CgroupMount(controllers, mountPoint, Below(mountPoint, Unescape(place[3]), path)),
        ];
    }

    private static Dictionary<string, string> Memberships(string text) =>
        (
            from line in text.Split('\n')
            let fields = line.Split(':', 3)
            where fields.Length == 3
            from controller in fields[1].Split(',')
            select (controller, fields[2])
        )
            .DistinctBy(pair => pair.controller)
            .ToDictionary(pair => pair.controller, pair => pair.Item2);

    // In a container the mount may begin below the hierarchy's root, and our path may be written from either.
    private static string Below(string mountPoint, string root, string path)
    {
        var inside =
            root != "/" && (path == root || path.StartsWith(root + "/", StringComparison.Ordinal))
                ? path[root.Length..]
                : path;
        var folder = Path.Join(mountPoint, inside.Contains("..", StringComparison.Ordinal) ? "" : inside).TrimEnd('/');
        return Directory.Exists(folder) || !Directory.Exists(mountPoint) ? folder : mountPoint;
    }

    private static string Unescape(string text) =>
        OctalEscape().Replace(text, match => ((char)Convert.ToInt32(match.Value[1..], 8)).ToString());

    [GeneratedRegex(@"\\[0-7]{3}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OctalEscape();
}
