using System.Globalization;
using Fairlead.Faces.Dashboard.Charts;

namespace Fairlead.Faces.Dashboard.Pages;

/// <summary>The table behind lines over time: a row for each time, a column for each line.</summary>
public static class SeriesTable
{
    private const int RowsMax = 20;
    private const int ColumnsMax = 12;

    public static Grid Of(IReadOnlyList<Drawing.Line> lines, string unit)
    {
        var shown = lines.Take(ColumnsMax).ToList();
        var times = shown.SelectMany(static one => one.Points).Select(static one => one.At).Distinct().Order().ToList();
        var every = Math.Max(1, (times.Count + RowsMax - 1) / RowsMax);
        var values = shown
            .Select(static one =>
                one.Points.DistinctBy(static point => point.At)
                    .ToDictionary(static point => point.At, static point => point.Value)
            )
            .ToList();
        return new(
            ["Time (UTC)", .. shown.Select(static one => one.Name)],
            [
                .. times
                    .Where((_, index) => index % every == 0 || index == times.Count - 1)
                    .Select(at =>
                        (IReadOnlyList<string>)
                            [
                                at.UtcDateTime.ToString("MMM d, HH:mm:ss", CultureInfo.InvariantCulture),
                                .. values.Select(one =>
                                    one.TryGetValue(at, out var value) && double.IsFinite(value)
                                        ? $"{Figures.Brief(value)}{unit}"
                                        : "–"
                                ),
                            ]
                    ),
            ]
        );
    }
}
