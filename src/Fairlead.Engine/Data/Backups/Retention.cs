using System.Globalization;
using Fairlead.Model.Data;

namespace Fairlead.Engine.Data.Backups;

/// <summary>Which backups are kept: all of the last while, then the last of each day, week and month. Pure.</summary>
public static class Retention
{
    /// <summary>How long a backup that somebody wants gone can still be brought back.</summary>
    public static readonly TimeSpan Tombstone = TimeSpan.FromDays(7);

    /// <param name="backups">Of one database, in any order; only those that are there.</param>
    /// <returns>Those that may go. The newest one, and the newest that is verified, are never among them.</returns>
    public static IReadOnlyList<Backup> Spent(IReadOnlyList<Backup> backups, BackupRules rules, DateTimeOffset now)
    {
        var newest = backups.OrderByDescending(static one => one.At).ToList();
        var kept = new HashSet<string>(StringComparer.Ordinal);
        kept.UnionWith(newest.Where(one => now - one.At <= rules.Keep).Select(static one => one.Id));
        kept.UnionWith(
            Last(
                newest,
                rules.Days,
                static one => one.At.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
            )
        );
        kept.UnionWith(
            Last(
                newest,
                rules.Weeks,
                static one => $"{ISOWeek.GetYear(one.At.UtcDateTime)}-{ISOWeek.GetWeekOfYear(one.At.UtcDateTime)}"
            )
        );
        kept.UnionWith(
            Last(
                newest,
                rules.Months,
                static one => one.At.UtcDateTime.ToString("yyyy-MM", CultureInfo.InvariantCulture)
            )
        );
        kept.UnionWith(newest.Take(1).Select(static one => one.Id));
        kept.UnionWith(newest.Where(static one => one.Drill is { Problem: null }).Take(1).Select(static one => one.Id));
        // What somebody removed goes when its time is over, and not before.
        return
        [
            .. newest.Where(one =>
                one.RemovedAfter is { } after ? after <= now && newest[0].Id != one.Id : !kept.Contains(one.Id)
            ),
        ];
    }

    private static IEnumerable<string> Last(List<Backup> newest, int count, Func<Backup, string> period) =>
        newest.GroupBy(period).Take(count).Select(static group => group.First().Id);
}
