namespace Fairlead.Faces.Dashboard.Charts;

/// <summary>
/// How strongly the evidence speaks: to the left for harm, to the right for none, on a scale on which each line is ten times stronger.
/// In the middle nothing can be told yet.
/// </summary>
public static class OddsPicture
{
    private const double Row = 44;
    private const double Decades = 3;

    public static string Draw(Drawing.Odds odds, string about, Canvas canvas)
    {
        var (left, right) = (14.0, canvas.Width - 14);
        var middle = (left + right) / 2;
        var height = 26 + Row * odds.All.Count;
        var svg = new Svg($"pic {canvas.Name}", canvas.Width, height + 22, about);
        svg.Rect("bad-zone", (left, 22, (middle - left) * (1 - Math.Log10(20) / Decades), height - 22))
            .Text("ax strong", left, 14, canvas.IsSlim ? "harm" : "speaks for harm")
            .Text("ax strong", right, 14, canvas.IsSlim ? "no harm" : "speaks for no harm", "end");
        for (var decade = -Decades; decade <= Decades; decade++)
        {
            var x = middle + (right - middle) * decade / Decades;
            svg.Line(decade == 0 ? "now" : "grid", x, 22, x, height);
            var word = decade == 0 ? "even" : $"{Math.Pow(10, Math.Abs(decade)):0}:1";
            svg.Text(
                "ax",
                x,
                height + 16,
                word,
                decade == -Decades ? "start"
                    : decade == Decades ? "end"
                    : "middle"
            );
        }
        foreach (var (one, index) in odds.All.Select(static (one, index) => (one, index)))
        {
            var y = 26 + Row * index;
            var (against, pro) = (Reach(one.Against) * (middle - left), Reach(one.For) * (right - middle));
            svg.Text("lab", left + 4, y + 12, one.Name);
            svg.Rect(
                "bar-bad",
                (middle - against, y + 18, against, 14),
                $"{one.Name}: {Figures.Brief(one.Against)} to 1 for harm"
            );
            svg.Rect("bar-good", (middle, y + 18, pro, 14), $"{one.Name}: {Figures.Brief(one.For)} to 1 for no harm");
        }
        return svg.ToString();
    }

    private static double Reach(double odds) => odds <= 1 ? 0 : Math.Min(1, Math.Log10(odds) / Decades);
}
