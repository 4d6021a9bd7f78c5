using Fairlead.Drivers.Formats.Exposition;
using Fairlead.Engine.Watching.Scraping;
using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;

namespace Fairlead.Roles;

/// <summary>A role's numbers, shown on its Unix socket in Prometheus's text format: the server asks its own roles as it asks everybody.</summary>
internal sealed class RolePage(string role, World world)
{
    public const string Path = "/metrics";

    /// <summary>Answers when the numbers should be asked for at once; with 204 when there was no reason to for a while.</summary>
    public const string NewsPath = $"{Path}/{ScrapeTarget.NewsSegment}";

    private readonly DateTimeOffset started = world.Now;

    /// <summary>A page with what every role shows.</summary>
    public MetricPage Begin()
    {
        var page = new MetricPage();
        page.Gauge(
            ScrapeMemory.StartMetric,
            "When the role started.",
            started.ToUnixTimeMilliseconds() / 1000d,
            ("role", role)
        );
        page.Gauge(
            "fairlead_role_resident_memory_bytes",
            "Memory that the role's process holds.",
            Environment.WorkingSet,
            ("role", role)
        );
        page.Counter(
            "fairlead_role_cpu_seconds_total",
            "CPU time of the role's process.",
            Environment.CpuUsage.TotalTime.TotalSeconds,
            ("role", role)
        );
        page.Counter(
            "fairlead_role_collections_total",
            "Garbage collections of the role's process.",
            GC.CollectionCount(0),
            ("role", role)
        );
        return page;
    }

    public static IResult Answer(MetricPage page) =>
        Results.Text(ExpositionWriter.Write(page, ExpositionDialect.Prometheus), ExpositionMedia.Prometheus);
}
