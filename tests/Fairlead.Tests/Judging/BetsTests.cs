using Fairlead.Engine.Judging;

namespace Fairlead.Tests.Judging;

public sealed class BetsTests
{
    private const int Lives = 2_000;

    [Theory]
    [InlineData(0.001, 0.1, 1, 0)]
    [InlineData(0.01, 0.5, 1, 0)]
    [InlineData(0.5, 0.1, 1, 0)]
    [InlineData(0.02, 0.2, 1.2, 0)]
    [InlineData(0.01, 0.1, 1, 0.2)]
    public void At_the_very_edge_of_the_claim_a_hundredfold_comes_to_less_than_one_in_a_hundred(
        double chance,
        double share,
        double ratio,
        double margin
    ) => Assert.InRange(Winners(new Claim(ratio, margin), chance, (chance * ratio) + margin, share), 0, Lives / 100);

    [Fact]
    public void The_same_holds_for_the_claim_of_harm() =>
        Assert.InRange(Winners(new Claim(1, 0.005, IsReversed: true), 0.005, 0.01, 0.1), 0, Lives / 100);

    [Fact]
    public void On_average_nobody_wins()
    {
        var random = new Random(3);
        var sum = 0.0;
        for (var life = 0; life < 20_000; life++)
        {
            var bets = new Bets(new Claim(1, 0), gainMax: 100);
            for (var block = 0; block < 4; block++)
            {
                bets.Play(Draw(random, 10, 0.1), Draw(random, 40, 0.1), level: 0.05, clumping: 1);
            }
            sum += Math.Exp(bets.LogCapital);
        }

        Assert.InRange(sum / 20_000, 0.2, 1.05);
    }

    [Fact]
    public void A_false_claim_is_found_out_and_the_sooner_the_falser_it_is()
    {
        var (gross, subtle) = (BlocksToWin(0.2), BlocksToWin(0.02));

        Assert.InRange(gross, 3, 12);
        Assert.InRange(subtle, gross + 1, 400);
    }

    [Fact]
    public void A_long_healthy_life_does_not_use_up_what_finds_harm_later()
    {
        var random = new Random(5);
        var bets = new Bets(new Claim(1, 0), Math.Log(100) / 3);
        for (var block = 0; block < 2_000; block++)
        {
            bets.Play(Draw(random, 20, 0.005), Draw(random, 180, 0.005), 0.005, clumping: 1);
        }
        var blocks = 0;
        for (; bets.LogCapital < Math.Log(100); blocks++)
        {
            bets.Play(Draw(random, 20, 0.2), Draw(random, 180, 0.005), 0.005, clumping: 1);
        }

        Assert.InRange(blocks, 3, 30);
    }

    [Fact]
    public void Numbers_beyond_all_traffic_stay_numbers()
    {
        var bets = new Bets(new Claim(1, 0), Math.Log(100) / 3);
        bets.Play(new(0, 1_000_000_000_000), new(1_000_000_000_000, 0), 1e-12, clumping: 1);
        bets.Play(new(1_000_000_000_000, 0), new(0, 1), 1, clumping: 1);
        bets.Play(new(1, 0), new(0, 1_000_000_000_000), 0, clumping: 1e9);

        Assert.True(double.IsFinite(bets.LogCapital));
    }

    private static int Winners(Claim claim, double baseline, double canary, double share)
    {
        var winners = 0;
        Parallel.For(
            0,
            Lives,
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount },
            life =>
            {
                var random = new Random(life);
                var bets = new Bets(claim, Math.Log(100) / 3);
                var level = new Level(0.01);
                for (var block = 0; block < 100; block++)
                {
                    var requests = random.Next(5, 100);
                    var mine = (int)Math.Round(requests * share);
                    var theirs = Draw(random, requests - mine, baseline);
                    bets.Play(Draw(random, mine, canary), theirs, level.Chance, level.Clumping);
                    level.Learn(theirs);
                    if (bets.LogCapital >= Math.Log(100))
                    {
                        Interlocked.Increment(ref winners);
                        break;
                    }
                }
            }
        );
        return winners;
    }

    private static int BlocksToWin(double canary)
    {
        var random = new Random(1);
        var bets = new Bets(new Claim(1, 0), Math.Log(100) / 3);
        var blocks = 0;
        for (; bets.LogCapital < Math.Log(100) && blocks < 1_000; blocks++)
        {
            bets.Play(Draw(random, 20, canary), Draw(random, 180, 0.005), 0.005, clumping: 1);
        }
        return blocks;
    }

    private static Split Draw(Random random, int requests, double chance)
    {
        var bad = 0;
        for (var request = 0; request < requests; request++)
        {
            bad += random.NextDouble() < chance ? 1 : 0;
        }
        return new(bad, requests - bad);
    }
}
