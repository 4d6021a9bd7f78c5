namespace Fairlead.Faces.Dashboard.Charts;

/// <summary>What happened when, in lanes: marks where something happened, bars where something lasted.</summary>
public static class LanesPicture
{
    private const double Lane = 46;
    private const double Top = 8;

    public static string Draw(Drawing.Lanes lanes, string about, Canvas canvas)
    {
        var left = canvas.IsSlim ? 10 : Charts.Draw.LeftOf(lanes.Names);
        var axis = new TimeAxis(lanes.From, lanes.Until, left, canvas.Width - 14);
        var height = Top + Lane * lanes.Names.Count;
        var svg = new Svg($"pic {canvas.Name}", canvas.Width, height + 26, about);
        foreach (var (name, index) in lanes.Names.Select(static (name, index) => (name, index)))
        {
            var y = Top + Lane * index;
            svg.Line("grid", canvas.IsSlim ? 0 : left, y + Lane, canvas.Width, y + Lane);
            svg.Text(
                "ax strong",
                canvas.IsSlim ? 2 : left - 10,
                y + (canvas.IsSlim ? 12 : 28),
                name,
                canvas.IsSlim ? "start" : "end"
            );
        }
        foreach (var one in lanes.All)
        {
            var y = Top + Lane * one.Lane + 24;
            if (one.Until is { } until)
            {
                svg.Rect(
                    $"span {one.Tone}",
                    (axis.X(one.At), y - 7, Math.Max(4, axis.X(until) - axis.X(one.At)), 14),
                    one.Name
                );
            }
            else
            {
                svg.Circle($"spot {one.Tone}", axis.X(one.At), y, 6, one.Name);
            }
        }
        Charts.Draw.Times(svg, axis, height + 18, canvas);
        return svg.ToString();
    }
}
