using System.Globalization;
using Fairlead.Engine.Deploying.Jobs;
using Fairlead.Model.Apps;

namespace Fairlead.Tests.Deploying.Jobs;

/// <summary>When jobs are due, also on the days on which clocks are changed.</summary>
public sealed class CronTimesTests
{
    [Fact]
    public void A_time_that_does_not_exist_is_taken_at_the_moment_of_the_skip() =>
        // In Berlin 02:30 of 2026-03-29 does not exist: the clock goes from 02:00 to 03:00, which is 01:00 UTC.
        Assert.Equal(
            ["03-28 01:30", "03-29 01:00", "03-30 00:30"],
            Times("30 2 * * *", "Europe/Berlin", "2026-03-28T00:00:00Z", 3)
        );

    [Fact]
    public void A_time_that_comes_twice_is_taken_once_and_what_comes_at_intervals_goes_on_through_both()
    {
        // In Berlin 02:30 of 2026-10-25 is at 00:30 and at 01:30 UTC.
        Assert.Equal(
            ["10-24 00:30", "10-25 00:30", "10-26 01:30"],
            Times("30 2 * * *", "Europe/Berlin", "2026-10-24T00:00:00Z", 3)
        );
        Assert.Equal(
            ["10-25 00:00", "10-25 00:30", "10-25 01:00", "10-25 01:30", "10-25 02:00"],
            Times("*/30 * * * *", "Europe/Berlin", "2026-10-24T23:30:00Z", 5)
        );
    }

    [Fact]
    public void The_newest_time_is_found_after_years_and_counting_has_an_end()
    {
        var minutes = new JobSchedule("* * * * *", "UTC");
        var now = At("2026-11-29T10:00:30Z");

        Assert.Equal(At("2026-11-29T10:00:00Z"), CronTimes.Latest(minutes, At("2016-01-01T00:00:00Z"), now));
        Assert.Equal(CronTimes.CountMax, CronTimes.Count(minutes, At("2016-01-01T00:00:00Z"), now));
        Assert.Equal(2, CronTimes.Count(minutes, now - TimeSpan.FromMinutes(2), now));
        Assert.Null(CronTimes.Latest(minutes, At("2026-11-29T10:00:00Z"), now));
        Assert.Null(CronTimes.Latest(minutes, now + TimeSpan.FromDays(1), now));
        Assert.Equal(
            At("2024-02-29T00:00:00Z"),
            CronTimes.Latest(new("0 0 29 2 *", "UTC"), At("2016-01-01T00:00:00Z"), now)
        );
    }

    [Theory]
    [InlineData("*/15 * * * *", null)]
    [InlineData("0 4 * * MON-FRI", null)]
    [InlineData("0 0 L * *", null)]
    [InlineData("@daily", null)]
    [InlineData("@every_second", "It is none of")]
    [InlineData("@reboot", "It is none of")]
    [InlineData("* * * *", "It has 4 fields")]
    [InlineData("0 * * * * *", "It has 6 fields")]
    [InlineData("", "It has 0 fields")]
    [InlineData("0 0 31 2 *", "There is no such day")]
    [InlineData("61 * * * *", "must be")]
    [InlineData("* * * * mond", "")]
    public void What_is_wrong_with_an_expression_is_said(string cron, string? fault)
    {
        var said = CronTimes.FaultOf(cron);
        Assert.Equal(fault is null, said is null);
        Assert.Contains(fault ?? "", said ?? "", StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("UTC", true)]
    [InlineData("Europe/Berlin", true)]
    [InlineData("Europe/Berlinn", false)]
    [InlineData("../../../dev/zero", false)]
    [InlineData("/etc/localtime", false)]
    [InlineData("", false)]
    public void A_time_zone_is_a_name_and_no_path(string name, bool isOne) =>
        Assert.Equal(isOne, CronTimes.IsZone(name));

    private static IEnumerable<string> Times(string cron, string zone, string after, int count)
    {
        var at = At(after);
        for (var index = 0; index < count; index++)
        {
            at = CronTimes.Next(new(cron, zone), at)!.Value;
            yield return at.UtcDateTime.ToString("MM-dd HH:mm", CultureInfo.InvariantCulture);
        }
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
