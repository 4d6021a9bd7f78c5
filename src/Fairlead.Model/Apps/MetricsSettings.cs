using System.Text.Json.Serialization;

namespace Fairlead.Model.Apps;

/// <summary>Where a service shows metrics of its own, in Prometheus's text format or OpenMetrics.</summary>
public sealed record MetricsSettings
{
    /// <summary>Such as <c>/metrics</c>.</summary>
    public required string Path { get; init; }

    /// <summary>Null for the port on which it takes requests.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Port { get; init; }

    /// <summary>How often each replica is asked; at least a second.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(15);
}
