namespace Fairlead.Faces.Dashboard.Charts;

/// <summary>What ran when, one below the other, on one axis that begins at 0. The chain that made it as long as it was has an edge, so it is seen in grey as well.</summary>
public static class SpansPicture
{
    private const double Top = 6;

    public static string Draw(Drawing.Spans spans, string about, Canvas canvas)
    {
        // On a phone a name stands above its bar: beside it there would be no room for the bar.
        var (row, drop) = canvas.IsSlim ? (38.0, 18.0) : (26.0, 4.0);
        var left = canvas.IsSlim ? 4 : Math.Min(300, Charts.Draw.LeftOf(spans.All.Select(static one => one.Name)));
        var right = canvas.Width - 60;
        var end = Math.Max(0.001, spans.All.Select(static one => one.From + one.Length).DefaultIfEmpty(1).Max());
        var height = Top + row * spans.All.Count;
        var svg = new Svg($"pic {canvas.Name}", canvas.Width, height + 24, about);
        double X(double seconds) => left + (right - left) * seconds / end;
        foreach (var tick in Figures.Ticks(end, canvas.IsSlim ? 3 : 6).Where(one => one <= end * 1.001))
        {
            svg.Line("grid", X(tick), Top, X(tick), height)
                .Text("ax", X(tick), height + 16, TimeOf(tick), tick == 0 ? "start" : "middle");
        }
        foreach (var (one, index) in spans.All.Select(static (one, index) => (one, index)))
        {
            var y = Top + row * index;
            var (x, width) = (X(one.From), Math.Max(3, X(one.From + one.Length) - X(one.From)));
            svg.Text(
                one.IsCritical ? "ax strong" : "ax",
                canvas.IsSlim ? left : left - 10,
                y + (canvas.IsSlim ? 13 : 17),
                Cut(one.Name, canvas.IsSlim ? canvas.Width - 20 : left - 12),
                canvas.IsSlim ? "start" : "end"
            );
            svg.Rect(
                $"run {one.Tone}{(one.IsCritical ? " critical" : "")}",
                (x, y + drop, width, 16),
                $"{one.Name}: {TimeOf(one.Length)}, {one.Note}"
            );
            svg.Text("ax", x + width + 6, y + drop + 12, TimeOf(one.Length));
        }
        return svg.ToString();
    }

    internal static string TimeOf(double seconds) =>
        seconds == 0 ? "0"
        : seconds < 0.995 ? $"{Figures.Brief(seconds * 1000)} ms"
        : seconds < 60 ? $"{Figures.Brief(seconds)}s"
        : Figures.Time(TimeSpan.FromSeconds(seconds));

    internal static string Cut(string words, double width)
    {
        var most = (int)(width / 7.1);
        return words.Length <= most ? words : $"{words[..Math.Max(1, most - 1)]}…";
    }
}
