using CsCheck;
using Fairlead.Engine.Watching.Traces;
using static Fairlead.Tests.Watching.Traces.SpanSample;

namespace Fairlead.Tests.Watching.Traces;

public sealed class TailSamplerTests
{
    private static readonly SamplingPolicy Policy = new();

    [Fact]
    public void A_trace_is_decided_when_it_has_been_quiet_for_a_while()
    {
        var sampler = new TailSampler(Policy);
        sampler.Offer([Of(1, 1)], Noon);
        sampler.Offer([Of(1, 2, parent: 1)], Noon.AddSeconds(5));

        Assert.Empty(sampler.Due(Noon.AddSeconds(10)));
        var decided = Assert.Single(sampler.Due(Noon.AddSeconds(11)));
        Assert.Equal(("1 in 1", 2), (decided.Reason, decided.Spans.Count));
    }

    [Fact]
    public void A_trace_that_never_is_quiet_is_decided_in_the_end()
    {
        var sampler = new TailSampler(Policy);
        for (var second = 0; second <= 29; second++)
        {
            sampler.Offer([Of(1, (ulong)second + 1)], Noon.AddSeconds(second));
            Assert.Empty(sampler.Due(Noon.AddSeconds(second)));
        }
        Assert.Equal(30, Assert.Single(sampler.Due(Noon.AddSeconds(30))).Spans.Count);
    }

    [Fact]
    public void Errors_and_slow_traces_are_kept_however_many_others_there_are()
    {
        var sampler = new TailSampler(Policy);
        var now = Noon;
        var (reasons, ordinary) = (new Dictionary<string, int>(), 0);
        for (var i = 1UL; i <= 60_000; i++)
        {
            now = now.AddMilliseconds(2);
            var span =
                i % 500 == 0 ? Of(i, 1).Failed()
                : i % 500 == 1 ? Of(i, 1, to: 4_000)
                : Of(i, 1, to: 10 + (i % 7));
            ordinary += i % 500 > 1 ? 1 : 0;
            sampler.Offer([span with { Name = "GET /" }], now);
            Count(sampler.Due(now));
        }
        Count(sampler.Finish(now));

        Assert.Equal((120, 120), (reasons["error"], reasons["slow"]));
        var sampled = reasons.Where(one => one.Key.StartsWith("1 in ", StringComparison.Ordinal)).Sum(one => one.Value);
        // 500 a second, of which about 5 are wanted: between half and a few times as many over two minutes.
        Assert.InRange(sampled, 300, 2_400);
        Assert.InRange(sampler.Counts.OneIn, 64, 128);
        Assert.Equal(60_000 - 240 - sampled, sampler.Counts.SampledOut);

        void Count(IReadOnlyList<Decided> decided)
        {
            foreach (var one in decided)
            {
                reasons[one.Reason] = reasons.GetValueOrDefault(one.Reason) + 1;
            }
        }
    }

    [Fact]
    public void What_is_usual_for_a_route_is_not_slow()
    {
        var sampler = new TailSampler(Policy with { OrdinaryPerSecond = 0.000_001 });
        var now = Noon;
        var slow = new List<double>();
        // Always 3 s or so, as a long poll: slow at first, usual once it is known.
        for (var i = 1UL; i <= 1_000; i++)
        {
            now = now.AddSeconds(1);
            sampler.Offer([Of(i, 1, to: 3_000 + (i % 50)) with { Name = "poll" }], now);
            slow.AddRange(sampler.Due(now).Where(one => one.Reason == "slow").Select(_ => (now - Noon).TotalSeconds));
        }
        Assert.Equal(200, slow.Count);
        sampler.Offer([Of(5_000, 1, to: 9_000) with { Name = "poll" }], now);
        Assert.Contains(sampler.Finish(now), one => one is { Reason: "slow", Spans: [{ Trace.Low: 5_000 }] });
    }

    [Fact]
    public void Late_spans_follow_the_decision()
    {
        var sampler = new TailSampler(Policy with { OrdinaryPerSecond = 0.000_001 });
        var now = Noon;
        sampler.Offer([Of(1, 1).Failed()], now);
        // Enough others, so that ordinary ones are not kept.
        sampler.Offer([.. Enumerable.Range(2, 500).Select(i => Of((ulong)i, 1))], now);
        var first = sampler.Due(now.AddSeconds(7));
        var dropped = first.First(one => !one.IsKept).Trace.Low;

        sampler.Offer([Of(1, 2, parent: 1), Of(dropped, 2, parent: 1).Failed()], now.AddSeconds(8));

        var late = Assert.Single(sampler.Due(now.AddSeconds(8)));
        Assert.Equal((1UL, "error", true), (late.Trace.Low, late.Reason, late.IsLate));
        Assert.Equal(2, sampler.Counts.Late);
    }

    [Fact]
    public void An_outage_does_not_fill_the_disk()
    {
        var sampler = new TailSampler(Policy with { KeptSpansPerSecond = 10 });
        for (var i = 1UL; i <= 1_000; i++)
        {
            sampler.Offer([Of(i, 1).Failed()], Noon);
        }
        var kept = sampler.Due(Noon.AddSeconds(6)).Count(one => one.IsKept);
        Assert.Equal((100, 900), (kept, sampler.Counts.OverBudget));
    }

    [Fact]
    public void Memory_is_bounded_by_deciding_early()
    {
        var sampler = new TailSampler(Policy with { WaitingSpansMax = 100, TraceSpansMax = 20 });
        for (var i = 1UL; i <= 50; i++)
        {
            sampler.Offer([.. Enumerable.Range(1, 30).Select(id => Of(i, (ulong)id))], Noon);
            Assert.InRange(sampler.Counts.Waiting, 0, 100);
        }
        Assert.Equal((500, 45), (sampler.Counts.TooLong, sampler.Counts.DecidedEarly));
    }

    [Fact]
    public void What_nobody_comes_for_is_counted_as_lost()
    {
        var sampler = new TailSampler(Policy with { WaitingSpansMax = 10 });
        for (var i = 1UL; i <= 100; i++)
        {
            sampler.Offer([Of(i, 1).Failed()], Noon);
        }
        var handed = sampler.Finish(Noon).Sum(one => one.Spans.Count);
        Assert.Equal((10, 90), (handed, sampler.Counts.StoreFailed));
    }

    [Fact]
    public void No_span_vanishes_uncounted_whatever_the_order() =>
        Gen.Select(
                Gen.Int[1, 1_000_000],
                Gen.Select(Gen.ULong[1, 40], Gen.ULong[1, 9], Gen.Int[0, 9], Gen.Int[0, 4_000]).List[1, 400]
            )
            .Sample(
                (seed, moves) =>
                {
                    var sampler = new TailSampler(
                        new()
                        {
                            WaitingSpansMax = 1 + (seed % 60),
                            TraceSpansMax = 1 + (seed % 7),
                            KeptSpansPerSecond = 1 + (seed % 20),
                            RememberedMax = 1 + (seed % 30),
                            OrdinaryPerSecond = 0.1 * (1 + (seed % 10)),
                        }
                    );
                    var (now, handed) = (Noon, 0L);
                    foreach (var (trace, id, fault, pause) in moves)
                    {
                        now = now.AddMilliseconds(pause);
                        var span = Of(trace, id, to: pause);
                        sampler.Offer([fault == 0 ? span.Failed() : span], now);
                        handed += Kept(fault > 6 ? sampler.Due(now) : []);
                    }
                    handed += Kept(sampler.Finish(now));
                    var counts = sampler.Counts;
                    Assert.Equal(0, counts.Waiting);
                    Assert.Equal(counts.Kept, handed);
                    Assert.Equal(
                        counts.Seen,
                        counts.Kept + counts.SampledOut + counts.OverBudget + counts.TooLong + counts.StoreFailed
                    );
                },
                iter: 2_000
            );

    private static long Kept(IReadOnlyList<Decided> decided) =>
        decided.Where(one => one.IsKept).Sum(one => (long)one.Spans.Count);
}
