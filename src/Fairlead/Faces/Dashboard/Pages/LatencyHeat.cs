using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Engine.Operations;
using Fairlead.Faces.Dashboard.Charts;

namespace Fairlead.Faces.Dashboard.Pages;

/// <summary>How many requests were how slow, when: what a percentile hides, such as two humps.</summary>
internal static class LatencyHeat
{
    private const int ColumnsMax = 60;
    private const string Last = "30m";

    /// <summary>Null where nothing was measured, or the viewer may not see it.</summary>
    /// <param name="scope">Labels of the site, as PromQL writes them.</param>
    public static async Task<Picture?> AskAsync(
        Asking asking,
        string scope,
        IReadOnlyList<Drawing.Mark> marks,
        CancellationToken stop
    )
    {
        var answer = await asking.TryAsync<QueryMetrics.Output>(
            QueryMetrics.Operation,
            new JsonObject
            {
                ["query"] = $"sum by (le) (rate(fairlead_request_duration_seconds_bucket{{{scope}}}[1m]))",
                ["last"] = Last,
            },
            stop
        );
        var edges = (answer?.Series ?? [])
            .Select(static one => (Edge: EdgeOf(one), Points: Comparison.Points(one)))
            .OrderBy(static one => one.Edge)
            .ToList();
        return edges.Count < 2 ? null : Of(edges, marks);
    }

    private static double EdgeOf(QueryMetrics.Line line) =>
        LabelText.Read(line.Series).GetValueOrDefault("le") is { } text
        && double.TryParse(text, CultureInfo.InvariantCulture, out var edge)
            ? edge
            : double.PositiveInfinity;

    /// <param name="edges">What is at most so slow, of every time; sorted.</param>
    internal static Picture? Of(
        IReadOnlyList<(double Edge, IReadOnlyList<Drawing.Point> Points)> edges,
        IReadOnlyList<Drawing.Mark> marks
    )
    {
        var times = edges[^1].Points.Where(static one => one.Value > 0).Select(static one => one.At).ToList();
        if (times.Count < 2)
        {
            return null;
        }
        var every = (times.Count + ColumnsMax - 1) / ColumnsMax;
        var kept = times.Where((_, index) => index % every == 0).ToList();
        var below = edges
            .Select(static one =>
                one.Points.DistinctBy(static point => point.At)
                    .ToDictionary(static point => point.At, static point => point.Value)
            )
            .ToList();
        var columns = kept.Select(at => (IReadOnlyList<double>)[.. Parts(below, at)]).ToList();
        // Rows of which nothing is known at either end say nothing.
        var used = Enumerable.Range(0, edges.Count).Where(row => columns.Any(one => one[row] > 0.0005)).ToList();
        if (used.Count == 0)
        {
            return null;
        }
        var (first, count) = (used[0], used[^1] - used[0] + 1);
        var names = edges.Skip(first).Take(count).Select(NameOf(edges)).ToList();
        var latest = columns[^1];
        var most = Enumerable.Range(first, count).MaxBy(row => latest[row]);
        return new(
            "How slow requests are",
            $"Most requests take {Between(edges, most)} now; the slowest that came are {Between(edges, used[^1])}.",
            new(
                ["Takes", "Requests/s now", "Most in this time"],
                [
                    .. Enumerable
                        .Range(first, count)
                        .Select(row =>
                            (IReadOnlyList<string>)
                                [
                                    Between(edges, row),
                                    Figures.Brief(latest[row]),
                                    Figures.Brief(columns.Max(one => one[row])),
                                ]
                        ),
                ]
            ),
            new Drawing.Heat(
                names,
                [.. columns.Select(one => (IReadOnlyList<double>)[.. one.Skip(first).Take(count)])],
                kept[0],
                kept[^1],
                marks
            )
        );
    }

    private static IEnumerable<double> Parts(IReadOnlyList<Dictionary<DateTimeOffset, double>> below, DateTimeOffset at)
    {
        var before = 0.0;
        foreach (var one in below)
        {
            var value = one.GetValueOrDefault(at);
            value = double.IsFinite(value) ? value : before;
            yield return Math.Max(0, value - before);
            before = Math.Max(before, value);
        }
    }

    private static Func<(double Edge, IReadOnlyList<Drawing.Point> Points), string> NameOf(
        IReadOnlyList<(double Edge, IReadOnlyList<Drawing.Point> Points)> edges
    ) => one => double.IsFinite(one.Edge) ? $"≤ {Milliseconds(one.Edge)}" : $"> {Milliseconds(edges[^2].Edge)}";

    private static string Between(IReadOnlyList<(double Edge, IReadOnlyList<Drawing.Point> Points)> edges, int row) =>
        row == 0 ? $"at most {Milliseconds(edges[0].Edge)}"
        : double.IsFinite(edges[row].Edge) ? $"{Milliseconds(edges[row - 1].Edge)} to {Milliseconds(edges[row].Edge)}"
        : $"more than {Milliseconds(edges[row - 1].Edge)}";

    private static string Milliseconds(double seconds) =>
        seconds < 1 ? $"{Figures.Brief(seconds * 1000)} ms" : $"{Figures.Brief(seconds)} s";
}
