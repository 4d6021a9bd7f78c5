namespace Fairlead.Faces.Dashboard.Charts;

/// <summary>Draws pictures as SVG: the one place that knows every kind.</summary>
public static class Draw
{
    /// <param name="id">Unlike that of any other picture of the page.</param>
    public static string Of(Picture picture, Canvas canvas, string id) =>
        picture.Drawing switch
        {
            Drawing.Shares shares => SharesPicture.Draw(shares, picture.Sentence, canvas, $"{id}-{canvas.Name}"),
            Drawing.Lines lines => LinesPicture.Draw(lines, picture.Sentence, canvas),
            Drawing.Bars bars => BarsPicture.Draw(bars, picture.Sentence, canvas),
            Drawing.Odds odds => OddsPicture.Draw(odds, picture.Sentence, canvas),
            Drawing.Lanes lanes => LanesPicture.Draw(lanes, picture.Sentence, canvas),
            Drawing.Map map => MapPicture.Draw(map, picture.Sentence, canvas),
            Drawing.Spans spans => SpansPicture.Draw(spans, picture.Sentence, canvas),
            Drawing.Days days => DaysPicture.Draw(days, picture.Sentence, canvas),
            Drawing.Turns turns => TurnsPicture.Draw(turns, picture.Sentence, canvas),
            Drawing.Heat heat => HeatPicture.Draw(heat, picture.Sentence, canvas),
            Drawing.Tree tree => TreePicture.Draw(tree, picture.Sentence, canvas),
            _ => throw new System.Diagnostics.UnreachableException($"A drawing no one knows: {picture.Drawing}"),
        };

    /// <summary>Room for the words beside an axis.</summary>
    public static double LeftOf(IEnumerable<string> words) =>
        12 + 7.5 * words.Select(static one => one.Length).DefaultIfEmpty(0).Max();

    /// <summary>Times under a picture, of which none is cut at an end.</summary>
    public static void Times(Svg svg, TimeAxis axis, double y, Canvas canvas)
    {
        foreach (
            var (x, words) in axis.Ticks(
                canvas.IsSlim ? 4
                : canvas.Width < 600 ? 5
                : 8
            )
        )
        {
            var half = words.Length * 3.6;
            if (x - half < Math.Max(0, axis.Left - 20) || x + half > axis.Right + 8)
            {
                continue;
            }
            svg.Text("ax", x, y, words, "middle");
        }
    }
}
