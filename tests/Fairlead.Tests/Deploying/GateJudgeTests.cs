using Fairlead.Engine.Deploying.Gates;
using Fairlead.Model.Releases;
using Fairlead.Model.Telemetry;
using Fairlead.Tests.Deploying.Simulation;

namespace Fairlead.Tests.Deploying;

public sealed class GateJudgeTests
{
    private static readonly Gate Errors = new Gate.ErrorRate(1);
    private static readonly Gate P95 = new Gate.Latency(95, 300.Milliseconds);

    [Theory]
    [InlineData(9, 2, false, "Unknown: only 9 requests came, 10 are needed to tell")]
    [InlineData(7, 3, false, "Broken: 3 of 7 requests failed (42.86%), more than chance explains")]
    [InlineData(10, 3, false, "Broken: 3 of 10 requests failed (30%), more than chance explains")]
    [InlineData(100, 2, false, "Holds: 2 of 100 requests failed (2%)")]
    [InlineData(100, 2, true, "Broken: 2 of 100 requests failed (2%)")]
    [InlineData(20, 1, true, "Unknown: 1 of 20 requests failed (5%), too few to tell from chance")]
    [InlineData(1000, 10, true, "Holds: 10 of 1000 requests failed (1%)")]
    public void An_error_rate_is_ruled_by_what_the_numbers_can_carry(int all, int bad, bool isFinal, string expected) =>
        Assert.Equal(expected, Text(GateJudge.Rule(Errors, Traffic(all, bad), null, isFinal)));

    [Fact]
    public void A_quantile_below_a_limit_means_few_enough_requests_above_it()
    {
        var slow = Traffic(100, 0, [(100, 80), (500, 20)]);
        var quick = Traffic(100, 0, [(100, 97), (500, 3)]);

        Assert.Equal(
            "Broken: p95 is 512ms, limit 300ms: 20 of 100 requests were slower (20%), more than chance explains",
            Text(GateJudge.Rule(P95, slow, null, isFinal: false))
        );
        Assert.Equal(
            "Holds: p95 is 102ms, limit 300ms: 3 of 100 requests were slower (3%)",
            Text(GateJudge.Rule(P95, quick, null, isFinal: true)).Replace("102.4ms", "102ms", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Requests_that_the_edge_had_to_answer_count_as_failed() =>
        Assert.Equal(
            "Broken: 30 of 100 requests failed (30%), more than chance explains",
            Text(
                GateJudge.Rule(
                    Errors,
                    new(new("api", 2), new(100, 0, 30, 0, 0), [], LatencyHistogram.Empty, TrafficCounts.Zero),
                    null,
                    isFinal: false
                )
            )
        );

    [Fact]
    public void A_command_says_it_with_its_exit_code()
    {
        var gate = new Gate.Command(["./smoke.sh"], 5.Seconds);

        Assert.Equal("Unknown: it is running", Text(GateJudge.Rule(gate, null, new(null, null, []), isFinal: false)));
        Assert.Equal("Holds: it exited 0", Text(GateJudge.Rule(gate, null, new(0, null, []), isFinal: false)));
        Assert.Equal(
            "Broken: it exited 2: basket / is empty",
            Text(GateJudge.Rule(gate, null, new(2, null, ["basket", "is empty"]), isFinal: false))
        );
    }

    [Fact]
    public void Looking_at_a_healthy_part_over_and_over_hardly_ever_breaks_its_gate()
    {
        var random = new Random(1);
        var alarms = 0;
        for (var life = 0; life < 500; life++)
        {
            var bad = 0;
            for (var all = 1; all <= 1000; all++)
            {
                bad += random.NextDouble() < 0.005 ? 1 : 0;
                if (GateJudge.Rule(Errors, Traffic(all, bad), null, isFinal: false).Ruling == Ruling.Broken)
                {
                    alarms++;
                    break;
                }
            }
        }

        Assert.InRange(alarms, 0, 10); // 2 % of lives, with a look after every request.
    }

    private static string Text(Verdict verdict) => $"{verdict.Ruling}: {verdict.Reason}";

    private static PartTraffic Traffic(int all, int bad, (int Milliseconds, int Count)[]? latencies = null)
    {
        var buckets = new long[LatencyHistogram.Size];
        foreach (var (milliseconds, count) in latencies ?? [])
        {
            buckets[LatencyHistogram.Index(milliseconds.Milliseconds)] += count;
        }
        return new(new("api", 2), new(all, bad, 0, 0, 0), [], new(buckets), TrafficCounts.Zero);
    }
}
