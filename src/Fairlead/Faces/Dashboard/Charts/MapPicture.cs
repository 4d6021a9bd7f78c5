namespace Fairlead.Faces.Dashboard.Charts;

/// <summary>Who calls whom: columns from left to right, lines as wide as what passes along them.</summary>
public static class MapPicture
{
    private const double High = 46;
    private const double Gap = 20;

    // On a phone there is room for four names beside each other.
    private const int SlimMax = 4;

    private sealed record Layout(IReadOnlyDictionary<string, (double X, double Y)> Places, double Wide, double Height);

    public static string Draw(Drawing.Map map, string about, Canvas canvas)
    {
        var layout = canvas.IsSlim ? Downwards(Ordered(map), canvas) : Rightwards(Ordered(map), canvas);
        var svg = new Svg($"pic {canvas.Name}", canvas.Width, layout.Height, about);
        var heaviest = map.Links.Select(static one => one.Weight).DefaultIfEmpty(1).Max();
        // Where all are the same, their width says nothing.
        var areAlike = map.Links.Select(static one => one.Weight).Distinct().Count() < 2;
        foreach (var link in map.Links)
        {
            if (layout.Places.TryGetValue(link.From, out var from) && layout.Places.TryGetValue(link.To, out var to))
            {
                var width =
                    areAlike ? "thin"
                    : link.Weight > heaviest * 0.6 ? "thick"
                    : link.Weight > heaviest * 0.15 ? "mid"
                    : "thin";
                var kind = $"link {width}{(link.ErrorPercent >= 1 ? " ill" : "")}";
                Connect(svg, kind, (from, to), layout.Wide, canvas);
            }
        }
        foreach (var node in map.Nodes)
        {
            var (x, y) = layout.Places[node.Name];
            svg.Rect(node.IsIll ? "box ill" : "box", (x, y, layout.Wide, High), $"{node.Name}: {node.Note}")
                .Text("lab", x + 8, y + 19, Cut(node.Name, layout.Wide))
                .Text("ax", x + 8, y + 36, Cut(node.Note, layout.Wide));
        }
        return svg.ToString();
    }

    private static Layout Rightwards(List<List<Drawing.Node>> columns, Canvas canvas)
    {
        var most = columns.Select(static one => one.Count).DefaultIfEmpty(1).Max();
        var height = most * (High + Gap) + Gap;
        var wide = Math.Min(190, (canvas.Width - 16) / Math.Max(1, columns.Count) - 50);
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
        return new(places, wide, height);
    }

    private static Layout Downwards(List<List<Drawing.Node>> columns, Canvas canvas)
    {
        var rows = columns.SelectMany(static one => one.Chunk(SlimMax)).ToList();
        var wide = (canvas.Width - 8) / SlimMax - 8;
        var places = new Dictionary<string, (double X, double Y)>(StringComparer.Ordinal);
        for (var row = 0; row < rows.Count; row++)
        {
            var free = (canvas.Width - rows[row].Length * (wide + 8) + 8) / 2;
            foreach (var (node, index) in rows[row].Select(static (node, index) => (node, index)))
            {
                places[node.Name] = (free + index * (wide + 8), 4 + row * (High + Gap + 12));
            }
        }
        return new(places, wide, Math.Max(1, rows.Count) * (High + Gap + 12));
    }

    private static void Connect(
        Svg svg,
        string kind,
        ((double X, double Y) From, (double X, double Y) To) ends,
        double wide,
        Canvas canvas
    )
    {
        var (from, to) = ends;
        if (from == to)
        {
            return;
        }
        if (canvas.IsSlim && from.Y != to.Y)
        {
            var isDown = to.Y > from.Y;
            var (begin, end) = (isDown ? from.Y + High : from.Y, isDown ? to.Y : to.Y + High);
            svg.Fall(kind, (from.X + wide / 2, begin), (to.X + wide / 2, end));
        }
        else if (to.X > from.X && !canvas.IsSlim)
        {
            var bend = (to.X - from.X - wide) / 2;
            svg.Curve(kind, (from.X + wide, from.Y + High / 2), (to.X, to.Y + High / 2), bend);
        }
        else
        {
            // Back, or beside each other: around the boxes, on a side where nothing else goes.
            var side = from.X + wide + 26 <= canvas.Width ? wide : 0;
            svg.Curve(
                kind,
                (from.X + side, from.Y + High / 2),
                (to.X + side, to.Y + High / 2),
                bend: side > 0 ? 24 : -24,
                isBack: true
            );
        }
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
