using System.Globalization;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Judging;

/// <summary>Judgements in words.</summary>
internal static class Sentences
{
    private const double P95Quantile = 0.95;

    public static string Errors(Sums.Counts canary, Sums.Counts baseline, Part other) =>
        Text(
            $"{canary.Failed:N0} of {canary.Requests:N0} requests failed ({canary.FailedPercent:0.##}%) against {baseline.Failed:N0} of {baseline.Requests:N0} ({baseline.FailedPercent ?? 0:0.##}%) of {other}"
        );

    public static string Latency(double quantile, Sums seen, Part other)
    {
        var (canary, baseline) = (seen.CanaryQuantile(quantile), seen.BaselineQuantile(quantile));
        var more = quantile == P95Quantile ? "" : $", {P95(seen)}";
        return Text(
            $"p{quantile * 100:0} is {Time(canary)} against {Time(baseline)} of {other} (+{100 * ((canary / baseline) - 1):0}%){more}, from {seen.Canary.Requests:N0} and {seen.Baseline.Requests:N0} requests"
        );
    }

    public static string Peace(Sums seen, Part other, JudgeRules rules) =>
        $"{Errors(seen.Canary, seen.Baseline, other)}, {P95(seen)}; {Excluded(rules)} is excluded";

    public static string Unsure(Sums seen, Part other, JudgeRules rules) =>
        $"{Errors(seen.Canary, seen.Baseline, other)}, {P95(seen)}; that is too little to exclude {Excluded(rules)}";

    public static string Nothing(Sums seen, Part other, JudgeRules rules) =>
        seen.AllCanary.Requests == 0 ? "no request came to it"
        : seen.AllBaseline.Requests == 0 ? $"no request came to {other} meanwhile, so there is nothing to compare with"
        : Text(
            $"{seen.AllCanary.Requests:N0} requests came in the warm-up of {rules.WarmUp.Text}, and none that is judged"
        );

    /// <summary>A logarithm of odds as people write it: two digits that count.</summary>
    public static string Odds(double log)
    {
        if (log > Math.Log(1e9))
        {
            return "a billion";
        }
        var odds = Math.Exp(Math.Max(0, log));
        var step = Math.Pow(10, Math.Max(0, Math.Floor(Math.Log10(odds)) - 1));
        return Text($"{Math.Floor(odds / step) * step:N0}");
    }

    private static string Excluded(JudgeRules rules) =>
        Text($"more than {rules.Errors} of errors or +{rules.Latency} of p95");

    private static string P95(Sums seen) =>
        $"p95 {Time(seen.CanaryQuantile(P95Quantile))} against {Time(seen.BaselineQuantile(P95Quantile))}";

    private static string Time(double milliseconds) =>
        double.IsNaN(milliseconds) ? "unknown"
        : milliseconds < 10 ? Text($"{milliseconds:0.0}ms")
        : milliseconds < 10_000 ? Text($"{milliseconds:0}ms")
        : Text($"{milliseconds / 1000:0.0}s");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
