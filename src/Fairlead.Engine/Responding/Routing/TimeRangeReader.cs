using Fairlead.Engine.Watching.Rules;

namespace Fairlead.Engine.Responding.Routing;

/// <summary>Reads <c>time_intervals</c> as Alertmanager has them.</summary>
internal static class TimeRangeReader
{
    /// <summary>All that a file names, also under the older key <c>mute_time_intervals</c>.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<TimeRange>> Named(YamlPage page)
    {
        var named = new Dictionary<string, IReadOnlyList<TimeRange>>(StringComparer.Ordinal);
        foreach (var one in page.List("time_intervals").Concat(page.List("mute_time_intervals")))
        {
            one.CheckKeys("name", "time_intervals");
            var name = one.Text("name") ?? "";
            if (name.Length == 0 || !named.TryAdd(name, [.. one.List("time_intervals").Select(Read)]))
            {
                one.Add(
                    "rules.bad-value",
                    $"The name '{name}' cannot be used.",
                    "Each time interval has a name of its own."
                );
            }
        }
        return named;
    }

    public static TimeRange Read(YamlPage page)
    {
        page.CheckKeys("times", "weekdays", "days_of_month", "months", "years", "location");
        return new()
        {
            Times = [.. page.List("times").Select(Times).OfType<(int, int)>()],
            Weekdays = Each(page, "weekdays", TimeRange.WeekdaysOf),
            DaysOfMonth = Each(page, "days_of_month", TimeRange.DaysOfMonthOf),
            Months = Each(page, "months", TimeRange.MonthsOf),
            Years = Each(page, "years", TimeRange.YearsOf),
            Zone = Zone(page, "location"),
        };
    }

    /// <summary>A time zone by its name in the IANA database; UTC when it is not said.</summary>
    public static TimeZoneInfo Zone(YamlPage page, string key)
    {
        if (page.Text(key) is not { Length: > 0 } name)
        {
            return TimeZoneInfo.Utc;
        }
        if (TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone))
        {
            return zone;
        }
        page.Add("rules.bad-value", $"There is no time zone '{name}'.", "Zones are named as in Europe/Berlin.");
        return TimeZoneInfo.Utc;
    }

    private static (int, int)? Times(YamlPage page)
    {
        page.CheckKeys("start_time", "end_time");
        var (from, to) = (
            TimeRange.Minute(page.Text("start_time") ?? ""),
            TimeRange.Minute(page.Text("end_time") ?? "")
        );
        if (from is { } start && to is { } end && start < end)
        {
            return (start, end);
        }
        page.Add(
            "rules.bad-value",
            "A time of day cannot be read.",
            "Write start_time and end_time as 09:00 and 17:00, the first before the second, to 24:00 at the latest."
        );
        return null;
    }

    private static List<(int From, int To)> Each(YamlPage page, string key, Func<string, (int From, int To)?> read)
    {
        var all = new List<(int From, int To)>();
        foreach (var text in page.Flat(key))
        {
            if (read(text) is { } range)
            {
                all.Add(range);
            }
            else
            {
                page.Add(
                    "rules.bad-value",
                    $"'{text}' of {key} cannot be read.",
                    "A range is written as in monday:friday or 1:5."
                );
            }
        }
        return all;
    }
}
