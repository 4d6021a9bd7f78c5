using System.Globalization;
using Fairlead.Model.Apps;

namespace Fairlead.Drivers.Shell;

/// <summary>Makes control groups, version 1 or 2, where the machine lets us; they hold limits and know every process inside.</summary>
/// <param name="name">The folder under which all of ours are, the same in every hierarchy.</param>
public sealed class Cgroups(string name)
{
    private static readonly string[] Wanted = ["cpu", "memory", "pids"];
    private const int PeriodMicroseconds = 100_000;

    /// <summary>Makes a fresh group with these limits.</summary>
    /// <returns>The group, and why it holds less than was asked; no folders when there can be none.</returns>
    public (Cgroup Group, string? Warning) Create(string key, Limits limits)
    {
        List<string> folders = [];
        List<string> reasons = [];
        var mounts = CgroupMount.All();
        foreach (var mount in mounts)
        {
            try
            {
                if ((mount.IsVersion2 ? ParentInVersion2(mount) : ParentInVersion1(mount)) is { } parent)
                {
                    folders.Add(Fresh(Path.Combine(parent, key)));
                }
            }
            catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
            {
                reasons.Add(caught.Message);
            }
        }
        var group = new Cgroup(folders);
        reasons.AddRange(Limit(group, limits));
        if (folders.Count == 0)
        {
            reasons.Insert(0, mounts.Count == 0 ? "no cgroup is mounted" : "no cgroup may be made here");
        }
        return (group, reasons.Count == 0 ? null : string.Join("; ", reasons));
    }

    /// <summary>The group of a program that was started before.</summary>
    public Cgroup Find(string key) => new([.. Existing().Where(folder => Path.GetFileName(folder) == key)]);

    /// <summary>Every key that has a group.</summary>
    public IReadOnlySet<string> Keys() => Existing().Select(folder => Path.GetFileName(folder)).ToHashSet();

    /// <summary>What is written to which file; those of the other version do not exist and are passed over.</summary>
    internal static IReadOnlyList<(string File, string Value)> Files(Limits limits)
    {
        List<(string, string)> files = [];
        if (limits.Cpu is { } cores)
        {
            var quota = Text(Math.Max(1_000, (long)(cores * PeriodMicroseconds)));
            files.AddRange([
                ("cpu.max", $"{quota} {PeriodMicroseconds}"),
                ("cpu.cfs_period_us", Text(PeriodMicroseconds)),
                ("cpu.cfs_quota_us", quota),
            ]);
        }
        if (limits.Memory is { } bytes)
        {
            // Without the second of each pair a program over its limit would not end but swap, and slow its neighbours.
            files.AddRange([
                ("memory.max", Text(bytes)),
                ("memory.swap.max", "0"),
                ("memory.limit_in_bytes", Text(bytes)),
                ("memory.memsw.limit_in_bytes", Text(bytes)),
            ]);
        }
        if (limits.Pids is { } pids)
        {
            files.Add(("pids.max", Text(pids)));
        }
        return files;
    }

    private static IEnumerable<string> Limit(Cgroup @group, Limits limits)
    {
        foreach (var controller in Files(limits).GroupBy(one => one.File.Split('.')[0]))
        {
            var present = (
                from one in controller
                from folder in @group.Folders
                let path = Path.Combine(folder, one.File)
                where File.Exists(path)
                select (path, one.Value)
            ).ToList();
            if (present.Count == 0)
            {
                yield return $"{controller.Key} cannot be limited here";
            }
            foreach (var reason in present.Select(one => TryWrite(one.path, one.Value)).OfType<string>())
            {
                yield return reason;
            }
        }
    }

    private List<string> Existing() =>
        [
            .. CgroupMount
                .All()
                .SelectMany(mount => Upwards(mount).Select(folder => Path.Combine(folder, name)))
                .Where(Directory.Exists)
                .SelectMany(Directory.EnumerateDirectories),
        ];

    private string? ParentInVersion1(CgroupMount mount) =>
        mount.Controllers.Any(Wanted.Contains)
            ? Directory.CreateDirectory(Path.Combine(mount.Own, name)).FullName
            : null;

    // A group of version 2 that holds processes cannot have limited children. So we look for the nearest group above us
    // that holds none and lets us: under systemd that is the slice, and our apps outlive a restart of our own unit.
    private string? ParentInVersion2(CgroupMount mount)
    {
        foreach (var folder in Upwards(mount))
        {
            var controllers = File.Exists(Path.Combine(folder, "cgroup.controllers"))
                ? File.ReadAllText(Path.Combine(folder, "cgroup.controllers")).Split((char[])[' ', '\n'])
                : [];
            var enable = string.Join(' ', Wanted.Where(controllers.Contains).Select(one => "+" + one));
            if (enable.Length > 0 && TryWrite(Path.Combine(folder, "cgroup.subtree_control"), enable) is null)
            {
                var parent = Path.Combine(folder, name);
                Directory.CreateDirectory(parent);
                File.WriteAllText(Path.Combine(parent, "cgroup.subtree_control"), enable);
                return parent;
            }
        }
        return null;
    }

    private static IEnumerable<string> Upwards(CgroupMount mount)
    {
        for (
            var folder = mount.Own;
            folder is not null && folder.StartsWith(mount.MountPoint, StringComparison.Ordinal);
            folder = Path.GetDirectoryName(folder)
        )
        {
            yield return folder;
        }
    }

    // A new folder has fresh counters, so a kill for memory can be told to be of this start.
    private static string Fresh(string folder)
    {
        new Cgroup([folder]).TryRemove();
        return Directory.CreateDirectory(folder).FullName;
    }

    private static string? TryWrite(string path, string value)
    {
        try
        {
            File.WriteAllText(path, value);
            return null;
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
        {
            return $"{path}: {caught.Message}";
        }
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
