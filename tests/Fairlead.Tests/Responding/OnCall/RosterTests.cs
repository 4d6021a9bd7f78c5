using Fairlead.Engine.Responding.OnCall;

namespace Fairlead.Tests.Responding.OnCall;

/// <summary>Who is on call when.</summary>
public sealed class RosterTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Theory]
    [InlineData("2026-11-02 07:59", null)]
    [InlineData("2026-11-02 08:00", "ana")]
    [InlineData("2026-11-09 07:59", "ana")]
    [InlineData("2026-11-09 08:00", "ben")]
    [InlineData("2026-11-16 08:00", "cem")]
    [InlineData("2026-11-23 08:00", "ana")]
    // Clocks went forward on the 28th of March: nine in Berlin is seven in UTC from then on.
    [InlineData("2027-03-22 07:59", "ben")]
    [InlineData("2027-03-22 08:00", "cem")]
    [InlineData("2027-03-29 06:59", "cem")]
    [InlineData("2027-03-29 07:00", "ana")]
    // And back on the 31st of October.
    [InlineData("2027-10-25 07:00", "ana")]
    [InlineData("2027-11-01 07:59", "ana")]
    [InlineData("2027-11-01 08:00", "ben")]
    public void Turns_change_at_nine_by_the_clock_on_the_wall_in_summer_and_in_winter(string moment, string? person) =>
        Assert.Equal(person, Weekly().At(Words.Utc(moment)));

    [Theory]
    [InlineData("2027-03-27", "2027-03-28", 24)]
    [InlineData("2027-03-28", "2027-03-29", 23)]
    [InlineData("2027-10-31", "2027-11-01", 25)]
    public void A_day_in_which_clocks_change_has_23_or_25_hours(string day, string next, int hours)
    {
        var daily = new Rotation(At("2027-01-01"), TimeSpan.FromDays(1), Berlin, ["ana", "ben"]);
        var from = new DateTimeOffset(At(day), Berlin.GetUtcOffset(At(day)));
        var person = daily.At(from);
        var until = Enumerable.Range(1, 30).First(hour => daily.At(from.AddHours(hour)) != person);

        Assert.Equal(hours, until);
        Assert.NotEqual(person, daily.At(new DateTimeOffset(At(next), Berlin.GetUtcOffset(At(next)))));
    }

    [Fact]
    public void Shifts_of_hours_last_as_long_as_they_say_whatever_clocks_do()
    {
        var half = new Rotation(At("2027-03-27"), TimeSpan.FromHours(12), Berlin, ["ana", "ben"]);
        var start = Words.Utc("2027-03-26 23:00");

        Assert.Equal(
            ["ana", "ben", "ana", "ben", "ana", "ben"],
            Enumerable.Range(0, 6).Select(shift => half.At(start.AddHours((12 * shift) + 11.99)))
        );
    }

    [Fact]
    public void Of_several_rotations_the_first_that_has_somebody_decides()
    {
        var plan = Words.PlanOf(
            """
            route: { receiver: x }
            receivers: [{ name: x }]
            time_intervals:
              - { name: office, time_intervals: [{ weekdays: ['monday:friday'], times: [{ start_time: '09:00', end_time: '17:00' }] }] }
            people: { ana: {}, ben: {}, cem: {} }
            schedules:
              shop:
                rotations:
                  - { start: 2026-11-02, shift: 1d, people: [ana], only: office }
                  - { start: 2026-11-28, shift: 1w, people: [ben] }
                overrides:
                  - { person: cem, from: 2026-12-24, until: 2026-12-27 }
                  - { person: ana, from: 2026-12-25, until: 2026-12-26 }
            """
        );
        var shop = plan.Roster.Schedules["shop"];

        Assert.Equal(
            [null, "ana", null, "ben", "ana", "ben", "cem", "ana", "cem", "ben"],
            new[]
            {
                "2026-11-02 08:59",
                "2026-11-27 16:59",
                "2026-11-27 17:00",
                "2026-11-28 12:00",
                "2026-11-30 12:00",
                "2026-11-30 18:00",
                "2026-12-24 12:00",
                "2026-12-25 12:00",
                "2026-12-26 12:00",
                "2026-12-27 00:00",
            }.Select(one => shop.At(Words.Utc(one)))
        );
        Assert.Equal(
            ["2026-11-27 17:00 to 2026-11-28 00:00"],
            shop.Gaps(Words.Utc("2026-11-27 10:00"), Words.Utc("2026-12-30 00:00"))
                .Select(one => $"{one.From:yyyy-MM-dd HH:mm} to {one.Until:yyyy-MM-dd HH:mm}")
        );
    }

    [Fact]
    public void A_rotation_without_people_or_before_its_start_has_nobody()
    {
        Assert.Null(new Rotation(At("2026-01-01"), TimeSpan.FromDays(1), Berlin, []).At(Words.Noon));
        Assert.Null(new Rotation(At("2027-01-01"), TimeSpan.FromDays(1), Berlin, ["ana"]).At(Words.Noon));
    }

    [Fact]
    public void A_level_means_people_and_whoever_is_on_call_each_once()
    {
        var people = new[] { "ana", "ben", "cem" }.ToDictionary(one => one, one => new Person(one, []));
        var roster = new Roster(
            people,
            new Dictionary<string, Schedule>
            {
                ["shop"] = new("shop", [Weekly()]),
                ["later"] = new("later", [new(At("2099-01-01"), TimeSpan.FromDays(1), Berlin, ["ben"])]),
            },
            new Dictionary<string, Escalation>()
        );

        Assert.Equal(
            ["ana", "cem"],
            roster
                .PeopleOf(new(["shop", "later", "cem", "ana", "gone"], TimeSpan.Zero), Words.Utc("2026-11-23 08:00"))
                .Select(one => one.Name)
        );
    }

    private static Rotation Weekly() =>
        new(At("2026-11-02").AddHours(9), TimeSpan.FromDays(7), Berlin, ["ana", "ben", "cem"]);

    private static DateTime At(string day) =>
        DateTime.ParseExact(day, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
