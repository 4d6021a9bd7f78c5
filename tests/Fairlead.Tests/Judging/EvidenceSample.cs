using Fairlead.Engine.Judging;
using Fairlead.Model.Releases;
using Fairlead.Model.Telemetry;

namespace Fairlead.Tests.Judging;

/// <summary>Evidence as tests write it.</summary>
internal static class EvidenceSample
{
    public static readonly Part Canary = new("api", 42);
    public static readonly Part Baseline = new("api", 41);
    public static readonly DateTimeOffset Start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    public static Evidence Of(params IEnumerable<Block> blocks) => new(Canary, Baseline, Start, [.. blocks]);

    /// <summary>The same block second by second.</summary>
    public static IEnumerable<Block> Seconds(int from, int count, Tally canary, Tally baseline) =>
        Enumerable
            .Range(from, count)
            .Select(second => new Block(Start.AddSeconds(second), Start.AddSeconds(second + 1), canary, baseline));

    public static Tally Tally(long requests, long failed = 0, double milliseconds = 0) =>
        new(requests, failed, failed, milliseconds > 0 ? Spread(requests, milliseconds) : Latencies.None);

    /// <summary>Second by second, drawn from a seed: 20 requests to the canary, 180 to the baseline.</summary>
    public static IEnumerable<Block> Drawn(int seconds, double failed, double median, int seed = 1)
    {
        var random = new Random(seed);
        for (var second = 0; second < seconds; second++)
        {
            var canary = Drawn(random, 20, failed, median);
            yield return new(
                Start.AddSeconds(second),
                Start.AddSeconds(second + 1),
                canary,
                Drawn(random, 180, 0.005, 60)
            );
        }
    }

    private static Tally Drawn(Random random, int requests, double chance, double median)
    {
        var failed = Enumerable.Range(0, requests).Count(_ => random.NextDouble() < chance);
        return new(requests, failed, failed, Spread(requests, median, random.NextDouble));
    }

    /// <summary>Latencies about a median.</summary>
    public static Latencies Spread(long requests, double median, Func<double>? draw = null)
    {
        var buckets = new long[LatencyHistogram.Size];
        for (var index = 0; index < requests; index++)
        {
            var at = Math.Clamp(draw?.Invoke() ?? (index + 0.5) / requests, 1e-6, 1 - 1e-6);
            var milliseconds = median * Math.Exp(0.5 * Math.Log(at / (1 - at)) / 1.7);
            buckets[LatencyHistogram.Index(TimeSpan.FromMilliseconds(milliseconds))]++;
        }
        return Latencies.Of(buckets);
    }
}
