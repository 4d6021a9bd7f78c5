using Fairlead.Engine.Judging;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;
using Fairlead.Model.Telemetry;
using static Fairlead.Tests.Judging.EvidenceSample;

namespace Fairlead.Tests.Judging;

public sealed class SamplerTests
{
    private readonly Sampler sampler = new(Canary, Baseline);

    [Fact]
    public void A_block_is_what_lies_between_two_looks()
    {
        sampler.Look(View(Traffic(Canary, 10, 1, 1), Traffic(Baseline, 100, 5, 4)), Start);
        Assert.Equal(0, sampler.Read().Baseline.Requests);
        sampler.Look(View(Traffic(Canary, 12, 2, 1), Traffic(Baseline, 120, 6, 5)), Start.AddSeconds(1));
        sampler.Look(View(Traffic(Canary, 15, 2, 2), Traffic(Baseline, 150, 6, 5)), Start.AddSeconds(2));

        Assert.Equal("5 requests, 1 failed, 1 incidents, 5 latencies", Text(sampler.Read().Canary));
        Assert.Equal("50 requests, 1 failed, 1 incidents, 50 latencies", Text(sampler.Read().Baseline));
        Assert.Equal((Start, Start.AddSeconds(2)), (sampler.Read().Began, sampler.Read().Ended));
    }

    [Fact]
    public void When_shares_change_both_sides_go_on_with_their_new_windows()
    {
        sampler.Look(View(Traffic(Canary, 10, 1, 1), Traffic(Baseline, 100, 5, 4)), Start);
        sampler.Look(
            View(Traffic(Canary, 3, 0, 0, window: 2), Traffic(Baseline, 7, 1, 1, window: 2)),
            Start.AddSeconds(1)
        );

        Assert.Equal("3 requests, 0 failed, 0 incidents, 3 latencies", Text(sampler.Read().Canary));
        Assert.Equal("7 requests, 1 failed, 1 incidents, 7 latencies", Text(sampler.Read().Baseline));
    }

    [Fact]
    public void Counters_of_another_life_of_the_edge_begin_a_new_block()
    {
        sampler.Look(View(Traffic(Canary, 10, 1, 1), Traffic(Baseline, 100, 5, 4)), Start);
        sampler.Look(View(Traffic(Canary, 11, 1, 1), Traffic(Baseline, 110, 5, 4)), Start.AddSeconds(1));
        sampler.Look(
            View(Traffic(Canary, 9, 9, 9), Traffic(Baseline, 90, 5, 4)) with
            {
                Epoch = "2",
            },
            Start.AddSeconds(2)
        );
        Assert.Equal(0, sampler.Read().Baseline.Requests);
        sampler.Look(
            View(Traffic(Canary, 10, 9, 9), Traffic(Baseline, 95, 5, 4)) with
            {
                Epoch = "2",
            },
            Start.AddSeconds(3)
        );

        Assert.Equal("1 requests, 0 failed, 0 incidents, 1 latencies", Text(sampler.Read().Canary));
        Assert.Equal(Start.AddSeconds(2), sampler.Read().Began);
    }

    [Fact]
    public void A_part_that_is_not_seen_is_not_compared()
    {
        sampler.Look(View(Traffic(Baseline, 100, 5, 4)), Start);
        sampler.Look(View(Traffic(Canary, 10, 1, 1), Traffic(Baseline, 120, 5, 4)), Start.AddSeconds(1));
        Assert.Equal(0, sampler.Read().Baseline.Requests);
        sampler.Look(View(Traffic(Canary, 11, 1, 1), Traffic(Baseline, 121, 5, 4)), Start.AddSeconds(2));

        Assert.Equal("1 requests, 0 failed, 0 incidents, 1 latencies", Text(sampler.Read().Canary));
    }

    [Theory]
    [InlineData(0.5, 10, 90, 10, "Open")]
    [InlineData(1, 10, 90, 10, "Full")]
    [InlineData(1, 10, 90, 600, "Open")]
    [InlineData(10, 10, 90, 600, "Full")]
    [InlineData(30, 10, 90, 86_400, "Full")]
    [InlineData(5, 1, 9, 10, "Open")]
    [InlineData(10, 1, 9, 10, "Full")]
    [InlineData(14, 0, 9, 10, "Open")]
    [InlineData(15, 0, 9, 10, "Stale")]
    [InlineData(15, 9, 0, 10, "Stale")]
    public void A_block_ends_by_time_and_by_requests(
        double age,
        int canary,
        int baseline,
        int watched,
        string expected
    ) =>
        Assert.Equal(
            expected,
            Blocks
                .StateOf(TimeSpan.FromSeconds(age), canary, baseline, TimeSpan.FromSeconds(watched), count: 100)
                .ToString()
        );

    [Fact]
    public void Latencies_are_divided_at_a_limit_within_its_bucket()
    {
        var buckets = new long[LatencyHistogram.Size];
        buckets[LatencyHistogram.Index(TimeSpan.FromMilliseconds(100))] = 10; // From 99.2 to 102.4 ms.
        buckets[LatencyHistogram.Index(TimeSpan.FromMilliseconds(50))] = 5;
        buckets[LatencyHistogram.Index(TimeSpan.FromMilliseconds(200))] = 3;

        var split = Latencies.Of(buckets).At(Limit.At(100.8));

        Assert.Equal((3, 5, 10), (split.Bad, split.Good, split.Partly));
        Assert.Equal(0.5, split.Weight, 6);
        Assert.Equal(18, split.All);
        Assert.Equal(99.2 + (3.2 * 4 / 10), Limit.Quantile(buckets, 0.5), 6);
        Assert.True(double.IsNaN(Limit.Quantile(new long[LatencyHistogram.Size], 0.5)));
    }

    private static string Text(Tally tally) =>
        $"{tally.Requests} requests, {tally.Failed} failed, {tally.Incidents} incidents, {tally.Latency.Counts.Sum()} latencies";

    private static RouterView View(params PartTraffic[] traffic) =>
        new("1", Routing.None(new("shop", "production")), new Dictionary<string, int>(), traffic, TrafficCounts.Zero);

    private static PartTraffic Traffic(Part part, long requests, long failed, long incidents, int window = 1)
    {
        var counts = new TrafficCounts(requests, failed, 0, 0, 0);
        return new(part, counts, [], new([0, 0, requests]), counts) { Incidents = incidents, Window = window };
    }
}
