namespace Fairlead.Faces.Dashboard.Charts;

/// <summary>How many were how slow, when: a field is the darker the more there were, on a scale that grey keeps.</summary>
public static class HeatPicture
{
    /// <summary>How many shades there are beside none.</summary>
    public const int Shades = 6;

    private const double Top = 18;
    private const double High = 17;

    public static string Draw(Drawing.Heat heat, string about, Canvas canvas)
    {
        var left = Charts.Draw.LeftOf(heat.Rows);
        var axis = new TimeAxis(heat.From, heat.Until, left, canvas.Width - 8);
        var height = Top + High * heat.Rows.Count;
        var svg = new Svg($"pic {canvas.Name}", canvas.Width, height + 26, about);
        // On a phone two columns become one.
        var step = canvas.IsSlim ? 2 : 1;
        var columns = (heat.Columns.Count + step - 1) / step;
        var wide = (axis.Right - left) / Math.Max(1, columns);
        double Sum(int column, int row) =>
            heat.Columns.Skip(column * step).Take(step).Sum(one => row < one.Count ? one[row] : 0);
        var most = Enumerable
            .Range(0, columns)
            .SelectMany(column => Enumerable.Range(0, heat.Rows.Count).Select(row => Sum(column, row)))
            .DefaultIfEmpty(0)
            .Max();
        for (var row = 0; row < heat.Rows.Count; row++)
        {
            var y = height - High * (row + 1);
            svg.Text("ax", left - 8, y + 13, heat.Rows[row], "end");
            // Neighbours of one shade are one field: a page with thousands of them would be slow.
            for (var column = 0; column < columns; )
            {
                var shade = ShadeOf(Sum(column, row), most);
                var end = column + 1;
                while (end < columns && ShadeOf(Sum(end, row), most) == shade)
                {
                    end++;
                }
                if (shade > 0)
                {
                    svg.Rect(
                        $"heat heat-{shade}",
                        (left + wide * column, y + 1, Math.Max(1, wide * (end - column) - 1), High - 2)
                    );
                }
                column = end;
            }
        }
        LinesPicture.Marked(
            svg,
            axis,
            heat.Marks.Where(one => one.At >= heat.From && one.At <= heat.Until),
            (Top, height)
        );
        Charts.Draw.Times(svg, axis, height + 18, canvas);
        return svg.ToString();
    }

    // By the root, so that the few slow ones, which matter, do not vanish beside the many.
    private static int ShadeOf(double value, double most) =>
        value <= 0 || most <= 0 ? 0 : Math.Clamp((int)Math.Ceiling(Math.Sqrt(value / most) * Shades), 1, Shades);
}
