using Fairlead.Model.Releases;

namespace Fairlead.Engine.Judging;

/// <summary>
/// Compares how many requests take longer than a limit, which is the baseline's own quantile. The canary's limit is higher by
/// what is tolerated: "slower than 1.04 times what half of the baseline's requests stay below" is a claim about all
/// distributions of latency, whatever their shape, and one request of a minute counts no more than one of a second.
/// </summary>
internal sealed class LatencyWatch
{
    private const int LearnMin = 30;
    private const double Slack = 0.4; // Of the smallest slowness that matters, so much is none.
    private const double ToleranceMin = 1; // Milliseconds. A smaller difference is nobody's harm.

    private readonly double quantile;
    private readonly JudgeRules rules;
    private readonly Level level;
    private Limit baselineLimit;
    private Limit harmLimit;
    private Limit peaceLimit;
    private long learnAgain = LearnMin;
    private bool isReady;

    /// <param name="quantile">0.5 for the median.</param>
    /// <param name="provesPeace">Without harm at this quantile there is no harm.</param>
    public LatencyWatch(JudgeRules rules, double quantile, double weight, bool provesPeace, double gainMax)
    {
        this.rules = rules;
        this.quantile = quantile;
        level = new(1 - quantile);
        Measurement = new(weight, new Claim(1, 0), provesPeace ? new Claim(1, 0, IsReversed: true) : null, gainMax);
    }

    public double Quantile => quantile;

    public Measurement Measurement { get; }

    /// <param name="known">All of the baseline's latencies before this block.</param>
    public void Take(Block block, long[] known, long knownCount, bool isWarm)
    {
        if (knownCount >= learnAgain)
        {
            Learn(known);
            learnAgain = knownCount * 2;
        }
        if (!isReady)
        {
            return;
        }
        var baseline = block.Baseline.Latency.At(baselineLimit);
        if (isWarm)
        {
            var canary = block.Canary.Latency;
            Measurement.Play(canary.At(harmLimit), canary.At(peaceLimit), baseline, level);
        }
        level.Learn(baseline);
    }

    // Limits may only be learned from what is over: a limit that knew the block it divides would bend the odds.
    private void Learn(long[] known)
    {
        var limit = Limit.Quantile(known, quantile);
        if (!double.IsFinite(limit))
        {
            return;
        }
        isReady = true;
        baselineLimit = Limit.At(limit);
        harmLimit = Limit.At(Tolerated(limit, rules.Latency.Value * Slack, ToleranceMin * Slack));
        peaceLimit = Limit.At(Tolerated(limit, rules.Latency.Value, ToleranceMin));
    }

    /// <summary>Whether a difference between two quantiles is one that matters.</summary>
    public static bool Matters(JudgeRules rules, double canary, double baseline) =>
        canary >= Tolerated(baseline, rules.Latency.Value, ToleranceMin);

    private static double Tolerated(double limit, double percent, double least) =>
        Math.Max(limit * (1 + (percent / 100)), limit + least);
}
