using System.Text.Json;
using CsCheck;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Judging;
using Fairlead.Model.Releases;
using static Fairlead.Tests.Judging.EvidenceSample;

namespace Fairlead.Tests.Judging;

public sealed class SequentialJudgeTests
{
    private static readonly JudgeRules Rules = new();

    [Fact]
    public void A_canary_that_fails_more_often_is_taken_back_with_the_numbers_in_a_sentence() =>
        Assert.Equal(
            "Broken: 20 of 100 requests failed (20%) against 7 of 900 (0.78%) of api@41 within 5s; without harm it "
                + "looks this bad in at most 1 of 130 rollouts",
            Stopped(Drawn(600, failed: 0.2, median: 60))
        );

    [Fact]
    public void A_canary_that_is_slower_is_taken_back_with_the_numbers_in_a_sentence() =>
        Assert.Equal(
            "Broken: p50 is 71ms against 60ms of api@41 (+19%), p95 158ms against 140ms, from 580 and 5,220 requests within "
                + "29s; without harm it looks this bad in at most 1 of 240 rollouts",
            Stopped(Drawn(600, failed: 0.005, median: 69))
        );

    [Fact]
    public void Without_harm_for_long_enough_there_is_proof_of_none() =>
        Assert.Equal(
            "Holds: 34 of 5,800 requests failed (0.59%) against 285 of 52,200 (0.55%) of api@41, p95 142ms against 141ms; "
                + "more than +0.5 points of errors or +10% of p95 is excluded",
            Text(Judge.Rule(Of(Drawn(300, failed: 0.005, median: 60)), Rules))
        );

    [Fact]
    public void A_failure_of_what_both_depend_on_is_nobodys_harm()
    {
        var judgement = Judge.Rule(
            Of([
                .. Seconds(0, 60, Tally(20, 0, 60), Tally(180, 1, 60)),
                .. Seconds(60, 60, Tally(20, 10, 240), Tally(180, 90, 240)),
                .. Seconds(120, 60, Tally(20, 0, 60), Tally(180, 1, 60)),
            ]),
            Rules
        );

        Assert.NotEqual(Ruling.Broken, judgement.Ruling);
    }

    [Fact]
    public void One_burst_however_large_decides_nothing() =>
        Assert.NotEqual(
            Ruling.Broken,
            Judge
                .Rule(
                    Of([
                        .. Seconds(0, 60, Tally(200, 0, 60), Tally(1800, 0, 60)),
                        .. Seconds(60, 1, Tally(200, 200, 6000), Tally(1800, 0, 60)),
                        .. Seconds(61, 10, Tally(200, 0, 60), Tally(1800, 0, 60)),
                    ]),
                    Rules
                )
                .Ruling
        );

    [Fact]
    public void A_cold_start_is_not_judged_but_a_release_that_fails_all_along_is_stopped_in_it()
    {
        var cold = Seconds(0, 10, Tally(20, 2, 600), Tally(180, 0, 60)).ToList();
        var warm = Seconds(10, 100, Tally(20, 0, 60), Tally(180, 0, 60));
        var dead = Seconds(0, 10, Tally(20, 20), Tally(180, 0)).ToList();

        Assert.NotEqual(Ruling.Broken, Judge.Rule(Of([.. cold, .. warm]), Rules).Ruling);
        Assert.Equal(
            "Broken: 120 of 120 requests failed (100%) against 0 of 1,080 (0%) of api@41 within 6s",
            Text(Judge.Rule(Of(dead.Take(6)), Rules)).Split(';')[0]
        );
    }

    [Theory]
    [InlineData(0, 0, "Unknown: no request came to it")]
    [InlineData(20, 0, "Unknown: no request came to api@41 meanwhile, so there is nothing to compare with")]
    public void One_side_alone_says_nothing(int canary, int baseline, string expected)
    {
        var judgement = Judge.Rule(Of(Seconds(0, 60, Tally(canary, canary / 2), Tally(baseline))), Rules);

        Assert.Equal(expected, Text(judgement));
    }

    [Fact]
    public void Nothing_seen_is_unknown() =>
        Assert.Equal("Unknown: no request came to it", Text(Judge.Rule(Of(), Rules)));

    [Fact]
    public void A_small_but_certain_difference_is_no_harm() =>
        Assert.NotEqual(
            Ruling.Broken,
            Judge.Rule(Of(Seconds(0, 900, Tally(2_000, 6, 62), Tally(18_000, 18, 60))), Rules).Ruling
        );

    [Fact]
    public void Several_services_share_the_false_alarms()
    {
        var alone = BlocksUntilBroken(among: 1);

        Assert.InRange(BlocksUntilBroken(among: 50), alone + 1, 4 * alone);
    }

    [Fact]
    public void The_same_evidence_gives_the_same_verdict_also_block_by_block_and_from_what_was_stored() =>
        AnyEvidence.Sample(
            evidence =>
            {
                var judge = new SequentialJudge(evidence with { Blocks = [] }, Rules, among: 1);
                foreach (var block in evidence.Blocks)
                {
                    judge.Take(block);
                }
                var whole = Judge.Rule(evidence, Rules);
                var stored = JsonSerializer.Deserialize<Evidence>(
                    JsonSerializer.Serialize(evidence, Records.Json),
                    Records.Json
                )!;
                Assert.Equal(Shown(whole), Shown(judge.Rule()));
                Assert.Equal(Shown(whole), Shown(Judge.Rule(stored, Rules)));
            },
            iter: 300
        );

    [Fact]
    public void Whatever_comes_the_numbers_are_numbers() =>
        AnyEvidence.Sample(
            evidence =>
            {
                var judgement = Judge.Rule(evidence, Rules);
                Assert.All(
                    judgement.Measures,
                    measure =>
                    {
                        Assert.True(double.IsFinite(measure.Against) && measure.Against >= 0);
                        Assert.True(double.IsFinite(measure.For) && measure.For >= 0);
                        Assert.True(measure.Canary is null || double.IsFinite(measure.Canary.Value));
                    }
                );
                Assert.DoesNotContain("NaN", judgement.Reason, StringComparison.Ordinal);
                Assert.True(
                    judgement.Ruling != Ruling.Broken || evidence.Blocks.Count >= 3,
                    "less than three blocks decided"
                );
            },
            iter: 500
        );

    [Theory]
    [InlineData(0.003, 0.1)]
    [InlineData(0.05, 0.5)]
    [InlineData(0.4, 0.02)]
    public void Healthy_rollouts_are_hardly_ever_stopped_however_often_one_looks(double errors, double share)
    {
        const int Lives = 300;
        var stopped = 0;
        Parallel.For(
            0,
            Lives,
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount },
            life =>
            {
                var random = new Random(life);
                var judge = new SequentialJudge(Of(), Rules, among: 1);
                for (var second = 0; second < 240; second++)
                {
                    // Both drift together, and so does the traffic.
                    var chance = errors * (1 + (0.8 * Math.Sin((second + life) / 20.0)));
                    var requests = random.Next(20, 120);
                    var (mine, failedMine, failedTheirs) = (0, 0, 0);
                    for (var request = 0; request < requests; request++)
                    {
                        var isMine = random.NextDouble() < share;
                        var fails = random.NextDouble() < chance;
                        mine += isMine ? 1 : 0;
                        failedMine += isMine && fails ? 1 : 0;
                        failedTheirs += !isMine && fails ? 1 : 0;
                    }
                    judge.Take(
                        Seconds(second, 1, Tally(mine, failedMine), Tally(requests - mine, failedTheirs)).Single()
                    );
                    if (judge.Rule().Ruling == Ruling.Broken)
                    {
                        Interlocked.Increment(ref stopped);
                        break;
                    }
                }
            }
        );

        Assert.InRange(stopped, 0, Lives / 100 * 2); // 1 % is promised; of 300 lives more than twice as many would be an accident.
    }

    private static int BlocksUntilBroken(int among)
    {
        var blocks = Seconds(0, 300, Tally(20, 1), Tally(180, 1)).ToList();
        return Enumerable
            .Range(1, blocks.Count)
            .First(count => Judge.Rule(Of(blocks.Take(count)), Rules, among).Ruling == Ruling.Broken);
    }

    private static string Stopped(IEnumerable<Block> blocks)
    {
        var judge = new SequentialJudge(Of(), Rules, among: 1);
        foreach (var block in blocks)
        {
            judge.Take(block);
            if (judge.Rule() is { Ruling: Ruling.Broken } judgement)
            {
                return Text(judgement);
            }
        }
        return Text(judge.Rule());
    }

    private static string Text(Judgement judgement) => $"{judgement.Ruling}: {judgement.Reason}";

    private static string Shown(Judgement judgement) => JsonSerializer.Serialize(judgement, Records.Json);

    // Everything that counters could ever say, and more: bursts, silence, one side alone, numbers beyond any traffic.
    private static readonly Gen<long> AnyCount = Gen.OneOf(
        Gen.Const(0L),
        Gen.Long[0, 50],
        Gen.Long[0, 5_000],
        Gen.Long[0, 1_000_000_000_000]
    );
    private static readonly Gen<Tally> AnyTally =
        from requests in AnyCount
        from failed in AnyCount
        from incidents in AnyCount
        from first in Gen.Int[0, 360]
        from counts in AnyCount.List[0, 12]
        select new Tally(requests, Math.Min(failed, requests), Math.Min(incidents, requests), new(first, counts));
    private static readonly Gen<Evidence> AnyEvidence =
        from tallies in Gen.Select(AnyTally, AnyTally, Gen.Int[1, 40]).List[0, 40]
        select Of(Laid(tallies));

    private static IEnumerable<Block> Laid(IEnumerable<(Tally Canary, Tally Baseline, int Seconds)> tallies)
    {
        var at = Start;
        foreach (var (canary, baseline, seconds) in tallies)
        {
            yield return new(at, at.AddSeconds(seconds), canary, baseline);
            at = at.AddSeconds(seconds);
        }
    }
}
