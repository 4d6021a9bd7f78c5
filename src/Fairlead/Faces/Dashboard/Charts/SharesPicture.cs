namespace Fairlead.Faces.Dashboard.Charts;

/// <summary>Traffic over time: what is being tried is hatched and has an edge, so it is told from the rest in grey as well.</summary>
public static class SharesPicture
{
    private const double Top = 12;
    private const double Plot = 168;

    public static string Draw(Drawing.Shares shares, string about, Canvas canvas, string id)
    {
        const double left = 44;
        var axis = new TimeAxis(shares.From, shares.Until, left, canvas.Width - 8);
        var svg = new Svg($"pic {canvas.Name}", canvas.Width, Top + Plot + 30, about).Hatch(id);
        var end = shares.Now ?? shares.Until;
        svg.Rect("future", (axis.X(end), Top, axis.Right - axis.X(end), Plot));
        foreach (var percent in (int[])[0, 25, 50, 75, 100])
        {
            svg.Text("ax", left - 8, Y(percent) + 4, $"{percent}%", "end");
        }
        var below = new List<(double X, double Y)>();
        foreach (var area in shares.Areas)
        {
            below = Area(svg, axis, (area, end), below, id);
        }
        foreach (var percent in (int[])[0, 25, 50, 75, 100])
        {
            svg.Line("grid", left, Y(percent), axis.Right, Y(percent));
        }
        if (shares.Planned.Count > 0)
        {
            svg.Path("planned", Stairs(axis, shares.Planned, shares.Until));
        }
        Names(svg, axis, shares, end);
        if (shares.Now is { } now)
        {
            var x = axis.X(now);
            svg.Line("now", x, Top - 4, x, Top + Plot);
            var isNearEnd = x > axis.Right - 40;
            svg.Text("nowt", isNearEnd ? x - 6 : x + 6, Top + 10, "now", isNearEnd ? "end" : "start");
        }
        Charts.Draw.Times(svg, axis, Top + Plot + 20, canvas);
        return svg.ToString();
    }

    private static double Y(double percent) => Top + Plot * (1 - Math.Clamp(percent, 0, 100) / 100);

    // Each area stands on the one before it.
    private static List<(double X, double Y)> Area(
        Svg svg,
        TimeAxis axis,
        (Drawing.Area Of, DateTimeOffset End) drawn,
        List<(double X, double Y)> below,
        string id
    )
    {
        var top = Stairs(axis, drawn.Of.Steps, drawn.End);
        if (top.Count == 0)
        {
            return below;
        }
        var bottom = below.Count > 0 ? Enumerable.Reverse(below).ToList() : [(top[^1].X, Y(0)), (top[0].X, Y(0))];
        List<(double X, double Y)> outline = [.. top, .. bottom];
        svg.Path($"fill-{drawn.Of.Tone}", outline, isClosed: true);
        if (drawn.Of.Tone == "canary")
        {
            svg.Hatched(id, outline);
            svg.Path("edge", top);
            foreach (var step in drawn.Of.Steps.Skip(1))
            {
                svg.Circle("mark", axis.X(step.At), Y(step.Value), 5, $"{step.Value:0}%");
            }
        }
        return top;
    }

    private static List<(double X, double Y)> Stairs(
        TimeAxis axis,
        IReadOnlyList<Drawing.Point> steps,
        DateTimeOffset end
    )
    {
        var points = new List<(double X, double Y)>();
        foreach (var step in steps)
        {
            if (points.Count > 0)
            {
                points.Add((axis.X(step.At), points[^1].Y));
            }
            points.Add((axis.X(step.At), Y(step.Value)));
        }
        if (points.Count > 0)
        {
            points.Add((axis.X(end), points[^1].Y));
        }
        return points;
    }

    // A name stands where its area is high enough; else the sentence and the table say it.
    private static void Names(Svg svg, TimeAxis axis, Drawing.Shares shares, DateTimeOffset end)
    {
        var under = 0.0;
        foreach (var area in shares.Areas)
        {
            var top = area.Steps.Count > 0 ? area.Steps[^1].Value : 0;
            var lastFrom = area.Steps.Count > 0 ? axis.X(area.Steps[^1].At) : axis.Left;
            var first = area.Tone == "canary" ? lastFrom : axis.Left;
            var room = axis.X(end) - first;
            if ((top - under) * Plot / 100 >= 22 && room > area.Name.Length * 7.6 + 20)
            {
                svg.Text("lab", axis.X(end) - 10, (Y(top) + Y(under)) / 2 + 4, area.Name, "end");
            }
            under = top;
        }
    }
}
