using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;

namespace Fairlead.Engine.Operations;

/// <summary>The metrics that are kept, and how many series each has.</summary>
public static class ListMetrics
{
    private const int NamesMax = 10_000;

    public sealed record Input
    {
        [Description("Only metrics whose name holds this text.")]
        [Positional]
        public string? Name { get; init; }

        [Description("Only metrics with samples in the last such time.")]
        public string Last { get; init; } = "1h";
    }

    public sealed record Output(IReadOnlyList<Metric> Metrics);

    /// <param name="Labels">Names of the labels that tell its series apart.</param>
    public sealed record Metric(string Name, int Series, string Labels);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "metric.list",
            "List metrics, with their labels and how many series each has.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead metric list requests"],
            Needs = Need.Of(Permission.Watch),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var now = engine.World.Now.ToUnixTimeMilliseconds();
        var last = MetricDesk.Duration(input.Last) is > 0 and var length
            ? length
            : QueryMetrics.LastUnreadable(input.Last);
        var times = (now - last, now);
        var desk = engine.Server.Metrics;
        var names = await desk.LabelValuesAsync(Model.Telemetry.Labels.MetricName, [], times, stop);
        var metrics = new List<Metric>();
        foreach (
            var name in names
                .Where(one => input.Name is null || one.Contains(input.Name, StringComparison.OrdinalIgnoreCase))
                .Take(NamesMax)
        )
        {
            var series = await desk.SeriesOfAsync(name, times, stop);
            var labels = series
                .SelectMany(static one => one)
                .Select(static one => one.Name)
                .Distinct()
                .Order(StringComparer.Ordinal);
            metrics.Add(
                new(
                    name,
                    series.Count,
                    string.Join(", ", labels.Where(static one => one != Model.Telemetry.Labels.MetricName))
                )
            );
        }
        return new(metrics);
    }
}
