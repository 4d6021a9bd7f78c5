namespace Fairlead.Engine.Judging;

/// <summary>What the baseline's earlier blocks tell about the next: how often its requests are bad, and how much they clump.</summary>
/// <param name="first">A guess before there is any block.</param>
internal sealed class Level(double first)
{
    private const double Memory = 0.97;
    private const double FirstWeight = 50;
    private const double VarianceMin = 1e-9;

    // Until the baseline has shown how it fails, bad requests are taken to come in pairs.
    private const double FirstSquares = 8;
    private const double FirstVariance = 4;

    // What lasts for longer than a block shows in several together.
    private const int Span = 8;

    private double bad = first * FirstWeight;
    private double all = FirstWeight;
    private double squares = FirstSquares;
    private double variances = FirstVariance;
    private double spanRatios = Span;
    private int spans = Span;
    private double spanSurprise;
    private double spanVariance;
    private int inSpan;

    public double Chance => bad / all;

    /// <summary>The variance of counts against that of requests which fail each on their own.</summary>
    public double Clumping => Math.Max(1, Math.Max(squares / variances, spanRatios / spans));

    public void Learn(Split baseline)
    {
        if (baseline.All == 0)
        {
            return;
        }
        var expected = baseline.All * Chance;
        var variance = expected * (1 - Chance);
        var surprise = baseline.Sum - expected;
        squares += surprise * surprise;
        variances += variance;
        LearnSpan(surprise, variance);
        bad = (bad * Memory) + baseline.Sum;
        all = (all * Memory) + baseline.All;
    }

    private void LearnSpan(double surprise, double variance)
    {
        spanSurprise += surprise;
        spanVariance += variance;
        if (++inSpan < Span)
        {
            return;
        }
        spanRatios += spanSurprise * spanSurprise / Math.Max(VarianceMin, spanVariance);
        spans++;
        (spanSurprise, spanVariance, inSpan) = (0, 0, 0);
    }
}
