using CsCheck;
using Fairlead.Model.Releases;

namespace Fairlead.Tests.Guarding.Access;

/// <summary>Times in which nothing is deployed.</summary>
public sealed class FreezeWindowTests
{
    [Theory]
    // Friday 27 November 2026, winter: Berlin is an hour ahead.
    [InlineData("Fri 16:00 - Mon 08:00 Europe/Berlin", "2026-11-27T14:59:59Z", false)]
    [InlineData("Fri 16:00 - Mon 08:00 Europe/Berlin", "2026-11-27T15:00:00Z", true)]
    [InlineData("Fri 16:00 - Mon 08:00 Europe/Berlin", "2026-11-30T06:59:59Z", true)]
    [InlineData("Fri 16:00 - Mon 08:00 Europe/Berlin", "2026-11-30T07:00:00Z", false)]
    // Summer: two hours.
    [InlineData("Fri 16:00 - Mon 08:00 Europe/Berlin", "2026-07-03T14:00:00Z", true)]
    [InlineData("Fri 16:00 - Mon 08:00 Europe/Berlin", "2026-07-03T13:59:00Z", false)]
    [InlineData("Mon 08:00 - Mon 18:00", "2026-11-30T12:00:00Z", true)]
    // The last day is in it.
    [InlineData("2026-12-20 - 2027-01-04 Europe/Berlin", "2027-01-04T22:59:00Z", true)]
    [InlineData("2026-12-20 - 2027-01-04 Europe/Berlin", "2027-01-04T23:00:00Z", false)]
    [InlineData("2026-12-20 18:00 - 2026-12-21 06:00", "2026-12-20T17:59:00Z", false)]
    [InlineData("2026-12-20 18:00 - 2026-12-21 06:00", "2026-12-21T05:59:00Z", true)]
    public void A_freeze_holds_by_the_clock_on_its_wall(string window, string at, bool holds) =>
        Assert.Equal(holds, FreezeWindow.TryParse(window)!.Contains(DateTimeOffset.Parse(at, null)));

    [Theory]
    [InlineData("Fri 16:00 - Fri 16:00")]
    [InlineData("Fri 25:00 - Mon 08:00")]
    [InlineData("Foo 16:00 - Mon 08:00")]
    [InlineData("unM 16:00 - Mon 08:00")]
    [InlineData("2026-12-20 - 2026-12-19")]
    [InlineData("2026-02-30 - 2026-03-01")]
    [InlineData("Fri 16:00 - Mon 08:00 Atlantis/Centre")]
    [InlineData("Fri 16:00 - Mon 08:00 ../../etc/passwd")]
    [InlineData("Fri 16:00 - Mon 08:00\n")]
    [InlineData("")]
    public void What_is_no_time_is_none(string text) => Assert.Null(FreezeWindow.TryParse(text));

    [Fact]
    public void Any_text_is_read_or_refused_and_what_is_read_can_be_asked() =>
        Gen.OneOf(
                Gen.String,
                Gen.Select(
                    Gen.OneOf("Fri", "Sun", "2026-12-20", "9999-12-31", "0001-01-01"),
                    Gen.OneOf(" 00:00", " 23:59", ""),
                    Gen.OneOf("Mon 08:00", "2027-01-01", "9999-12-31", "0001-01-02 00:00"),
                    Gen.OneOf("", " UTC", " Pacific/Kiritimati", " America/St_Johns"),
                    (from, clock, until, zone) => $"{from}{clock} - {until}{zone}"
                )
            )
            .Sample(
                text =>
                {
                    var window = FreezeWindow.TryParse(text);
                    _ = window?.Contains(DateTimeOffset.UnixEpoch);
                    _ = window?.Contains(new DateTimeOffset(2026, 10, 25, 1, 30, 0, TimeSpan.Zero));
                    return window is null || window.Text == text;
                },
                iter: 10_000
            );
}
