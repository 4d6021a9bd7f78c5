namespace Fairlead.Faces.Dashboard.Charts;

/// <summary>Who calls whom: columns from left to right, lines as wide as what passes along them.</summary>
public static class MapPicture
{
    private const double High = 46;
    private const double Gap = 20;

    public static string Draw(Drawing.Map map, string about, Canvas canvas)
    {
        var columns = map.Nodes.GroupBy(static one => one.Column).OrderBy(static one => one.Key).ToList();
        var most = columns.Select(static one => one.Count()).DefaultIfEmpty(1).Max();
        var height = most * (High + Gap) + Gap;
        var wide = Math.Min(190, (canvas.Width - 16) / Math.Max(1, columns.Count) - (canvas.IsSlim ? 16 : 50));
        var places = new Dictionary<string, (double X, double Y)>(StringComparer.Ordinal);
        foreach (var (column, index) in columns.Select(static (column, index) => (column, index)))
        {
            var x = columns.Count == 1 ? 8 : 8 + (canvas.Width - 16 - wide) * index / (columns.Count - 1);
            var free = (height - column.Count() * (High + Gap) + Gap) / 2;
            foreach (var (node, row) in column.Select(static (node, row) => (node, row)))
            {
                places[node.Name] = (x, free + row * (High + Gap));
            }
        }
        var svg = new Svg($"pic {canvas.Name}", canvas.Width, height, about);
        var heaviest = map.Links.Select(static one => one.Weight).DefaultIfEmpty(1).Max();
        foreach (var link in map.Links.Where(one => places.ContainsKey(one.From) && places.ContainsKey(one.To)))
        {
            var (from, to) = (places[link.From], places[link.To]);
            var width =
                link.Weight > heaviest * 0.6 ? "thick"
                : link.Weight > heaviest * 0.15 ? "mid"
                : "thin";
            svg.Line(
                $"link {width}{(link.ErrorPercent >= 1 ? " ill" : "")}",
                from.X + wide,
                from.Y + High / 2,
                to.X,
                to.Y + High / 2
            );
        }
        foreach (var node in map.Nodes)
        {
            var (x, y) = places[node.Name];
            svg.Rect(node.IsIll ? "box ill" : "box", (x, y, wide, High), $"{node.Name}: {node.Note}")
                .Text("lab", x + 10, y + 19, Cut(node.Name, wide))
                .Text("ax", x + 10, y + 36, Cut(node.Note, wide));
        }
        return svg.ToString();
    }

    private static string Cut(string words, double width)
    {
        var most = (int)((width - 16) / 7.2);
        return words.Length <= most ? words : $"{words[..Math.Max(1, most - 1)]}…";
    }
}
