using System.Runtime.InteropServices;
using System.Text.Json.Serialization;
using Fairlead.Model.Monitoring;

namespace Fairlead.Engine.Responding.Monitors;

/// <summary>How long a monitor was in which state, in milliseconds. What is in neither counts nowhere, such as a pause.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct UptimeTally(long Up, long Down, long Unknown, long Maintenance)
{
    /// <summary>The part of the time in which it was known to be up or down; null when it never was.</summary>
    [JsonIgnore]
    public double? Ratio => Up + Down == 0 ? null : (double)Up / (Up + Down);

    public UptimeTally And(UptimeTally other) =>
        new(Up + other.Up, Down + other.Down, Unknown + other.Unknown, Maintenance + other.Maintenance);

    public UptimeTally And(MonitorState state, long time) =>
        state switch
        {
            MonitorState.Up or MonitorState.Pending => this with { Up = Up + time },
            MonitorState.Down => this with { Down = Down + time },
            MonitorState.Unknown => this with { Unknown = Unknown + time },
            MonitorState.Maintenance => this with { Maintenance = Maintenance + time },
            _ => this,
        };
}

/// <summary>The tally of an hour or a day.</summary>
/// <param name="From">Its beginning, UTC.</param>
public sealed record UptimePart(DateTimeOffset From, UptimeTally Tally);

/// <summary>
/// How long a monitor was up, by day for 90 days and by hour for the last ones: enough for every figure and small enough to be read
/// for each page, whatever number of looks it stands for.
/// </summary>
/// <param name="Until">Up to which moment it is counted.</param>
/// <param name="Days">Oldest first.</param>
/// <param name="Hours">Oldest first.</param>
public sealed record UptimeBook(DateTimeOffset Until, IReadOnlyList<UptimePart> Days, IReadOnlyList<UptimePart> Hours)
{
    public const int DaysMax = 90;
    private const int HoursMax = 25;
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public static UptimeBook New(DateTimeOffset now) => new(now, [], []);

    /// <summary>The same with the time up to <paramref name="to"/> counted as <paramref name="state"/>.</summary>
    public UptimeBook Count(MonitorState state, DateTimeOffset to) =>
        to <= Until
            ? this
            : new(
                to,
                Counted(Days, (Until, to), state, Day, DaysMax),
                Counted(Hours, (Until, to), state, Hour, HoursMax)
            );

    /// <summary>The last 24 hours, whole hours and the one that goes on.</summary>
    public UptimeTally LastDay => Sum(Hours.Where(one => one.From > Floor(Until.AddTicks(-1), Hour) - Day));

    /// <summary>The last so many days, today among them.</summary>
    public UptimeTally Last(int days) =>
        Sum(Days.Where(one => one.From > Floor(Until.AddTicks(-1), Day) - (days * Day)));

    private static UptimeTally Sum(IEnumerable<UptimePart> parts) =>
        parts.Aggregate(default(UptimeTally), (sum, one) => sum.And(one.Tally));

    private static List<UptimePart> Counted(
        IReadOnlyList<UptimePart> known,
        (DateTimeOffset From, DateTimeOffset To) time,
        MonitorState state,
        TimeSpan step,
        int most
    )
    {
        var parts = known.ToList();
        // Of a time that is longer than what is kept only its end matters.
        var from = Floor(time.To, step) - (most * step) is var first && first > time.From ? first : time.From;
        while (from < time.To)
        {
            var begin = Floor(from, step);
            var end = begin + step < time.To ? begin + step : time.To;
            var length = (long)(end - from).TotalMilliseconds;
            if (parts.Count > 0 && parts[^1].From == begin)
            {
                parts[^1] = parts[^1] with { Tally = parts[^1].Tally.And(state, length) };
            }
            else
            {
                parts.Add(new(begin, default(UptimeTally).And(state, length)));
            }
            from = end;
        }
        return parts.Count <= most ? parts : parts[^most..];
    }

    private static DateTimeOffset Floor(DateTimeOffset at, TimeSpan step) =>
        new(at.UtcTicks - (at.UtcTicks % step.Ticks), TimeSpan.Zero);
}
