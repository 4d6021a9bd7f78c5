using Fairlead.Engine.Data.Backups;
using Fairlead.Model.Apps;
using Fairlead.Model.Data;

namespace Fairlead.Tests.Data;

public sealed class RetentionTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);
    private static readonly BackupRules Rules = new()
    {
        Keep = TimeSpan.FromHours(3),
        Days = 2,
        Weeks = 2,
        Months = 3,
    };

    [Fact]
    public void All_of_the_last_while_are_kept_and_then_the_last_of_each_day_week_and_month()
    {
        var hourly = Enumerable.Range(0, 24 * 100).Select(hours => Of(Now - TimeSpan.FromHours(hours))).ToList();

        var spent = Retention.Spent(hourly, Rules, Now).Select(static one => one.Id).ToHashSet();

        Assert.Equal(
            ["11-28 12", "11-28 11", "11-28 10", "11-28 09", "11-27 23", "11-22 23", "10-31 23", "09-30 23"],
            hourly.Where(one => !spent.Contains(one.Id)).Select(static one => one.Id)
        );
    }

    [Fact]
    public void The_newest_and_the_newest_that_is_proven_stay_however_old_they_are()
    {
        var drill = new Drill
        {
            At = Now,
            Took = default,
            Lost = default,
        };
        Backup[] old =
        [
            Of(Now - TimeSpan.FromDays(900)),
            Of(Now - TimeSpan.FromDays(901)) with
            {
                Drill = drill,
            },
            Of(Now - TimeSpan.FromDays(902)) with
            {
                Drill = drill,
            },
        ];
        var rules = Rules with { Days = 0, Weeks = 0, Months = 0 };

        Assert.Equal([old[2].Id], Retention.Spent(old, rules, Now).Select(static one => one.Id));
    }

    [Fact]
    public void What_somebody_removed_goes_when_its_time_is_over()
    {
        Backup[] two = [Of(Now), Of(Now - TimeSpan.FromHours(1)) with { RemovedAfter = Now + TimeSpan.FromDays(1) }];

        Assert.Empty(Retention.Spent(two, Rules, Now));
        Assert.Equal([two[1].Id], Retention.Spent(two, Rules, Now + TimeSpan.FromDays(2)).Select(static one => one.Id));
    }

    [Fact]
    public void Only_a_restore_makes_a_backup_verified_and_that_for_a_while()
    {
        var taken = Of(Now);
        var drill = new Drill
        {
            At = Now,
            Took = default,
            Lost = default,
        };
        var problem = new Fairlead.Model.Problems.Problem("a.b", "c", "d", "e");
        BackupState State(Backup one) => one.StateAt(Now + TimeSpan.FromHours(1), TimeSpan.FromHours(2));

        Assert.Equal(
            [BackupState.Taken, BackupState.Verified, BackupState.Stale, BackupState.Failed, BackupState.Failed],
            [
                State(taken),
                State(taken with { Drill = drill }),
                State(taken with { Drill = drill with { At = Now - TimeSpan.FromHours(3) } }),
                State(taken with { Drill = drill with { Problem = problem } }),
                State(taken with { Problem = problem }),
            ]
        );
    }

    private static Backup Of(DateTimeOffset at) =>
        new()
        {
            Id =
                at.ToString("MM-dd HH", System.Globalization.CultureInfo.InvariantCulture)
                + (at.Year < 2026 ? at.ToString(" yy", System.Globalization.CultureInfo.InvariantCulture) : ""),
            Site = new Site("shop", "production"),
            Database = "db",
            Kind = DatabaseKind.Postgres,
            At = at,
            Digest = "d",
        };
}
