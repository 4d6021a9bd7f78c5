using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Watching;

/// <summary>This Fairlead's own roles, as targets.</summary>
public static class OwnTargets
{
    /// <summary>Every second, because a canary is judged by it, and at once when requests begin to fail.</summary>
    public static ScrapeTarget Edge { get; } =
        new("fairlead-edge", "edge", "fairlead://edge/metrics")
        {
            Every = TimeSpan.FromSeconds(1),
            Timeout = TimeSpan.FromSeconds(1),
            StartsAtZero = true,
            HasNews = true,
            Limits = new() { SamplesMax = 500_000, BodyBytesMax = 128 * 1024 * 1024 },
        };

    /// <summary>The machine and its replicas, under the job that dashboards for node exporters look for.</summary>
    public static ScrapeTarget Node { get; } =
        new("node", "node", "fairlead://node/metrics")
        {
            Every = TimeSpan.FromSeconds(10),
            Timeout = TimeSpan.FromSeconds(5),
            StartsAtZero = true,
        };

    public static ScrapeTarget Server { get; } =
        new("fairlead-server", "server", "fairlead://server/metrics/own")
        {
            Every = TimeSpan.FromSeconds(10),
            Timeout = TimeSpan.FromSeconds(5),
            StartsAtZero = true,
        };

    public static IReadOnlyList<ScrapeTarget> All { get; } = [Edge, Node, Server];
}
