namespace Fairlead.Faces.Dashboard.Charts;

/// <summary>Whose turn it is when: a line for each schedule, a field for each turn with its name in it; where there is nobody it is open.</summary>
public static class TurnsPicture
{
    private const double Row = 44;
    private const double Top = 8;
    private const int Tones = 4;

    public static string Draw(Drawing.Turns turns, string about, Canvas canvas)
    {
        var left = canvas.IsSlim ? 4 : Charts.Draw.LeftOf(turns.Names);
        var row = canvas.IsSlim ? Row + 16 : Row;
        var axis = new TimeAxis(turns.From, turns.Until, left, canvas.Width - 8);
        var height = Top + row * turns.Names.Count;
        var svg = new Svg($"pic {canvas.Name}", canvas.Width, height + 26, about);
        foreach (var (name, index) in turns.Names.Select(static (name, index) => (name, index)))
        {
            var y = Top + row * index + (canvas.IsSlim ? 14 : 24);
            svg.Text("ax strong", canvas.IsSlim ? left : left - 10, y, name, canvas.IsSlim ? "start" : "end");
        }
        foreach (var one in turns.All)
        {
            var y = Top + row * one.Row + (canvas.IsSlim ? 20 : 6);
            var (x, width) = (axis.X(one.From), Math.Max(2, axis.X(one.Until) - axis.X(one.From)));
            var tone = one.Tone < 0 ? "turn nobody" : $"turn turn-{one.Tone % Tones}";
            svg.Rect(
                tone,
                (x, y, width - 1, Row - 14),
                $"{one.Name}: {one.From:MMM d HH:mm} to {one.Until:MMM d HH:mm} UTC"
            );
            if (width > one.Name.Length * 7.4 + 10)
            {
                svg.Text("lab", x + 6, y + 20, one.Name);
            }
        }
        Charts.Draw.Times(svg, axis, height + 18, canvas);
        return svg.ToString();
    }
}
