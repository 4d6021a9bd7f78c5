using Fairlead.Engine.Responding.Routing;

namespace Fairlead.Tests.Responding.Routing;

public sealed class TimeRangeTests
{
    [Theory]
    [InlineData("weekdays: ['monday:friday']", "2026-11-27 12:00", true)]
    [InlineData("weekdays: ['monday:friday']", "2026-11-28 12:00", false)]
    [InlineData("weekdays: [saturday, sunday]", "2026-11-29 23:59", true)]
    [InlineData("times: [{ start_time: '09:00', end_time: '17:00' }]", "2026-11-27 09:00", true)]
    [InlineData("times: [{ start_time: '09:00', end_time: '17:00' }]", "2026-11-27 08:59", false)]
    [InlineData("times: [{ start_time: '09:00', end_time: '17:00' }]", "2026-11-27 17:00", false)]
    [InlineData("times: [{ start_time: '22:00', end_time: '24:00' }]", "2026-11-27 23:59", true)]
    // Nine in Berlin is eight in winter and seven in summer.
    [InlineData(
        "{ times: [{ start_time: '09:00', end_time: '17:00' }], location: Europe/Berlin }",
        "2026-11-27 08:00",
        true
    )]
    [InlineData(
        "{ times: [{ start_time: '09:00', end_time: '17:00' }], location: Europe/Berlin }",
        "2026-07-27 07:00",
        true
    )]
    [InlineData(
        "{ times: [{ start_time: '09:00', end_time: '17:00' }], location: Europe/Berlin }",
        "2026-11-27 07:59",
        false
    )]
    // Midnight in Berlin is still Friday in UTC.
    [InlineData("{ weekdays: [saturday], location: Europe/Berlin }", "2026-11-27 23:00", true)]
    [InlineData("days_of_month: ['1:5']", "2026-11-05 00:00", true)]
    [InlineData("days_of_month: ['1:5']", "2026-11-06 00:00", false)]
    [InlineData("days_of_month: ['-1']", "2026-02-28 00:00", true)]
    [InlineData("days_of_month: ['-1']", "2028-02-28 00:00", false)]
    [InlineData("days_of_month: ['-1']", "2028-02-29 00:00", true)]
    [InlineData("days_of_month: ['-3:-1']", "2026-11-28 00:00", true)]
    [InlineData("days_of_month: ['28:-1']", "2026-11-30 00:00", true)]
    [InlineData("days_of_month: ['31']", "2026-11-30 00:00", false)]
    [InlineData("months: ['december:december', '11']", "2026-11-30 00:00", true)]
    [InlineData("months: ['january:march']", "2026-04-01 00:00", false)]
    [InlineData("years: ['2026:2028']", "2028-12-31 23:59", true)]
    [InlineData("years: ['2026:2028']", "2029-01-01 00:00", false)]
    [InlineData("{ weekdays: [friday], months: [november], days_of_month: ['27'] }", "2026-11-27 12:00", true)]
    [InlineData("{ weekdays: [friday], months: [november], days_of_month: ['28'] }", "2026-11-27 12:00", false)]
    [InlineData("{}", "2026-11-27 12:00", true)]
    public void A_moment_is_within_it_or_not(string range, string moment, bool isWithin)
    {
        var text = range.StartsWith('{') ? range : $"{{ {range} }}";
        var plan = Words.PlanOf(
            $"route: {{ receiver: x }}\nreceivers: [{{ name: x }}]\ntime_intervals: [{{ name: t, time_intervals: [{text}] }}]"
        );

        Assert.Equal(isWithin, plan.Times["t"][0].Contains(Words.Utc(moment)));
    }

    [Theory]
    [InlineData("00:00", 0)]
    [InlineData("09:30", 570)]
    [InlineData("24:00", 1440)]
    [InlineData("24:01", null)]
    [InlineData("9:00", null)]
    [InlineData("09:60", null)]
    [InlineData("-1:00", null)]
    [InlineData("09:00:00", null)]
    [InlineData("", null)]
    public void A_time_of_day_is_read(string text, int? minute) => Assert.Equal(minute, TimeRange.Minute(text));

    [Theory]
    [InlineData("friday:monday")]
    [InlineData("someday")]
    [InlineData("monday:tuesday:friday")]
    [InlineData("")]
    public void Weekdays_that_are_none_are_refused(string text) => Assert.Null(TimeRange.WeekdaysOf(text));

    [Theory]
    [InlineData("0")]
    [InlineData("1:0")]
    [InlineData("32")]
    [InlineData("-32")]
    [InlineData("5:1")]
    [InlineData("-1:-3")]
    [InlineData("-1:5")]
    [InlineData("99999999999")]
    public void Days_that_no_month_has_are_refused(string text) => Assert.Null(TimeRange.DaysOfMonthOf(text));

    [Theory]
    [InlineData("0:3")]
    [InlineData("march:january")]
    [InlineData("13")]
    public void Months_that_no_year_has_are_refused(string text) => Assert.Null(TimeRange.MonthsOf(text));

    [Fact]
    public void Routes_are_muted_by_the_clock()
    {
        var plan = Words.PlanOf(
            """
            route:
              receiver: x
              routes:
                - { matchers: [a="1"], mute_time_intervals: [nights, weekends] }
                - { matchers: [a="2"], active_time_intervals: [nights] }
            receivers: [{ name: x }]
            time_intervals:
              - { name: nights, time_intervals: [{ times: [{ start_time: '00:00', end_time: '06:00' }] }] }
            mute_time_intervals:
              - { name: weekends, time_intervals: [{ weekdays: ['saturday', 'sunday'] }] }
            """
        );
        bool[] Muted(string moment) => [.. plan.Root.All.Select(one => plan.IsMuted(one, Words.Utc(moment)))];

        Assert.Equal([false, false, true], Muted("2026-11-27 12:00"));
        Assert.Equal([false, true, false], Muted("2026-11-27 05:59"));
        Assert.Equal([false, true, true], Muted("2026-11-28 12:00"));
    }
}
