using System.Globalization;
using System.Runtime.InteropServices;
using Fairlead.Drivers.Shell;
using Fairlead.Model.Apps;
using Fairlead.Model.Releases;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Nodes;

/// <summary>What the replicas of this node use, from <c>/proc</c> of each one's processes.</summary>
internal static class ReplicaMeter
{
    private const double Ticks = 100;

    /// <param name="replicas">As they are seen, with their note and what they may use.</param>
    public static void Measure(IReadOnlyList<(Instance Seen, Note Note, Limits Limits)> replicas, MetricPage page)
    {
        var all = Proc.All();
        foreach (var (seen, note, limits) in replicas)
        {
            (string, string)[] labels = [.. Source.Of(seen.Key).Stamp.Select(one => (one.Name, one.Value))];
            page.Gauge(
                "fairlead_replica_ready",
                "1 when the replica is healthy, else 0.",
                seen.State is InstanceState.Ready ? 1 : 0,
                labels
            );
            page.Counter("fairlead_replica_restarts_total", "Starts after the first.", seen.Restarts, labels);
            if (seen.Pid == 0)
            {
                continue;
            }
            if (limits.Memory is { } memory)
            {
                page.Gauge("fairlead_replica_memory_limit_bytes", "Memory that the replica may hold.", memory, labels);
            }
            Use([.. Members(all, note).Select(one => ProcessUse.Of(one.Pid))], page, labels);
            page.Counter(
                "fairlead_replica_oom_kills_total",
                "Processes that the kernel ended for want of memory, in this start.",
                note.Group.OutOfMemoryKills(),
                labels
            );
            page.Gauge(
                "fairlead_replica_start_time_seconds",
                "When this start of the replica was.",
                note.StartedAt.ToUnixTimeMilliseconds() / 1000d,
                labels
            );
        }
    }

    private static void Use(ProcessUse[] uses, MetricPage page, (string, string)[] labels)
    {
        page.Counter(
            "fairlead_replica_cpu_seconds_total",
            "CPU time of the replica's processes, and of those of their children that ended.",
            uses.Sum(one => one.CpuTicks) / Ticks,
            labels
        );
        page.Gauge(
            "fairlead_replica_resident_memory_bytes",
            "Memory that the replica's processes hold; what they share is counted for each.",
            uses.Sum(one => one.ResidentBytes),
            labels
        );
        page.Gauge("fairlead_replica_processes", "Processes of the replica.", uses.Length, labels);
        page.Gauge(
            "fairlead_replica_threads",
            "Threads of the replica's processes.",
            uses.Sum(one => one.Threads),
            labels
        );
        page.Gauge(
            "fairlead_replica_open_fds",
            "Files and sockets that the replica's processes have open.",
            uses.Sum(one => one.Descriptors),
            labels
        );
    }

    /// <summary>A replica's processes.</summary>
    public static IEnumerable<ProcessStat> Members(IReadOnlyList<ProcessStat> all, Note note)
    {
        var grouped = note.Group.Members();
        return all.Where(one =>
            one.IsRunning && (one.Session == note.Pid || one.Group == note.Pid || grouped.Contains(one.Pid))
        );
    }
}

/// <summary>What one process uses.</summary>
/// <param name="CpuTicks">Its own and that of its children that ended, in hundredths of a second.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ProcessUse(long CpuTicks, long ResidentBytes, int Threads, int Descriptors)
{
    /// <summary>Nothing when it is gone.</summary>
    public static ProcessUse Of(int pid)
    {
        try
        {
            return Parse(File.ReadAllText($"/proc/{pid}/stat")) with { Descriptors = DescriptorsOf(pid) };
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
        {
            return default;
        }
    }

    /// <summary>Reads <c>/proc/pid/stat</c>: fields 14 to 17 are ticks, 20 threads, 24 pages, counted from 1 (proc(5)).</summary>
    internal static ProcessUse Parse(string text)
    {
        // The name may hold blanks and brackets, so the third field begins behind the last one.
        var fields = text[(text.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        long Field(int number) =>
            fields.Length > number - 3
            && long.TryParse(
                fields[number - 3],
                NumberStyles.AllowLeadingSign,
                CultureInfo.InvariantCulture,
                out var value
            )
                ? value
                : 0;
        return new(
            Field(14) + Field(15) + Field(16) + Field(17),
            Field(24) * Environment.SystemPageSize,
            (int)Field(20),
            0
        );
    }

    private static int DescriptorsOf(int pid)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries($"/proc/{pid}/fd").Count();
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
