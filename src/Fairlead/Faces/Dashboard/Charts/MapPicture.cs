namespace Fairlead.Faces.Dashboard.Charts;

/// <summary>Who calls whom: columns from left to right, lines as wide as what passes along them.</summary>
public static class MapPicture
{
    private const double High = 46;
    private const double Gap = 20;

    public static string Draw(Drawing.Map map, string about, Canvas canvas)
    {
        var columns = Ordered(map);
        var most = columns.Select(static one => one.Count).DefaultIfEmpty(1).Max();
        var height = most * (High + Gap) + Gap;
        var wide = Math.Min(190, (canvas.Width - 16) / Math.Max(1, columns.Count) - (canvas.IsSlim ? 16 : 50));
        var places = new Dictionary<string, (double X, double Y)>(StringComparer.Ordinal);
        foreach (var (column, index) in columns.Select(static (column, index) => (column, index)))
        {
            var x = columns.Count == 1 ? 8 : 8 + (canvas.Width - 16 - wide) * index / (columns.Count - 1);
            var free = (height - column.Count * (High + Gap) + Gap) / 2;
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
            var kind = $"link {width}{(link.ErrorPercent >= 1 ? " ill" : "")}";
            var (y1, y2) = (from.Y + High / 2, to.Y + High / 2);
            if (to.X > from.X)
            {
                svg.Curve(kind, (from.X + wide, y1), (to.X, y2), bend: (to.X - from.X - wide) / 2);
            }
            else if (link.From != link.To)
            {
                // Back, or within a column: around the boxes, on a side where nothing else goes.
                var side = from.X + wide + 26 <= canvas.Width ? wide : 0;
                svg.Curve(kind, (from.X + side, y1), (to.X + side, y2), bend: side > 0 ? 30 : -30, isBack: true);
            }
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

    // In each column whoever is called by the upper ones stands up, so that fewer lines cross.
    private static List<List<Drawing.Node>> Ordered(Drawing.Map map)
    {
        var rows = new Dictionary<string, double>(StringComparer.Ordinal);
        var columns = new List<List<Drawing.Node>>();
        foreach (var column in map.Nodes.GroupBy(static one => one.Column).OrderBy(static one => one.Key))
        {
            var sorted = column
                .OrderBy(node =>
                    map.Links.Where(one => one.To == node.Name && rows.ContainsKey(one.From))
                        .Select(one => rows[one.From])
                        .DefaultIfEmpty(double.MaxValue)
                        .Average()
                )
                .ThenBy(static one => one.Name, StringComparer.Ordinal)
                .ToList();
            for (var row = 0; row < sorted.Count; row++)
            {
                rows[sorted[row].Name] = (row + 0.5) / sorted.Count;
            }
            columns.Add(sorted);
        }
        return columns;
    }

    private static string Cut(string words, double width)
    {
        var most = (int)((width - 16) / 7.2);
        return words.Length <= most ? words : $"{words[..Math.Max(1, most - 1)]}…";
    }
}
