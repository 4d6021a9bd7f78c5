namespace Fairlead.Faces.Dashboard.Charts;

/// <summary>Amounts by time: a bar each, of which the grave part is dark and stands at the bottom.</summary>
public static class BarsPicture
{
    private const double Top = 18;
    private const double Plot = 110;

    public static string Draw(Drawing.Bars bars, string about, Canvas canvas)
    {
        var ticks = Figures.Ticks(bars.All.Select(static one => one.Amount).DefaultIfEmpty(0).Max(), 3);
        var words = ticks.Select(tick => Figures.Brief(tick) + bars.Unit).ToList();
        var left = Charts.Draw.LeftOf(words);
        var right = canvas.Width - 8;
        double Y(double value) => Top + Plot * (1 - Math.Clamp(value / ticks[^1], 0, 1));
        var svg = new Svg($"pic {canvas.Name}", canvas.Width, Top + Plot + 28, about);
        foreach (var (tick, word) in ticks.Zip(words))
        {
            svg.Line("grid", left, Y(tick), right, Y(tick)).Text("ax", left - 8, Y(tick) + 4, word, "end");
        }
        var slot = (right - left) / Math.Max(1, bars.All.Count);
        foreach (var (bar, index) in bars.All.Select(static (bar, index) => (bar, index)))
        {
            var (x, width) = (left + slot * index + slot * 0.1, slot * 0.8);
            var title = $"{bar.Name}: {Figures.Brief(bar.Amount)}{bars.Unit}";
            svg.Rect("bar", (x, Y(bar.Amount), width, Top + Plot - Y(bar.Amount)), title);
            if (bar.Grave > 0)
            {
                var height = Math.Max(3, Top + Plot - Y(bar.Grave));
                svg.Rect("bar-bad", (x, Top + Plot - height, width, height), title);
            }
        }
        foreach (var (at, name) in bars.Marks.Where(one => one.Bar >= 0 && one.Bar < bars.All.Count))
        {
            var x = left + slot * (at + 0.5);
            svg.Line("moment", x, Top - 6, x, Top + Plot)
                .Text(
                    "ax strong",
                    x > canvas.Width / 2 ? x - 5 : x + 5,
                    Top - 6,
                    name,
                    x > canvas.Width / 2 ? "end" : "start"
                );
        }
        Named(svg, bars.All, (left, right, slot), canvas);
        return svg.ToString();
    }

    private static void Named(
        Svg svg,
        IReadOnlyList<Drawing.Bar> all,
        (double Left, double Right, double Slot) room,
        Canvas canvas
    )
    {
        var longest = all.Select(static one => one.Name.Length).DefaultIfEmpty(1).Max();
        var every = Math.Max(1, (int)Math.Ceiling((longest * 7.4 + 14) / room.Slot));
        for (var index = 0; index < all.Count; index += every)
        {
            var x = room.Left + room.Slot * (index + 0.5);
            var half = all[index].Name.Length * 3.7;
            if (x + half <= canvas.Width && x - half >= 0)
            {
                svg.Text("ax", x, Top + Plot + 19, all[index].Name, "middle");
            }
        }
    }
}
