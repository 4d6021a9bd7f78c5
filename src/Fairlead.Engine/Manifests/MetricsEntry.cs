using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fairlead.Engine.Manifests.Forms;

namespace Fairlead.Engine.Manifests;

/// <summary>Where a service shows its own metrics, as the manifest says it.</summary>
[Description("Where it shows metrics of its own, in Prometheus's text format or OpenMetrics.")]
public sealed record MetricsEntry
{
    [Description("A path such as /metrics; /metrics when left out.")]
    [Alone, Shaped(Shape.Address), Elsewhere("endpoint", "url")]
    public string? Path { get; init; }

    [Description("The port, where it is not the one on which it takes requests.")]
    [Range(1, 65535)]
    public int? Port { get; init; }

    [Description("How often each replica is asked, at least 1s; 15s when left out.")]
    [Elsewhere("interval", "scrapeInterval", "scrape_interval", "period")]
    public TimeSpan? Every { get; init; }
}
