using Cronos;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Deploying.Jobs;

/// <summary>
/// The times of a schedule, in its time zone. A time that a clock skips in spring is taken at the moment of the skip; one that comes twice in autumn is taken once, but for
/// what is due at intervals (<c>*</c>, <c>*/15</c>, a range of hours), which goes on through both.
/// </summary>
internal static class CronTimes
{
    /// <summary>More times that passed are not counted.</summary>
    public const int CountMax = 100;

    private const int Fields = 5;
    private const int ZoneLettersMax = 60;

    // The newest time is looked for in ever longer stretches before now, so that years of minutes are not gone through one by one.
    private static readonly TimeSpan[] Stretches =
    [
        TimeSpan.FromHours(1),
        TimeSpan.FromDays(1),
        TimeSpan.FromDays(32),
        TimeSpan.FromDays(367),
        TimeSpan.FromDays(367 * 9),
    ];

    /// <summary>What is wrong with an expression, as a sentence; null when nothing is.</summary>
    public static string? FaultOf(string cron)
    {
        var words = cron.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words is [['@', ..]])
        {
            return
                words[0].ToLowerInvariant() is "@every_second" or "@every_minute"
                || !CronExpression.TryParse(words[0], out _)
                ? "It is none of @hourly, @daily, @midnight, @weekly, @monthly, @yearly and @annually."
                : null;
        }
        if (words.Length != Fields)
        {
            return $"It has {words.Length} field{(words.Length == 1 ? "" : "s")}, and five are needed.";
        }
        try
        {
            return
                CronExpression
                    .Parse(cron)
                    .GetNextOccurrence(new DateTime(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc), TimeZoneInfo.Utc)
                    is null
                ? "There is no such day."
                : null;
        }
        catch (CronFormatException caught)
        {
            return $"{caught.Message.TrimEnd('.')}.";
        }
    }

    /// <summary>Whether this machine knows a time zone of that name.</summary>
    public static bool IsZone(string name) =>
        // Zones are files: a name that leads out of their folder is none, whatever is there.
        name.Length
            is > 0
                and <= ZoneLettersMax
        && name[0] != '/'
        && name.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '+' or '-' or '/')
        && TimeZoneInfo.TryFindSystemTimeZoneById(name, out _);

    /// <summary>The first time after a moment; null when there is none.</summary>
    public static DateTimeOffset? Next(JobSchedule schedule, DateTimeOffset after) =>
        Parse(schedule).GetNextOccurrence(after, ZoneOf(schedule));

    /// <summary>The newest time in (<paramref name="after"/>, <paramref name="now"/>]; null when there is none.</summary>
    public static DateTimeOffset? Latest(JobSchedule schedule, DateTimeOffset after, DateTimeOffset now)
    {
        var (cron, zone) = (Parse(schedule), ZoneOf(schedule));
        foreach (var stretch in Stretches)
        {
            var from = now - stretch > after ? now - stretch : after;
            DateTimeOffset? latest = null;
            for (var at = cron.GetNextOccurrence(from, zone); at <= now; at = cron.GetNextOccurrence(at.Value, zone))
            {
                latest = at;
            }
            if (latest is not null || from == after)
            {
                return latest;
            }
        }
        return null;
    }

    /// <summary>How many times there are in (<paramref name="after"/>, <paramref name="now"/>], up to <see cref="CountMax"/>.</summary>
    public static int Count(JobSchedule schedule, DateTimeOffset after, DateTimeOffset now)
    {
        var (cron, zone, count) = (Parse(schedule), ZoneOf(schedule), 0);
        for (
            var at = cron.GetNextOccurrence(after, zone);
            at <= now && count < CountMax;
            at = cron.GetNextOccurrence(at.Value, zone)
        )
        {
            count++;
        }
        return count;
    }

    private static CronExpression Parse(JobSchedule schedule) => CronExpression.Parse(schedule.Cron);

    // Known when the release was made; where the machine forgot it since, a job had better run at another hour than not at all.
    private static TimeZoneInfo ZoneOf(JobSchedule schedule) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(schedule.Zone, out var zone) ? zone : TimeZoneInfo.Utc;
}
