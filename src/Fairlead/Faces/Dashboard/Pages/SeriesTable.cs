using System.Globalization;
using Fairlead.Faces.Dashboard.Charts;

namespace Fairlead.Faces.Dashboard.Pages;

/// <summary>The table behind lines over time: a row for each time, a column for each line.</summary>
public static class SeriesTable
{
    /// <summary>Rows of a table that is read by people alone.</summary>
    private const int RowsUsual = 20;
    private const int ColumnsMax = 12;

    /// <param name="rowsMax">With more times than so many, only every second, third or so is shown, and the last.</param>
    public static Grid Of(IReadOnlyList<Drawing.Line> lines, string unit, int rowsMax = RowsUsual)
    {
        var shown = lines.Take(ColumnsMax).ToList();
        var times = shown.SelectMany(static one => one.Points).Select(static one => one.At).Distinct().Order().ToList();
        var every = Math.Max(1, (times.Count + rowsMax - 1) / rowsMax);
        var told = times.Where((_, index) => index % every == 0 || index == times.Count - 1).ToList();
        var values = shown
            .Select(static one =>
                one.Points.DistinctBy(static point => point.At)
                    .ToDictionary(static point => point.At, static point => point.Value)
            )
            .ToList();
        return new(
            ["Time (UTC)", .. shown.Select(static one => one.Name)],
            [
                .. told.Select(at =>
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
        )
        {
            Times = told,
        };
    }
}
