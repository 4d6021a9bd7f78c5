using System.Globalization;
using System.Net;
using System.Text;

namespace Fairlead.Engine.Reporting;

/// <summary>
/// Draws a graph as a file of SVG that needs nothing else: with its own colours, light and dark, no script and nothing from elsewhere. Pages of
/// the dashboard draw the same graph with their own styles. Pure.
/// </summary>
public static class GraphSvg
{
    private const double Width = 800;
    private const double Height = 240;
    private const double Left = 70;
    private const double Right = Width - 15;
    private const double Top = 45;
    private const double Bottom = Height - 30;
    private const int TicksWanted = 4;
    private const int MarksMax = 12;

    private const string Style =
        "svg{color-scheme:light dark;color:#1c2430;background:#fff;font:12px system-ui,sans-serif}"
        + "@media(prefers-color-scheme:dark){svg{color:#e6e9ee;background:#14181f}}"
        + "text{fill:currentColor}.g{stroke:currentColor;opacity:.15}.l{fill:none;stroke:#c8402f;stroke-width:2}"
        + ".m{stroke:currentColor;stroke-dasharray:4 3;opacity:.7}.d{fill:#c8402f}.t{font-weight:600;font-size:14px}";

    public static string Of(Graph graph)
    {
        var svg = new StringBuilder();
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{Safe(graph.Sentence)}\"><title>{Safe(graph.Title)}</title><desc>{Safe(graph.Sentence)}</desc><style>{Style}</style>"
        );
        svg.Append(CultureInfo.InvariantCulture, $"<text class=\"t\" x=\"{Left}\" y=\"16\">{Safe(graph.Title)}</text>");
        if (graph.Points.Any(static one => double.IsFinite(one.Value)))
        {
            Drawn(svg, graph);
        }
        else
        {
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<text x=\"{Left}\" y=\"{Height / 2}\">There are no numbers.</text>"
            );
        }
        return svg.Append("</svg>\n").ToString();
    }

    private static void Drawn(StringBuilder svg, Graph graph)
    {
        var (from, until) = (graph.Points[0].At, graph.Points[^1].At);
        var length = Math.Max(1, (until - from).TotalSeconds);
        var step = StepOf(graph.Points.Where(static one => double.IsFinite(one.Value)).Max(static one => one.Value));
        var most = step * TicksWanted;
        double X(DateTimeOffset at) => Left + (Right - Left) * Math.Clamp((at - from).TotalSeconds / length, 0, 1);
        double Y(double value) => Bottom - (Bottom - Top) * Math.Clamp(value / most, 0, 1);
        for (var tick = 0; tick <= TicksWanted; tick++)
        {
            var (y, word) = (Y(tick * step), Number(tick * step));
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<line class=\"g\" x1=\"{Left}\" x2=\"{Right}\" y1=\"{y:0.#}\" y2=\"{y:0.#}\"/><text x=\"{Left - 6}\" y=\"{y + 4:0.#}\" text-anchor=\"end\">{word}{Safe(graph.Unit)}</text>"
            );
        }
        var (isOut, place) = (true, 0);
        svg.Append("<path class=\"l\" d=\"");
        foreach (var point in graph.Points)
        {
            // Where nothing was measured there is no line.
            if (!double.IsFinite(point.Value))
            {
                isOut = true;
                continue;
            }
            svg.Append(
                CultureInfo.InvariantCulture,
                $"{(isOut ? 'M' : 'L')}{X(point.At):0.#} {Y(point.Value):0.#}{(isOut ? "h.1" : "")}"
            );
            isOut = false;
        }
        svg.Append("\"/>");
        foreach (var mark in graph.Marks.Where(one => one.At >= from && one.At <= until).Take(MarksMax))
        {
            var x = X(mark.At);
            var isLate = x > (Left + Right) / 2;
            // Neighbours stand above each other.
            var y = Top - 14 + 11 * (place++ % 3);
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<line class=\"m\" x1=\"{x:0.#}\" x2=\"{x:0.#}\" y1=\"{Top - 22}\" y2=\"{Bottom}\"/><text x=\"{(isLate ? x - 4 : x + 4):0.#}\" y=\"{y:0.#}\" text-anchor=\"{(isLate ? "end" : "start")}\">{Safe(mark.Name)}</text>"
            );
        }
        for (var tick = 0; tick <= 4; tick++)
        {
            var at = from + (until - from) * (tick / 4.0);
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<text x=\"{X(at):0.#}\" y=\"{Height - 10}\" text-anchor=\"{(tick == 0 ? "start" : tick == 4 ? "end" : "middle")}\">{Time(at, until - from)}</text>"
            );
        }
    }

    /// <summary>A round number of which four reach the highest.</summary>
    private static double StepOf(double most)
    {
        if (!(most > 0))
        {
            return 1;
        }
        var raw = most / TicksWanted;
        var magnitude = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        return magnitude
            * (
                (raw / magnitude) switch
                {
                    <= 1.0001 => 1,
                    <= 2.0001 => 2,
                    <= 5.0001 => 5,
                    _ => 10,
                }
            );
    }

    internal static string Number(double value) =>
        value == 0 ? "0"
        : Math.Abs(value) >= 100 ? value.ToString("#,0", CultureInfo.InvariantCulture)
        : Math.Abs(value) >= 1 ? value.ToString("0.##", CultureInfo.InvariantCulture)
        : value.ToString("0.####", CultureInfo.InvariantCulture);

    private static string Time(DateTimeOffset at, TimeSpan length) =>
        at.UtcDateTime.ToString(
            length < TimeSpan.FromMinutes(5) ? "HH:mm:ss"
                : length < TimeSpan.FromDays(2) ? "HH:mm"
                : "MMM d HH:mm",
            CultureInfo.InvariantCulture
        );

    // What XML forbids even encoded is left out.
    private static string Safe(string text) =>
        WebUtility.HtmlEncode(
            string.Concat(
                text.Where(static letter => !char.IsControl(letter) && letter is not '\ufffe' and not '\uffff')
            )
        );
}
