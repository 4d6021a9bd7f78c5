using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;

namespace Fairlead.Faces.Dashboard.Charts;

/// <summary>Writes SVG. Every text and attribute is encoded here; styles are classes, so a page needs no inline style.</summary>
public sealed class Svg
{
    private readonly StringBuilder text = new();

    /// <param name="about">What the picture says, for whoever does not see it; null where a text beside it says so.</param>
    public Svg(string kind, double width, double height, string? about)
    {
        text.Append(CultureInfo.InvariantCulture, $"<svg class=\"{kind}\" viewBox=\"0 0 {width:0.#} {height:0.#}\" ");
        text.Append(about is null ? "aria-hidden=\"true\">" : $"role=\"img\" aria-label=\"{Safe(about)}\">");
    }

    public Svg Rect(string kind, (double X, double Y, double Width, double Height) box, string? title = null)
    {
        text.Append(
            CultureInfo.InvariantCulture,
            $"<rect class=\"{kind}\" x=\"{box.X:0.#}\" y=\"{box.Y:0.#}\" width=\"{Math.Max(0, box.Width):0.#}\" height=\"{Math.Max(0, box.Height):0.#}\""
        );
        return Close("rect", title);
    }

    /// <summary>Where numbers over time are drawn, and from when until when: a time can be chosen on it.</summary>
    public Svg Plot(TimeAxis axis, double top, double bottom)
    {
        text.Append(
            CultureInfo.InvariantCulture,
            $"<rect class=\"plot\" data-from=\"{axis.From.ToUnixTimeMilliseconds()}\" data-until=\"{axis.Until.ToUnixTimeMilliseconds()}\" x=\"{axis.Left:0.#}\" y=\"{top:0.#}\" width=\"{Math.Max(0, axis.Right - axis.Left):0.#}\" height=\"{bottom - top:0.#}\"/>"
        );
        return this;
    }

    public Svg Line(string kind, double x1, double y1, double x2, double y2)
    {
        text.Append(
            CultureInfo.InvariantCulture,
            $"<line class=\"{kind}\" x1=\"{x1:0.#}\" y1=\"{y1:0.#}\" x2=\"{x2:0.#}\" y2=\"{y2:0.#}\"/>"
        );
        return this;
    }

    public Svg Circle(string kind, double x, double y, double radius, string? title = null)
    {
        text.Append(
            CultureInfo.InvariantCulture,
            $"<circle class=\"{kind}\" cx=\"{x:0.#}\" cy=\"{y:0.#}\" r=\"{radius:0.#}\""
        );
        return Close("circle", title);
    }

    /// <summary>A path through points; closed when it is to be filled.</summary>
    public Svg Path(string kind, IReadOnlyList<(double X, double Y)> points, bool isClosed = false)
    {
        if (points.Count == 0)
        {
            return this;
        }
        text.Append($"<path class=\"{kind}\" d=\"");
        for (var index = 0; index < points.Count; index++)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"{(index == 0 ? 'M' : 'L')}{points[index].X:0.#} {points[index].Y:0.#}"
            );
        }
        text.Append(isClosed ? "Z\"/>" : "\"/>");
        return this;
    }

    /// <summary>From one place to another in a bow.</summary>
    /// <param name="bend">How far it goes on to the side before it turns; to the left below 0.</param>
    /// <param name="isBack">It arrives from the side on which it left.</param>
    public Svg Curve(string kind, (double X, double Y) from, (double X, double Y) to, double bend, bool isBack = false)
    {
        var turn = isBack ? to.X + bend : to.X - bend;
        text.Append(
            CultureInfo.InvariantCulture,
            $"<path class=\"{kind}\" d=\"M{from.X:0.#} {from.Y:0.#}C{from.X + bend:0.#} {from.Y:0.#} {turn:0.#} {to.Y:0.#} {to.X:0.#} {to.Y:0.#}\"/>"
        );
        return this;
    }

    /// <summary>From one place to another below or above it, in a bow.</summary>
    public Svg Fall(string kind, (double X, double Y) from, (double X, double Y) to)
    {
        var middle = (from.Y + to.Y) / 2;
        text.Append(
            CultureInfo.InvariantCulture,
            $"<path class=\"{kind}\" d=\"M{from.X:0.#} {from.Y:0.#}C{from.X:0.#} {middle:0.#} {to.X:0.#} {middle:0.#} {to.X:0.#} {to.Y:0.#}\"/>"
        );
        return this;
    }

    /// <param name="anchor">start, middle or end.</param>
    public Svg Text(string kind, double x, double y, string words, string anchor = "start")
    {
        text.Append(
            CultureInfo.InvariantCulture,
            $"<text class=\"{kind}\" x=\"{x:0.#}\" y=\"{y:0.#}\" text-anchor=\"{anchor}\">{Safe(words)}</text>"
        );
        return this;
    }

    /// <summary>The hatch by which a new release is told from others without its colour.</summary>
    /// <param name="id">Unlike any other of the page.</param>
    public Svg Hatch(string id)
    {
        text.Append(
            $"<defs><pattern id=\"{Safe(id)}\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><line class=\"hatch\" x1=\"0\" y1=\"0\" x2=\"0\" y2=\"8\"/></pattern></defs>"
        );
        return this;
    }

    /// <summary>An area filled with a hatch made before.</summary>
    public Svg Hatched(string id, IReadOnlyList<(double X, double Y)> points)
    {
        text.Append($"<path fill=\"url(#{Safe(id)})\" d=\"");
        for (var index = 0; index < points.Count; index++)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"{(index == 0 ? 'M' : 'L')}{points[index].X:0.#} {points[index].Y:0.#}"
            );
        }
        text.Append("Z\"/>");
        return this;
    }

    public override string ToString() => $"{text}</svg>";

    private Svg Close(string name, string? title)
    {
        text.Append(title is null ? "/>" : $"><title>{Safe(title)}</title></{name}>");
        return this;
    }

    private static string Safe(string words) => HtmlEncoder.Default.Encode(words);
}
