using System.Globalization;
using System.Text;

namespace Fairlead.Engine.Judging.PromQl.Reading;

/// <summary>Durations as Prometheus writes them: <c>1h30m</c>, <c>500ms</c>. Units come in falling order, each once.</summary>
public static class Durations
{
    private static readonly (string Unit, long Milliseconds)[] Units =
    [
        ("y", 365L * 24 * 3_600_000),
        ("w", 7L * 24 * 3_600_000),
        ("d", 24L * 3_600_000),
        ("h", 3_600_000),
        ("m", 60_000),
        ("s", 1_000),
        ("ms", 1),
    ];

    /// <summary>Milliseconds; null when the text is no duration or one of more than 292 years.</summary>
    public static long? Read(string text)
    {
        if (text is "0")
        {
            return 0;
        }
        decimal sum = 0;
        var (at, next) = (0, 0);
        while (at < text.Length)
        {
            var digits = at;
            while (at < text.Length && char.IsAsciiDigit(text[at]))
            {
                at++;
            }
            var unit = UnitAt(text, at);
            var index = Array.FindIndex(Units, one => one.Unit == unit);
            if (digits == at || at - digits > 18 || index < next)
            {
                return null;
            }
            sum +=
                decimal.Parse(text.AsSpan(digits, at - digits), CultureInfo.InvariantCulture)
                * Units[index].Milliseconds;
            (at, next) = (at + unit.Length, index + 1);
        }
        return text.Length == 0 || sum > long.MaxValue / 1_000_000 ? null : (long)sum;
    }

    /// <summary>As Prometheus prints it: <c>1h30m</c>, <c>0s</c>; weeks and years only when they are whole.</summary>
    public static string Write(long milliseconds)
    {
        if (milliseconds == 0)
        {
            return "0s";
        }
        var text = new StringBuilder();
        if (milliseconds < 0)
        {
            text.Append('-');
            milliseconds = -milliseconds;
        }
        foreach (var (unit, length) in Units)
        {
            if (unit is "y" or "w" && milliseconds % length != 0)
            {
                continue;
            }
            if (milliseconds / length is > 0 and var count)
            {
                text.Append(CultureInfo.InvariantCulture, $"{count}{unit}");
                milliseconds %= length;
            }
        }
        return text.ToString();
    }

    /// <summary>How many letters at this place are a duration that no further letter belongs to; 0 when none are.</summary>
    internal static int LengthAt(string text, int start)
    {
        var at = start;
        while (true)
        {
            var digits = at;
            while (at < text.Length && char.IsAsciiDigit(text[at]))
            {
                at++;
            }
            var unit = UnitAt(text, at);
            if (digits == at || unit.Length == 0)
            {
                return 0;
            }
            at += unit.Length;
            if (at == text.Length || !(char.IsAsciiLetterOrDigit(text[at]) || text[at] == '_'))
            {
                return at - start;
            }
        }
    }

    private static string UnitAt(string text, int at) =>
        at >= text.Length ? ""
        : text[at] == 'm' && at + 1 < text.Length && text[at + 1] == 's' ? "ms"
        : text[at] is 'y' or 'w' or 'd' or 'h' or 'm' or 's' ? text[at].ToString()
        : "";
}
