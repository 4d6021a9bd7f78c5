using System.Globalization;
using System.Text.RegularExpressions;

namespace Fairlead.Model.Releases;

/// <summary>
/// A time in which nothing is deployed. Each week: <c>Fri 16:00 - Mon 08:00 Europe/Berlin</c>. Once, the last day included:
/// <c>2026-12-20 - 2027-01-04 Europe/Berlin</c>. Once, to the minute: <c>2026-12-20 18:00 - 2026-12-21 06:00</c>. UTC when no zone is said.
/// </summary>
/// <param name="Text">As it is written.</param>
public sealed partial record FreezeWindow(string Text)
{
    private const int DayMinutes = 24 * 60;
    private const string Days = "SunMonTueWedThuFriSat";
    private const int TextLettersMax = 100;

    /// <summary>Null when it cannot be read, or there is no such time zone here.</summary>
    public static FreezeWindow? TryParse(string text) =>
        text.Length <= TextLettersMax && Read(text) is not null ? new(text) : null;

    /// <summary>Whether it holds at a time. The clock that counts is the one on the wall of its zone, also when that is changed.</summary>
    public bool Contains(DateTimeOffset now)
    {
        // What this machine cannot read any more, such as after its time zones were removed, rather holds up than lets through.
        if (Read(Text) is not { } span)
        {
            return true;
        }
        var wall = TimeZoneInfo.ConvertTime(now, span.Zone).DateTime;
        if (span.Once is var (from, until))
        {
            return wall >= from && wall < until;
        }
        var minute = ((int)wall.DayOfWeek * DayMinutes) + (int)wall.TimeOfDay.TotalMinutes;
        var (start, end) = span.Weekly;
        return start <= end ? minute >= start && minute < end : minute >= start || minute < end;
    }

    public override string ToString() => Text;

    private static Span? Read(string text)
    {
        if (Weekly().Match(text) is { Success: true } week)
        {
            var (start, end) = (MinuteOf(week, "day", "clock"), MinuteOf(week, "lastDay", "lastClock"));
            return start is { } first && end is { } last && first != last && ZoneOf(week) is { } zone
                ? new(zone, Once: null, (first, last))
                : null;
        }
        if (Dated().Match(text) is not { Success: true } dated || ZoneOf(dated) is not { } place)
        {
            return null;
        }
        var from = TimeOf(dated, ("day", "clock"), isEnd: false);
        var until = TimeOf(dated, ("lastDay", "lastClock"), isEnd: true);
        return from < until ? new(place, (from.Value, until.Value), default) : null;
    }

    private static int? MinuteOf(Match match, string dayGroup, string clockGroup)
    {
        var day = Days.IndexOf(match.Groups[dayGroup].Value, StringComparison.Ordinal);
        return day >= 0 && ClockOf(match.Groups[clockGroup].Value) is { } clock
            ? (day / 3 * DayMinutes) + (int)clock.TotalMinutes
            : null;
    }

    private static DateTime? TimeOf(Match match, (string Day, string Clock) groups, bool isEnd)
    {
        const string Form = "yyyy-MM-dd";
        if (
            !DateTime.TryParseExact(
                match.Groups[groups.Day].Value,
                Form,
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var day
            )
        )
        {
            return null;
        }
        return match.Groups[groups.Clock] is { Success: true, Value: var clock } ? day + ClockOf(clock)
            : isEnd && day < DateTime.MaxValue.Date ? day.AddDays(1)
            : day;
    }

    private static TimeSpan? ClockOf(string text) =>
        TimeSpan.TryParseExact(text, @"hh\:mm", CultureInfo.InvariantCulture, out var clock) ? clock : null;

    private static TimeZoneInfo? ZoneOf(Match match) =>
        match.Groups["zone"] is not { Success: true, Value: var name } ? TimeZoneInfo.Utc
        : TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone
        : null;

    [GeneratedRegex(
        @"^(?<day>[A-Z][a-z]{2}) (?<clock>[0-9]{2}:[0-9]{2}) - (?<lastDay>[A-Z][a-z]{2}) (?<lastClock>[0-9]{2}:[0-9]{2})(?: (?<zone>[A-Za-z0-9_+/-]{1,50}))?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Weekly();

    [GeneratedRegex(
        @"^(?<day>[0-9]{4}-[0-9]{2}-[0-9]{2})(?: (?<clock>[0-9]{2}:[0-9]{2}))? - (?<lastDay>[0-9]{4}-[0-9]{2}-[0-9]{2})(?: (?<lastClock>[0-9]{2}:[0-9]{2}))?(?: (?<zone>[A-Za-z0-9_+/-]{1,50}))?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Dated();

    private sealed record Span(TimeZoneInfo Zone, (DateTime From, DateTime Until)? Once, (int Start, int End) Weekly);
}
