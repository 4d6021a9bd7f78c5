namespace Fairlead.Faces.Dashboard.Charts;

/// <summary>A field for each day. One in which something was not well is dark from its bottom on, at least so far that it is seen, so it is told from the others in grey as well.</summary>
public static class DaysPicture
{
    private const double High = 46;
    private const double LeastBad = 0.34;

    public static string Draw(Drawing.Days days, string about, Canvas canvas)
    {
        // On a phone only the last ones are drawn; the table has all.
        var shown = canvas.IsSlim ? days.All.TakeLast(45).ToList() : days.All;
        var svg = new Svg($"pic {canvas.Name}", canvas.Width, High + 26, about);
        var slot = canvas.Width / Math.Max(1, shown.Count);
        foreach (var (day, index) in shown.Select(static (day, index) => (day, index)))
        {
            var (x, width) = (slot * index, Math.Max(1, slot - 2));
            svg.Rect(day.Bad is null ? "day none" : "day up", (x, 4, width, High), $"{day.Name}: {day.Note}");
            if (day.Bad > 0)
            {
                var height = High * Math.Max(LeastBad, day.Bad.Value);
                svg.Rect("day bad", (x, 4 + High - height, width, height), $"{day.Name}: {day.Note}");
            }
        }
        if (shown.Count > 0)
        {
            svg.Text("ax", 0, High + 22, shown[0].Name).Text("ax", canvas.Width - 2, High + 22, shown[^1].Name, "end");
        }
        return svg.ToString();
    }
}
