using Fairlead.Model.Releases;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Judging;

/// <summary>
/// Judges evidence as it comes. It bets on harm, with a share of its capital on each measurement; while there is no harm, the
/// chance that the whole ever passes 1 / false alarms is below the false alarms, however often one looks.
/// </summary>
internal sealed class SequentialJudge
{
    /// <summary>Of so many harmful releases one may pass early.</summary>
    private const double WrongPasses = 0.05;

    /// <summary>Odds from which more time is asked for.</summary>
    private const double Doubt = 8;

    private const double GrossWeight = 0.1;
    private const double ErrorWeight = 0.47;
    private static readonly (double Quantile, double Weight, bool ProvesPeace)[] Quantiles =
    [
        (0.50, 0.14, false),
        (0.95, 0.17, true),
        (0.99, 0.12, false),
    ];

    // One burst, however large, is one piece of news: at least so many blocks must speak for harm.
    private const int BlocksMin = 3;

    private readonly JudgeRules rules;
    private readonly int among;
    private readonly Part baseline;
    private readonly DateTimeOffset warmUntil;
    private readonly ErrorWatch errors;
    private readonly LatencyWatch[] latencies;
    private readonly List<Block> blocks = [];
    private readonly Sums sums;
    private readonly long[] known = new long[LatencyHistogram.Size];
    private long knownCount;

    /// <param name="among">Services that are judged in the same deployment: they share the false alarms.</param>
    public SequentialJudge(Evidence evidence, JudgeRules rules, int among)
    {
        this.rules = rules;
        this.among = Math.Max(1, among);
        baseline = evidence.Baseline;
        warmUntil = evidence.Began + rules.WarmUp;
        sums = new(warmUntil, rules);
        var gainMax = LogLimit / BlocksMin;
        errors = new(rules, GrossWeight, ErrorWeight, gainMax);
        latencies =
        [
            .. Quantiles.Select(one => new LatencyWatch(rules, one.Quantile, one.Weight, one.ProvesPeace, gainMax)),
        ];
        foreach (var block in evidence.Blocks)
        {
            Take(block);
        }
    }

    private double LogLimit => Math.Log(among / rules.FalseAlarms.Part);

    /// <summary>The capital won by betting on harm, as a logarithm: what the false alarms are measured by.</summary>
    public double LogHarm => LogSum(Measurements.Select(one => one.LogHarm));

    private IEnumerable<Measurement> Measurements =>
        latencies.Select(one => one.Measurement).Prepend(errors.All).Prepend(errors.Gross);

    public void Take(Block block)
    {
        var isWarm = block.Began >= warmUntil;
        errors.Take(block, isWarm);
        foreach (var one in latencies)
        {
            one.Take(block, known, knownCount, isWarm);
        }
        block.Baseline.Latency.AddTo(known);
        foreach (var count in block.Baseline.Latency.Counts)
        {
            knownCount += count;
        }
        blocks.Add(block);
        sums.Take(block);
    }

    public Judgement Rule()
    {
        var logHarm = LogHarm;
        var isCertain = logHarm >= LogLimit;
        if (isCertain && Harm() is { } harm)
        {
            return harm;
        }
        var measures = MeasuresOf(sums);
        var hasSeen = sums.Canary.Requests > 0 && sums.Baseline.Requests > 0;
        if (!hasSeen)
        {
            return new(Ruling.Unknown, Sentences.Nothing(sums, baseline, rules), measures)
            {
                HasSeen = sums.AllCanary.Requests > 0 && sums.AllBaseline.Requests > 0,
            };
        }
        var isPeaceful =
            errors.All.IsPeaceful(WrongPasses) && latencies.All(one => one.Measurement.IsPeaceful(WrongPasses));
        return new(
            isPeaceful ? Ruling.Holds : Ruling.Unknown,
            isPeaceful ? Sentences.Peace(sums, baseline, rules) : Sentences.Unsure(sums, baseline, rules),
            measures
        )
        {
            HasSeen = true,
            IsInDoubt = logHarm >= Math.Log(Doubt),
        };
    }

    // The odds say that there is harm; whether it is large enough to matter is asked of what was seen, in all of it and in its last quarter.
    private Judgement? Harm()
    {
        var late = Sums.Of(blocks.Skip(blocks.Count * 3 / 4), warmUntil, rules);
        foreach (var seen in new[] { sums, late })
        {
            var worse = new List<(Measurement Of, TimeSpan For, string Words)>();
            if (seen.ErrorsMatter)
            {
                worse.Add((errors.All, seen.For, Sentences.Errors(seen.Canary, seen.Baseline, baseline)));
            }
            worse.AddRange(
                latencies
                    .Where(one => seen.Matters(one.Quantile))
                    .Select(one => (one.Measurement, seen.For, Sentences.Latency(one.Quantile, seen, baseline)))
            );
            if (seen.GrossMatters)
            {
                worse.Add((errors.Gross, seen.AllFor, Sentences.Errors(seen.AllCanary, seen.AllBaseline, baseline)));
            }
            var logHarm = LogSum(worse.Select(one => one.Of.LogHarm));
            if (worse.Count > 0 && logHarm >= LogLimit)
            {
                var worst = worse.MaxBy(one => one.Of.LogHarm);
                return new(
                    Ruling.Broken,
                    $"{worst.Words} within {worst.For.Text}; without harm it looks this bad in at most 1 of {Sentences.Odds(logHarm - Math.Log(among))} rollouts",
                    MeasuresOf(seen)
                );
            }
        }
        return null;
    }

    private List<Measure> MeasuresOf(Sums sums) =>
        [
            new("errors", sums.Canary.FailedPercent, sums.Baseline.FailedPercent, errors.All.Against, errors.All.For),
            .. errors.Gross.Against > 1
                ? new[]
                {
                    new Measure(
                        "errors in the warm-up",
                        sums.AllCanary.FailedPercent,
                        sums.AllBaseline.FailedPercent,
                        errors.Gross.Against,
                        1
                    ),
                }
                : [],
            .. latencies.Select(one => new Measure(
                $"p{one.Quantile * 100:0}",
                Sums.Finite(sums.CanaryQuantile(one.Quantile)),
                Sums.Finite(sums.BaselineQuantile(one.Quantile)),
                one.Measurement.Against,
                one.Measurement.For
            )),
        ];

    private static double LogSum(IEnumerable<double> logs)
    {
        var all = logs.ToList();
        if (all.Count == 0)
        {
            return double.NegativeInfinity;
        }
        var most = all.Max();
        return double.IsNegativeInfinity(most) ? most : most + Math.Log(all.Sum(one => Math.Exp(one - most)));
    }
}
