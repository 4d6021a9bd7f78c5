namespace Fairlead.Engine.Judging;

/// <summary>What the baseline's earlier blocks tell about the next: how often its requests are bad, and how much they clump.</summary>
/// <param name="first">A guess before there is any block.</param>
internal sealed class Level(double first)
{
    private const double Memory = 0.97;
    private const double FirstWeight = 50;

    // Until the baseline has shown how it fails, bad requests are taken to come in pairs.
    private const double FirstClumping = 2;
    private const double ClumpingWeight = 4;
    private const int Span = 8;

    private double bad = first * FirstWeight;
    private double all = FirstWeight;
    private readonly Spread brief = new();
    private readonly Spread longer = new();
    private double pendingSurprise;
    private double pendingExpected;
    private int pending;

    public double Chance => bad / all;

    /// <summary>The variance of counts against that of requests which fail each on their own.</summary>
    public double Clumping => Math.Max(1, Math.Max(brief.Ratio, longer.Ratio));

    public void Learn(Split baseline)
    {
        if (baseline.All == 0)
        {
            return;
        }
        var expected = baseline.All * Chance;
        var variance = expected * (1 - Chance);
        var surprise = baseline.Sum - expected;
        brief.Add(surprise, variance);
        pendingSurprise += surprise;
        pendingExpected += variance;
        if (++pending == Span)
        {
            longer.Add(pendingSurprise, pendingExpected);
            (pendingSurprise, pendingExpected, pending) = (0, 0, 0);
        }
        bad = (bad * Memory) + baseline.Sum;
        all = (all * Memory) + baseline.All;
    }

    private sealed class Spread
    {
        private double squares = FirstClumping * ClumpingWeight;
        private double expected = ClumpingWeight;

        public double Ratio => squares / expected;

        public void Add(double surprise, double variance)
        {
            squares += surprise * surprise;
            expected += variance;
        }
    }
}
