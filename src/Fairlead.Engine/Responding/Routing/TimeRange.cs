using System.Globalization;

namespace Fairlead.Engine.Responding.Routing;

/// <summary>A part of all time, such as weekdays from 9 to 17 in Berlin. What is left empty sets no bound; the words are Alertmanager's.</summary>
public sealed record TimeRange
{
    private const int DayMinutes = 24 * 60;

    private static readonly string[] DayNames =
    [
        "sunday",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
    ];

    private static readonly string[] MonthNames =
    [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];

    /// <summary>Minutes of the day, the last not included.</summary>
    public IReadOnlyList<(int From, int To)> Times { get; init; } = [];

    /// <summary>From 0 for Sunday to 6, both included.</summary>
    public IReadOnlyList<(int From, int To)> Weekdays { get; init; } = [];

    /// <summary>From 1, or from the month's end with -1 for its last day; both included.</summary>
    public IReadOnlyList<(int From, int To)> DaysOfMonth { get; init; } = [];

    public IReadOnlyList<(int From, int To)> Months { get; init; } = [];

    public IReadOnlyList<(int From, int To)> Years { get; init; } = [];

    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    public bool Contains(DateTimeOffset moment)
    {
        var local = TimeZoneInfo.ConvertTime(moment, Zone);
        var minute = (local.Hour * 60) + local.Minute;
        var last = DateTime.DaysInMonth(local.Year, local.Month);
        return (Times.Count == 0 || Times.Any(one => one.From <= minute && minute < one.To))
            && Within(Weekdays, (int)local.DayOfWeek)
            && Within([.. DaysOfMonth.Select(one => (OfMonth(one.From, last), OfMonth(one.To, last)))], local.Day)
            && Within(Months, local.Month)
            && Within(Years, local.Year);
    }

    /// <summary>From 0 for Sunday.</summary>
    internal static string DayName(int day) => DayNames[day];

    /// <summary>Reads <c>09:00</c>, to <c>24:00</c>, as minutes of a day.</summary>
    public static int? Minute(string text) =>
        text.Split(':') is [{ Length: 2 } hour, { Length: 2 } minute]
        && int.TryParse(hour, NumberStyles.None, CultureInfo.InvariantCulture, out var hours)
        && int.TryParse(minute, NumberStyles.None, CultureInfo.InvariantCulture, out var minutes)
        && minutes < 60
        && (hours * 60) + minutes <= DayMinutes
            ? (hours * 60) + minutes
            : null;

    /// <summary>Reads <c>monday:friday</c> or <c>sunday</c>.</summary>
    public static (int From, int To)? WeekdaysOf(string text) => Range(text, one => IndexOf(DayNames, one), (0, 6));

    /// <summary>Reads <c>1:5</c> or <c>-3:-1</c>.</summary>
    public static (int From, int To)? DaysOfMonthOf(string text) =>
        Range(text, Number, (-31, 31)) is { } days && days.From != 0 && days.To != 0 && (days.From > 0 || days.To < 0)
            ? days
            : null;

    /// <summary>Reads <c>january:march</c> or <c>1:3</c>.</summary>
    public static (int From, int To)? MonthsOf(string text) =>
        Range(text, one => IndexOf(MonthNames, one) is { } index ? index + 1 : Number(one), (1, 12));

    /// <summary>Reads <c>2026:2028</c>.</summary>
    public static (int From, int To)? YearsOf(string text) => Range(text, Number, (1, 9999));

    private static (int From, int To)? Range(string text, Func<string, int?> read, (int Min, int Max) bounds)
    {
        var ends = text.Split(':');
        return
            ends.Length is 1 or 2
            && read(ends[0].Trim()) is { } from
            && read(ends[^1].Trim()) is { } to
            && from >= bounds.Min
            && to <= bounds.Max
            && (from <= to || (from > 0 && to < 0))
            ? (from, to)
            : null;
    }

    private static int? IndexOf(string[] names, string text) =>
        Array.IndexOf(names, text.ToLowerInvariant()) is >= 0 and var index ? index : null;

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static int OfMonth(int day, int last) => day > 0 ? day : Math.Max(1, last + day + 1);

    private static bool Within(IReadOnlyList<(int From, int To)> ranges, int value) =>
        ranges.Count == 0 || ranges.Any(one => one.From <= value && value <= one.To);
}
