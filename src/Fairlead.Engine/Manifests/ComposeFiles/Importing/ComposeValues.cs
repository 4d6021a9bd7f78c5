using System.Globalization;
using System.Text;

namespace Fairlead.Engine.Manifests.ComposeFiles.Importing;

/// <summary>Reads values in the forms that Compose has for them.</summary>
internal static class ComposeValues
{
    private static readonly (string Unit, double Seconds)[] Units =
    [
        ("us", 1e-6),
        ("ms", 1e-3),
        ("ns", 1e-9),
        ("h", 3600),
        ("m", 60),
        ("s", 1),
        ("d", 86400),
    ];

    /// <summary><c>1m30s</c>, <c>500ms</c>; null for anything else and beyond a year.</summary>
    public static TimeSpan? Time(string text)
    {
        var (rest, seconds) = (text.Trim(), 0.0);
        if (rest is "0")
        {
            return TimeSpan.Zero;
        }
        if (rest.Length == 0)
        {
            return null;
        }
        while (rest.Length > 0)
        {
            var digits = rest.Length - rest.AsSpan().TrimStart("0123456789.").Length;
            var unit = Array.Find(Units, one => rest.AsSpan(digits).StartsWith(one.Unit, StringComparison.Ordinal));
            if (
                unit.Unit is null
                || !double.TryParse(
                    rest.AsSpan(0, digits),
                    NumberStyles.AllowDecimalPoint,
                    CultureInfo.InvariantCulture,
                    out var number
                )
            )
            {
                return null;
            }
            seconds += number * unit.Seconds;
            rest = rest[(digits + unit.Unit.Length)..];
        }
        return seconds <= 365 * 86400.0 ? TimeSpan.FromMilliseconds(Math.Round(seconds * 1000)) : null;
    }

    /// <summary><c>512m</c>, <c>1.5gb</c>, <c>1073741824</c>, as the manifest writes it; null for anything else.</summary>
    public static string? Size(string text)
    {
        var lower = text.Trim().ToLowerInvariant();
        var unit = lower.AsSpan().TrimStart("0123456789.");
        double? factor = unit switch
        {
            "" or "b" => 1,
            "k" or "kb" or "ki" or "kib" => 1L << 10,
            "m" or "mb" or "mi" or "mib" => 1L << 20,
            "g" or "gb" or "gi" or "gib" => 1L << 30,
            "t" or "tb" or "ti" or "tib" => 1L << 40,
            _ => null,
        };
        if (
            factor is not { } bytes
            || !double.TryParse(
                lower.AsSpan(0, lower.Length - unit.Length),
                NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture,
                out var count
            )
            || count * bytes is not (>= 1 and <= 1L << 50)
        )
        {
            return null;
        }
        var kibibytes = (long)Math.Ceiling(count * bytes / 1024);
        return kibibytes switch
        {
            _ when kibibytes % (1 << 20) == 0 => Invariant($"{kibibytes >> 20}GiB"),
            _ when kibibytes % (1 << 10) == 0 => Invariant($"{kibibytes >> 10}MiB"),
            _ => Invariant($"{kibibytes}KiB"),
        };
    }

    public static bool? Yes(string text) =>
        text.ToLowerInvariant() switch
        {
            "true" or "yes" or "on" or "y" or "1" => true,
            "false" or "no" or "off" or "n" or "0" => false,
            _ => null,
        };

    public static int? Whole(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    public static double? Number(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    /// <summary>Words as a shell parts them, with quotes and backslashes; null when a quote is never closed. Nothing else of a shell holds.</summary>
    public static IReadOnlyList<string>? Words(string text)
    {
        List<string> words = [];
        StringBuilder? word = null;
        char? quote = null;
        for (var at = 0; at < text.Length; at++)
        {
            var letter = text[at];
            if (quote is { } open)
            {
                if (letter == open)
                {
                    quote = null;
                }
                else
                {
                    at += open == '"' && IsEscape(text, at) ? 1 : 0;
                    word!.Append(text[at]); // A quote begins a word.
                }
            }
            else if (char.IsWhiteSpace(letter))
            {
                Finish();
            }
            else if (letter is '\'' or '"')
            {
                (quote, word) = (letter, word ?? new());
            }
            else
            {
                at += letter == '\\' && at + 1 < text.Length ? 1 : 0;
                word = (word ?? new()).Append(text[at]);
            }
        }
        Finish();
        return quote is null ? words : null;

        void Finish()
        {
            if (word is not null)
            {
                words.Add(word.ToString());
                word = null;
            }
        }
    }

    private static bool IsEscape(string text, int at) =>
        text[at] == '\\' && at + 1 < text.Length && (text[at + 1] is '"' or '\\');

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
