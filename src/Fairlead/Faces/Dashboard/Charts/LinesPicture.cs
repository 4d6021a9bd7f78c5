namespace Fairlead.Faces.Dashboard.Charts;

/// <summary>Numbers over time, with the band in which the truth may lie, the limit, and the moments that matter.</summary>
public static class LinesPicture
{
    private const double Top = 18;
    private const double Plot = 150;
    private static readonly string[] Dashes = ["", " dash2", " dash3", " dash4"];

    public static string Draw(Drawing.Lines lines, string about, Canvas canvas)
    {
        var times = lines.All.SelectMany(static one => one.Points).Select(static one => one.At).ToList();
        var (from, until) = times.Count > 0 ? (times.Min(), times.Max()) : (default, default);
        var most = lines
            .All.SelectMany(static one => one.Points.Select(static point => point.Value))
            // A band is wide while little is known; it must not press flat what is.
            .Concat(lines.All.SelectMany(static one => one.High.TakeLast(1).Select(static high => high * 1.6)))
            .Append(lines.Limit * 1.15 ?? 0)
            .Where(double.IsFinite)
            .DefaultIfEmpty(1)
            .Max();
        var ticks = Figures.Ticks(most, 4);
        var words = ticks.Select(tick => Figures.Brief(tick) + lines.Unit).ToList();
        var axis = new TimeAxis(from, until, Charts.Draw.LeftOf(words), canvas.Width - 10);
        double Y(double value) => Top + Plot * (1 - Math.Clamp(value / ticks[^1], 0, 1));
        var svg = new Svg($"pic {canvas.Name}", canvas.Width, Top + Plot + 30, about);
        if (lines.Limit is { } limit)
        {
            svg.Rect("bad-zone", (axis.Left, Top, axis.Right - axis.Left, Y(limit) - Top));
        }
        foreach (var (tick, word) in ticks.Zip(words))
        {
            svg.Line("grid", axis.Left, Y(tick), axis.Right, Y(tick))
                .Text("ax", axis.Left - 8, Y(tick) + 4, word, "end");
        }
        foreach (var (line, index) in lines.All.Select(static (line, index) => (line, index)))
        {
            One(svg, axis, Y, line, index);
        }
        if (lines.Limit is { } bound)
        {
            svg.Line("limit", axis.Left, Y(bound), axis.Right, Y(bound));
        }
        svg.Plot(axis, Top, Top + Plot);
        Marked(svg, axis, lines.Marks.Where(one => one.At >= from && one.At <= until), (Top, Top + Plot));
        Charts.Draw.Times(svg, axis, Top + Plot + 20, canvas);
        return svg.ToString();
    }

    private static void One(Svg svg, TimeAxis axis, Func<double, double> y, Drawing.Line line, int index)
    {
        var tone = line.Tone == "other" ? $"tone-{index % 6}" : line.Tone;
        if (line.Low.Count == line.Points.Count && line.High.Count == line.Points.Count && line.Points.Count > 1)
        {
            var high = line.Points.Zip(line.High, (point, value) => (axis.X(point.At), y(value)));
            var low = line.Points.Zip(line.Low, (point, value) => (axis.X(point.At), y(value))).Reverse();
            svg.Path($"band-{tone}", [.. high, .. low], isClosed: true);
        }
        foreach (var piece in Pieces(line.Points))
        {
            var points = piece.Select(point => (axis.X(point.At), y(point.Value))).ToList();
            if (points is [var only])
            {
                svg.Circle($"dot-{tone}", only.Item1, only.Item2, 3);
                continue;
            }
            svg.Path($"line line-{tone}{(line.Tone == "other" ? Dashes[index / 6 % Dashes.Length] : "")}", points);
        }
        if (line.Points is [.., var last] && double.IsFinite(last.Value))
        {
            svg.Circle($"dot-{tone}", axis.X(last.At), y(last.Value), 4, $"{line.Name}: {Figures.Brief(last.Value)}");
        }
    }

    // Where nothing was measured there is no line.
    private static IEnumerable<List<Drawing.Point>> Pieces(IReadOnlyList<Drawing.Point> points)
    {
        var piece = new List<Drawing.Point>();
        foreach (var point in points)
        {
            if (double.IsFinite(point.Value))
            {
                piece.Add(point);
            }
            else if (piece.Count > 0)
            {
                yield return piece;
                piece = [];
            }
        }
        if (piece.Count > 0)
        {
            yield return piece;
        }
    }

    /// <summary>Moments with their names above, where there is room for them.</summary>
    internal static void Marked(
        Svg svg,
        TimeAxis axis,
        IEnumerable<Drawing.Mark> marks,
        (double From, double Until) plot
    )
    {
        var taken = new List<(double From, double Until)>();
        // The newest is named first: it is what people look for.
        foreach (var mark in marks.OrderByDescending(static one => one.At))
        {
            var x = axis.X(mark.At);
            var isLate = x > (axis.Left + axis.Right) / 2;
            svg.Line("moment", x, plot.From - 6, x, plot.Until);
            var width = mark.Name.Length * 7.6 + 8;
            var room = isLate ? (x - width, x) : (x, x + width);
            if (taken.All(one => one.Until < room.Item1 || one.From > room.Item2))
            {
                taken.Add(room);
                svg.Text("ax strong", isLate ? x - 5 : x + 5, plot.From - 6, mark.Name, isLate ? "end" : "start");
            }
        }
    }
}
