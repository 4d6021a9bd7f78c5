using Fairlead.Model.Releases;

namespace Fairlead.Engine.Judging;

/// <summary>Compares how often requests fail: gross failure from the first request on, everything else after the warm-up.</summary>
internal sealed class ErrorWatch
{
    /// <summary>What both sides depend on may hit the canary a little harder: so much of the baseline's own errors is nobody's fault.</summary>
    private const double RatioAllowed = 1.05;

    /// <summary>In the warm-up one request in twenty may fail before it is gross.</summary>
    private const double GrossMargin = 0.05;
    private const double FirstGuess = 0.002;

    private readonly Measurement gross;
    private readonly Measurement all;
    private readonly Level level = new(FirstGuess);

    public ErrorWatch(JudgeRules rules, double grossWeight, double weight, double gainMax)
    {
        var margin = rules.Errors.Value / 100;
        gross = new(grossWeight, new Claim(RatioAllowed, GrossMargin), null, gainMax);
        all = new(weight, new Claim(RatioAllowed, 0), new Claim(1, margin, IsReversed: true), gainMax);
    }

    public Measurement Gross => gross;

    public Measurement All => all;

    public void Take(Block block, bool isWarm)
    {
        var canary = Divide(block.Canary);
        var baseline = Divide(block.Baseline);
        (isWarm ? all : gross).Play(canary, canary, baseline, level);
        level.Learn(baseline);
    }

    private static Split Divide(Tally tally) => new(tally.Incidents, Math.Max(0, tally.Requests - tally.Incidents));
}
