using System.Globalization;
using Fairlead.Engine.Operations;
using Fairlead.Engine.Responding.OnCall;

namespace Fairlead.Tests.Responding.OnCall;

public sealed class ShiftTests
{
    // A Monday.
    private static readonly DateTimeOffset Now = new(2026, 11, 30, 11, 7, 0, TimeSpan.Zero);

    [Fact]
    public void Turns_follow_each_other_from_now_on_and_begin_when_the_clock_says()
    {
        var schedule = new Schedule(
            "primary",
            [new(new DateTime(2026, 11, 30, 9, 0, 0), TimeSpan.FromDays(1), TimeZoneInfo.Utc, ["ann", "ben"])]
        );

        Assert.Equal(
            ["ann 30 11:07 to 1 09:00", "ben 1 09:00 to 2 09:00", "ann 2 09:00 to 2 11:07"],
            ShowOnCall.ShiftsOf(schedule, Now, days: 2).Select(Text)
        );
    }

    [Fact]
    public void Where_nobody_is_on_call_there_is_a_turn_of_nobody()
    {
        var schedule = new Schedule("primary", [])
        {
            Overrides = [new(Now.AddHours(2).AddMinutes(-7), Now.AddHours(3).AddMinutes(-7), "ann")],
        };

        Assert.Equal(
            ["nobody 30 11:07 to 30 13:00", "ann 30 13:00 to 30 14:00", "nobody 30 14:00 to 1 11:07"],
            ShowOnCall.ShiftsOf(schedule, Now, days: 1).Select(Text)
        );
    }

    private static string Text(ShowOnCall.Shift one) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{one.Person ?? "nobody"} {one.From:%d HH:mm} to {one.Until:%d HH:mm}"
        );
}
