using System.Globalization;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Watching.Vitals;

/// <summary>What vitals come to: the number that three of four views stay below, as Core Web Vitals are judged.</summary>
public static class VitalNumbers
{
    public const double Percentile = 75;

    /// <summary>Fewer views than this say nothing.</summary>
    public const int ViewsMin = 20;

    /// <summary>The number for a gate, from what a store says of a release; null when too few views are known to tell.</summary>
    public static double? P75(IEnumerable<VitalSummary> lines, VitalKind kind) =>
        Sum(lines).Sketches.GetValueOrDefault(kind) is { Count: >= ViewsMin } sketch
            ? sketch.Quantile(Percentile)
            : null;

    /// <summary>Lines put together; release, route and device are those of the first.</summary>
    public static VitalSummary Sum(IEnumerable<VitalSummary> lines)
    {
        var all = lines.ToList();
        return new(
            all.Count == 0 ? 0 : all[0].Release,
            all.Count == 0 ? "" : all[0].Route,
            all.Count == 0 ? Device.Desktop : all[0].Device,
            all.Sum(one => one.Views),
            all.Sum(one => one.Errors),
            all.SelectMany(one => one.Sketches)
                .GroupBy(one => one.Key)
                .ToDictionary(
                    one => one.Key,
                    one => one.Select(sketch => sketch.Value).Aggregate((left, right) => left + right)
                )
        );
    }

    /// <summary>Such as <c>1830 ms, good</c>; null when nothing was measured.</summary>
    public static string? Text(VitalSummary summary, VitalKind kind) =>
        summary.Sketches.GetValueOrDefault(kind)?.Quantile(Percentile) is { } value
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{(kind is VitalKind.Cls ? $"{value:0.###}" : $"{value:0} ms")}, {Grade(kind, value)}"
            )
            : null;

    /// <summary>By the limits of https://web.dev/articles/defining-core-web-vitals-thresholds.</summary>
    public static string Grade(VitalKind kind, double value)
    {
        var (good, poor) = kind switch
        {
            VitalKind.Lcp => (2500, 4000),
            VitalKind.Inp => (200, 500),
            VitalKind.Cls => (0.1, 0.25),
            VitalKind.Ttfb => (800, 1800),
            _ => (1800.0, 3000.0),
        };
        return value <= good ? "good"
            : value <= poor ? "fair"
            : "poor";
    }
}
