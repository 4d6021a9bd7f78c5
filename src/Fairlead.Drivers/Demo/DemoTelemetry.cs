using System.Globalization;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Demo;

/// <summary>Writes what an edge and replicas would have told of simulated traffic: numbers, access lines and a few words of the apps.</summary>
public sealed class DemoTelemetry(DemoGround ground, (IMetricStore Metrics, ILogStore Logs) to, World world)
    : IBackgroundWork
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private static readonly double[] Edges = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 1, 2.5];
    private static readonly string[] Paths = ["/", "/cart", "/orders", "/search?q=rope", "/api/items", "/login"];

    private static readonly string[] Said =
    [
        "order accepted",
        "cache refreshed in 12 ms",
        "payment confirmed by the provider",
        "index holds 18204 documents",
        "session renewed",
    ];

    private readonly Dictionary<(Site Site, Part Part), long> told = [];

    public string Name => "demo-telemetry";

    public async Task RunAsync(CancellationToken stop)
    {
        while (true)
        {
            var flows = ground.Flows();
            await to.Metrics.AppendAsync([.. flows.Where(static one => one.IsRouted).SelectMany(Series)], stop);
            var lines = flows.Where(static one => one.IsRouted).SelectMany(Lines).ToList();
            if (lines.Count > 0)
            {
                await to.Logs.AppendAsync(new LogBatch(lines), stop);
            }
            await Task.Delay(Every, world.Clock, stop);
        }
    }

    private IEnumerable<SeriesSamples> Series((Site Site, DemoFlow Flow, bool IsRouted) one)
    {
        var (at, total) = (world.Now.ToUnixTimeMilliseconds(), one.Flow.Total);
        var stamp = new Source(one.Site, one.Flow.Part.Service, one.Flow.Part);
        SeriesSamples Of(string name, double value, params Label[] more) =>
            new(stamp.On(Labels.Of([new(Labels.MetricName, name), .. more])), [new Sample(at, value)]);
        yield return Of("fairlead_requests_ended_total", total.Requests);
        yield return Of("fairlead_requests_failed_total", total.Failed);
        yield return Of("fairlead_requests_lost_total", total.Lost);
        yield return Of("fairlead_requests_total", total.Requests - total.Failed, new Label("code", "2xx"));
        yield return Of("fairlead_requests_total", total.Failed, new Label("code", "5xx"));
        var latency = one.Flow.Ever;
        foreach (var edge in Edges)
        {
            var below = latency.Count - latency.CountAbove(TimeSpan.FromSeconds(edge));
            yield return Of(
                "fairlead_request_duration_seconds_bucket",
                below,
                new Label("le", edge.ToString(CultureInfo.InvariantCulture))
            );
        }
        yield return Of("fairlead_request_duration_seconds_bucket", latency.Count, new Label("le", "+Inf"));
        yield return Of("fairlead_request_duration_seconds_count", latency.Count);
        yield return Of("fairlead_request_duration_seconds_sum", latency.Count * one.Flow.Manner.Milliseconds / 1000);
    }

    private IEnumerable<LogRecord> Lines((Site Site, DemoFlow Flow, bool IsRouted) one)
    {
        var key = (one.Site, one.Flow.Part);
        var failed = one.Flow.Total.Failed - told.GetValueOrDefault(key);
        told[key] = one.Flow.Total.Failed;
        var random = world.Random;
        for (var index = 0; index < Math.Min(failed, 3); index++)
        {
            yield return Line(
                one,
                Severity.Error,
                $"GET {Paths[random.Next(Paths.Length)]} failed: the database did not answer within 250 ms"
            );
        }
        if (random.Next(3) == 0)
        {
            yield return Line(one, Severity.Info, Said[random.Next(Said.Length)]);
        }
        if (random.Next(9) == 0)
        {
            yield return Line(
                one,
                Severity.Warning,
                $"{random.Next(200, 900)} ms for {Paths[random.Next(Paths.Length)]}, more than 200 ms"
            );
        }
    }

    private LogRecord Line((Site Site, DemoFlow Flow, bool IsRouted) one, Severity severity, string text)
    {
        var at = (world.Now - DateTimeOffset.UnixEpoch).Ticks * 100 - world.Random.Next(0, 4_000_000);
        return new()
        {
            At = at,
            Observed = at,
            Severity = severity,
            Body = text,
            Stream = new Source(one.Site, one.Flow.Part.Service, one.Flow.Part, world.Random.Next(2)).On(
                Labels.Of([new(LogKinds.Label, LogKinds.Output)])
            ),
        };
    }
}
