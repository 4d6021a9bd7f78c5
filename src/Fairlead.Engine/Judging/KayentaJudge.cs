using System.Globalization;
using Fairlead.Model.Releases;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Judging;

/// <summary>
/// Judges as Spinnaker's Kayenta does with its defaults: once in five minutes, over everything so far, the Mann-Whitney test
/// on each metric's values minute by minute. It is here to be compared with, and for those who must explain a verdict to
/// people who know Kayenta's; it corrects neither for looking again nor for several metrics.
/// </summary>
internal static class KayentaJudge
{
    private const double Confidence = 0.98;
    private const double Tolerance = 0.25;
    private static readonly TimeSpan Every = 5.Minutes;
    private static readonly TimeSpan Bin = 1.Minutes;

    public static Judgement Rule(Evidence evidence)
    {
        var minutes = Minutes(evidence);
        var looked = (int)(evidence.Until.Subtract(evidence.Began) / Every) * (int)(Every / Bin);
        var seen = minutes.Take(looked).ToList();
        if (seen.Count == 0)
        {
            return new(Ruling.Unknown, $"it judges once in {Every.Text}, over whole minutes", []);
        }
        var (errors, slow) = (
            Classify("error rate", "%", seen, minute => minute.FailedPercent),
            Classify("p95", "ms", seen, minute => minute.P95)
        );
        if (errors.IsHigh is null && slow.IsHigh is null)
        {
            return new(Ruling.Unknown, "neither metric has values on both sides", []);
        }
        var high = new[] { errors, slow }.Where(one => one.IsHigh == true).ToList();
        return new(
            high.Count > 0 ? Ruling.Broken : Ruling.Holds,
            string.Join("; ", (high.Count > 0 ? high : [errors, slow]).Select(one => one.Words)),
            [errors.Measure, slow.Measure]
        )
        {
            HasSeen = true,
        };
    }

    private static Metric Classify(string name, string unit, List<Minute> minutes, Func<Side, double?> value)
    {
        var canary = minutes.Select(one => value(one.Canary)).OfType<double>().ToList();
        var baseline = minutes.Select(one => value(one.Baseline)).OfType<double>().ToList();
        var measure = new Measure(
            name,
            canary.Count == 0 ? null : canary.Average(),
            baseline.Count == 0 ? null : baseline.Average(),
            1,
            1
        );
        if (canary.Count == 0 || baseline.Count == 0)
        {
            return new(null, $"{name} has no values", measure);
        }
        var shift = canary.SequenceEqual(baseline) ? null : MannWhitney.Shift(canary, baseline, Confidence);
        return shift is null
            ? new(false, $"{name} is the same", measure)
            : new(
                shift.Low > Tolerance * Math.Abs(shift.Estimate),
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name} is {shift.Estimate:+0.##;-0.##}{unit} over {minutes.Count} minutes (98% sure of {shift.Low:+0.##;-0.##} to {shift.High:+0.##;-0.##})"
                ),
                measure
            );
    }

    private static List<Minute> Minutes(Evidence evidence)
    {
        var minutes = new List<Minute>();
        foreach (var block in evidence.Blocks)
        {
            // A block belongs to the minute in which it ended.
            var index = (int)((block.Ended - evidence.Began - TimeSpan.FromTicks(1)) / Bin);
            while (minutes.Count <= index)
            {
                minutes.Add(new(new(), new()));
            }
            minutes[Math.Max(0, index)].Canary.Take(block.Canary);
            minutes[Math.Max(0, index)].Baseline.Take(block.Baseline);
        }
        return minutes;
    }

    private sealed record Metric(bool? IsHigh, string Words, Measure Measure);

    private sealed record Minute(Side Canary, Side Baseline);

    private sealed class Side
    {
        private readonly long[] latency = new long[LatencyHistogram.Size];
        private long requests;
        private long failed;

        public double? FailedPercent => requests == 0 ? null : 100.0 * failed / requests;

        public double? P95 => Sums.Finite(Limit.Quantile(latency, 0.95));

        public void Take(Tally tally)
        {
            requests += tally.Requests;
            failed += tally.Failed;
            tally.Latency.AddTo(latency);
        }
    }
}
