using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Fairlead.Engine.Responding.Routing;

/// <summary>A report that somebody gets again and again.</summary>
/// <param name="Report">sla or dora.</param>
/// <param name="Every">month or week; weeks begin on Monday.</param>
/// <param name="To">A receiver, or <c>person:ana</c>.</param>
/// <param name="Zone">By whose clock months and weeks begin.</param>
public sealed record ReportOrder(string Report, string Every, string To, TimeZoneInfo Zone)
{
    public const string ServiceLevels = "sla";
    public const string Delivery = "dora";
    public const string Month = "month";
    public const string Week = "week";

    public string? App { get; init; }

    public string? Environment { get; init; }

    public string? Team { get; init; }

    /// <summary>The same for the same order, whatever else the file says: letters and digits.</summary>
    public string Key =>
        Convert.ToHexStringLower(
            SHA256.HashData(
                Encoding.UTF8.GetBytes(string.Join('\n', Report, Every, To, Zone.Id, App, Environment, Team))
            )
        )[..24];

    /// <summary>For people: <c>sla of shop every month to ops</c>.</summary>
    public override string ToString() =>
        $"{Report} of {App ?? Team ?? "all apps"}{(Environment is null ? "" : $" in {Environment}")} every {Every} to {To}";

    /// <summary>The last month or week that was over at a time.</summary>
    public ReportSpan LastAt(DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, Zone).DateTime);
        var begin = Every == Week ? today.AddDays(-(((int)today.DayOfWeek + 6) % 7)) : new(today.Year, today.Month, 1);
        return Before(begin);
    }

    /// <summary>The one before.</summary>
    public ReportSpan Before(ReportSpan span) => Before(span.First);

    private ReportSpan Before(DateOnly end)
    {
        var first = Every == Week ? end.AddDays(-7) : end.AddMonths(-1);
        var day = first.ToDateTime(TimeOnly.MinValue);
        return new(
            Every == Week
                ? $"{ISOWeek.GetYear(day)}-W{ISOWeek.GetWeekOfYear(day):00}"
                : first.ToString("yyyy-MM", CultureInfo.InvariantCulture),
            first,
            At(first),
            At(end)
        );
    }

    private DateTimeOffset At(DateOnly day)
    {
        var local = day.ToDateTime(TimeOnly.MinValue);
        // Where clocks are put forward at midnight, the day begins an hour later.
        while (Zone.IsInvalidTime(local))
        {
            local = local.AddMinutes(30);
        }
        return new DateTimeOffset(local, Zone.GetUtcOffset(local)).ToUniversalTime();
    }
}

/// <summary>A month or a week of a report.</summary>
/// <param name="Name">Such as <c>2026-11</c> or <c>2026-W48</c>.</param>
/// <param name="First">Its first day.</param>
/// <param name="Until">The moment after its last.</param>
public sealed record ReportSpan(string Name, DateOnly First, DateTimeOffset From, DateTimeOffset Until);
