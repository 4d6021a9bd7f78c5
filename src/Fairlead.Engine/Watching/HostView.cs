using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Watching;

/// <summary>A machine at a glance, from two looks at its figures.</summary>
/// <param name="Host">Its name.</param>
/// <param name="CpuPercent">Of all processors together, between the two looks.</param>
/// <param name="Pressure">Percent of the time that something waited for cpu, io and memory.</param>
public sealed record HostView(
    string Host,
    int Processors,
    double? CpuPercent,
    IReadOnlyList<double> Load,
    HostMemory Memory,
    IReadOnlyList<HostDisk> Disks,
    IReadOnlyDictionary<string, double> Pressure,
    IReadOnlyList<ReplicaUse> Replicas
)
{
    private static readonly string[] Resources = ["cpu", "io", "memory"];

    public static HostView Of(MetricPage before, MetricPage now)
    {
        var (first, last) = (new Figures(before), new Figures(now));
        var seconds = last.One("node_time_seconds") - first.One("node_time_seconds");
        var processors = last.All("node_cpu_seconds_total").Select(one => one.Labels["cpu"]).Distinct().Count();
        return new(
            last.All("node_uname_info").Select(one => one.Labels["nodename"]).FirstOrDefault() ?? "",
            processors,
            Percent(Busy(last) - Busy(first), seconds * processors),
            [last.One("node_load1"), last.One("node_load5"), last.One("node_load15")],
            new(
                (long)last.One("node_memory_MemTotal_bytes"),
                (long)last.One("node_memory_MemAvailable_bytes"),
                (long)last.One("node_memory_SwapTotal_bytes"),
                (long)last.One("node_memory_SwapFree_bytes")
            ),
            [
                .. last.All("node_filesystem_size_bytes")
                    .Select(one => new HostDisk(
                        one.Labels["mountpoint"],
                        (long)one.Value,
                        (long)last.Same("node_filesystem_avail_bytes", one.Labels)
                    )),
            ],
            Resources
                .Select(one => (one, Percent: Waited(first, last, one, seconds)))
                .Where(one => one.Percent is not null)
                .ToDictionary(one => one.one, one => one.Percent!.Value),
            [.. last.All("fairlead_replica_ready").Select(one => ReplicaUse.Of(one.Labels, first, last, seconds))]
        );
    }

    private static double Busy(Figures figures) =>
        figures
            .All("node_cpu_seconds_total")
            .Where(one => one.Labels["mode"] is not ("idle" or "iowait"))
            .Sum(one => one.Value);

    private static double? Waited(Figures first, Figures last, string resource, double seconds)
    {
        var name = $"node_pressure_{resource}_waiting_seconds_total";
        return last.All(name).Any() ? Percent(last.One(name) - first.One(name), seconds) : null;
    }

    internal static double? Percent(double part, double whole) =>
        whole > 0 ? Math.Round(Math.Clamp(part / whole, 0, 1) * 100, 1) : null;
}

/// <summary>In bytes.</summary>
public sealed record HostMemory(long Total, long Available, long SwapTotal, long SwapFree);

/// <summary>In bytes.</summary>
public sealed record HostDisk(string MountPoint, long Size, long Available);

/// <summary>What a replica uses.</summary>
/// <param name="Cores">Processor time each second, between the two looks; null while it is new.</param>
public sealed record ReplicaUse(
    string App,
    string Environment,
    string Replica,
    bool IsReady,
    double? Cores,
    long MemoryBytes,
    int Threads,
    int OpenFiles,
    int Restarts
)
{
    internal static ReplicaUse Of(Labels labels, Figures first, Figures last, double seconds)
    {
        const string cpu = "fairlead_replica_cpu_seconds_total";
        var (before, now) = (first.Same(cpu, labels), last.Same(cpu, labels));
        return new(
            labels[Source.AppLabel],
            labels[Source.EnvironmentLabel],
            $"{labels[Source.ServiceLabel]}@{labels[Source.ReleaseLabel]}#{labels[Source.ReplicaLabel]}",
            last.Same("fairlead_replica_ready", labels) > 0,
            seconds > 0 && now >= before && before > 0 ? Math.Round((now - before) / seconds, 3) : null,
            (long)last.Same("fairlead_replica_resident_memory_bytes", labels),
            (int)last.Same("fairlead_replica_threads", labels),
            (int)last.Same("fairlead_replica_open_fds", labels),
            (int)last.Same("fairlead_replica_restarts_total", labels)
        );
    }
}

/// <summary>A page by the names of its metrics. What is missing is 0.</summary>
internal sealed class Figures(MetricPage page)
{
    private readonly ILookup<string, ExposedSample> byName = page.Samples.ToLookup(
        one => one.Labels.Name,
        StringComparer.Ordinal
    );

    public IEnumerable<ExposedSample> All(string name) => byName[name];

    public double One(string name) => byName[name].Select(one => one.Value).FirstOrDefault();

    /// <summary>The one with the same labels.</summary>
    public double Same(string name, Labels labels)
    {
        var wanted = labels.With(Labels.MetricName, name);
        return byName[name].Where(one => one.Labels.Equals(wanted)).Select(one => one.Value).FirstOrDefault();
    }
}
