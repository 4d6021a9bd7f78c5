using System.Globalization;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Checking.Loads;

/// <summary>A limit that a load must stay below, such as <c>p99 &lt; 250ms</c> or <c>errors &lt; 1%</c>.</summary>
/// <param name="Measure">p50 to p99.99, mean, max, errors or dropped.</param>
/// <param name="Limit">In milliseconds, or in percent of all requests that were due.</param>
internal sealed record LoadThreshold(string Measure, double Limit)
{
    private bool IsShare => Measure is "errors" or "dropped";

    /// <summary>Null for anything else.</summary>
    public static LoadThreshold? TryParse(string text)
    {
        if (text.Split('<', StringSplitOptions.TrimEntries) is not [var measure, var limit])
        {
            return null;
        }
        if (measure is "errors" or "dropped")
        {
            return limit.EndsWith('%') && Number(limit[..^1]) is >= 0 and <= 100 and var percent
                ? new(measure, percent)
                : null;
        }
        return
            (measure is "mean" or "max" || Percentile(measure) is not null)
            && Units.TryParseDuration(limit) is { } time
            && time > TimeSpan.Zero
            ? new(measure, time.TotalMilliseconds)
            : null;
    }

    /// <summary>What was measured, and whether it is below. Where nothing was answered, no latency is.</summary>
    public (string Measured, bool Holds) Judge(LoadReport report)
    {
        if (IsShare)
        {
            var due = report.Sent + report.NotSent;
            var share =
                due == 0 ? 100 : (Measure == "dropped" ? report.NotSent : report.Lost + report.NotSent) * 100.0 / due;
            // 'errors < 0%' asks for none at all.
            return (Text(share, "%"), share < Limit || (share == 0 && Limit == 0));
        }
        var time = Measure switch
        {
            "mean" => report.Latency.Mean,
            "max" => report.Latency.Max,
            _ => report.Latency.Quantile(Percentile(Measure)!.Value), // Else it would not have been read.
        };
        return report.Latency.Count == 0
            ? ("nothing", false)
            : (Text(time.TotalMilliseconds, " ms"), time.TotalMilliseconds < Limit);
    }

    public override string ToString() =>
        $"{Measure} < {(IsShare ? Text(Limit, "%") : TimeSpan.FromMilliseconds(Limit).Text)}";

    private static string Text(double number, string unit) =>
        string.Create(CultureInfo.InvariantCulture, $"{number:0.##}{unit}");

    private static double? Percentile(string measure) =>
        measure.StartsWith('p') && Number(measure[1..]) is > 0 and < 100 and var percentile ? percentile : null;

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
