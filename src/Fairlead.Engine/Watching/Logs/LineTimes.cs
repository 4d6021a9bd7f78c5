using System.Globalization;

namespace Fairlead.Engine.Watching.Logs;

/// <summary>Reads the times that stand in lines. Only those that cannot be mistaken count: a local time without its zone does not.</summary>
internal static class LineTimes
{
    private const long Second = 1_000_000_000;
    private const int PartDigits = 9;

    /// <summary>Nanoseconds since 1970, UTC; null when it is no time, or its zone is not said.</summary>
    /// <param name="text">Such as <c>2026-01-02T03:04:05.678901234Z</c> or <c>2026-01-02 03:04:05,678+01:00</c>.</param>
    public static long? OfText(ReadOnlySpan<char> text)
    {
        if (text.Length is < 20 or > 40 || text[4] != '-' || text[7] != '-' || text[10] is not ('T' or ' ' or 't'))
        {
            return null;
        }
        if (
            !DateTime.TryParseExact(
                string.Concat(text[..10], "T", text[11..19]),
                "yyyy-MM-dd'T'HH:mm:ss",
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out var time
            )
        )
        {
            return null;
        }
        var rest = text[19..];
        long part = 0;
        if (rest is ['.' or ',', ..])
        {
            var digits = 1;
            while (digits < rest.Length && char.IsAsciiDigit(rest[digits]))
            {
                part = digits <= PartDigits ? (part * 10) + rest[digits] - '0' : part;
                digits++;
            }
            for (var i = digits - 1; i < PartDigits; i++)
            {
                part *= 10;
            }
            rest = rest[digits..];
        }
        return Zone(rest.Trim()) is { } zone
            ? ((time - DateTime.UnixEpoch).Ticks * 100) + part - ((long)zone.TotalSeconds * Second)
            : null;
    }

    /// <summary>A number since 1970, in whichever unit makes it a time near ours.</summary>
    public static long? OfNumber(double number) =>
        number switch
        {
            >= 1e8 and < 1e11 => (long)(number * 1e6) * 1000,
            >= 1e11 and < 1e14 => (long)(number * 1e3) * 1000,
            >= 1e14 and < 1e17 => (long)number * 1000,
            >= 1e17 and < 9e18 => (long)number,
            _ => null,
        };

    // Z, +01:00, +0100, -07
    private static TimeSpan? Zone(ReadOnlySpan<char> text)
    {
        if (text is "Z" or "z")
        {
            return TimeSpan.Zero;
        }
        if (
            text is not ['+' or '-', _, _, ..]
            || !int.TryParse(text[1..3], NumberStyles.None, CultureInfo.InvariantCulture, out var hours)
        )
        {
            return null;
        }
        var minutes = 0;
        var rest = text[3..].TrimStart(':');
        if (
            rest.Length is not (0 or 2)
            || (rest.Length == 2 && !int.TryParse(rest, NumberStyles.None, CultureInfo.InvariantCulture, out minutes))
        )
        {
            return null;
        }
        var zone = new TimeSpan(hours, minutes, 0);
        return text[0] == '-' ? -zone : zone;
    }
}
