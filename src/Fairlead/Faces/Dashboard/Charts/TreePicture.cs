namespace Fairlead.Faces.Dashboard.Charts;

/// <summary>Parts of a whole as fields of their size, the largest first.</summary>
public static class TreePicture
{
    private const double High = 240;
    private const int Tones = 4;

    public static string Draw(Drawing.Tree tree, string about, Canvas canvas)
    {
        var svg = new Svg($"pic {canvas.Name}", canvas.Width, High, about);
        var parts = tree.All.Where(static one => one.Amount > 0).OrderByDescending(static one => one.Amount).ToList();
        foreach (var (part, box) in parts.Zip(Boxes(parts, (0, 0, canvas.Width, High))))
        {
            var tone = Math.Abs(part.Group) % Tones;
            svg.Rect(
                $"leaf leaf-{tone}",
                (box.X + 1, box.Y + 1, box.Width - 2, box.Height - 2),
                $"{part.Name}: {part.Note}"
            );
            if (box.Width < 64 || box.Height < 24)
            {
                continue; // The table says it.
            }
            svg.Text("lab", box.X + 8, box.Y + 18, SpansPicture.Cut(part.Name, box.Width - 14));
            if (box.Height >= 42)
            {
                svg.Text("ax", box.X + 8, box.Y + 35, SpansPicture.Cut(part.Note, box.Width - 14));
            }
        }
        return svg.ToString();
    }

    /// <summary>Halves the parts by their amount, and the room along its longer side, until each has its own.</summary>
    internal static IReadOnlyList<(double X, double Y, double Width, double Height)> Boxes(
        IReadOnlyList<Drawing.Leaf> parts,
        (double X, double Y, double Width, double Height) room
    )
    {
        if (parts.Count <= 1)
        {
            return parts.Count == 0 ? [] : [room];
        }
        var all = parts.Sum(static one => one.Amount);
        var (count, first) = (1, parts[0].Amount);
        while (count < parts.Count - 1 && first + parts[count].Amount / 2 < all / 2)
        {
            first += parts[count++].Amount;
        }
        var ratio = first / all;
        var (one, other) =
            room.Width >= room.Height
                ? (
                    room with
                    {
                        Width = room.Width * ratio,
                    },
                    (room.X + room.Width * ratio, room.Y, room.Width * (1 - ratio), room.Height)
                )
                : (
                    room with
                    {
                        Height = room.Height * ratio,
                    },
                    (room.X, room.Y + room.Height * ratio, room.Width, room.Height * (1 - ratio))
                );
        return [.. Boxes([.. parts.Take(count)], one), .. Boxes([.. parts.Skip(count)], other)];
    }
}
