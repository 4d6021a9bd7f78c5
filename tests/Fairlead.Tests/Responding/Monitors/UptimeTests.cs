using System.Text.Json;
using Fairlead.Engine.Operations;
using Fairlead.Engine.Responding.Monitors;
using Fairlead.Model.Monitoring;

namespace Fairlead.Tests.Responding.Monitors;

public sealed class UptimeTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Each_state_counts_on_its_own_day_and_a_pause_counts_nowhere()
    {
        var book = UptimeBook
            .New(Noon)
            .Count(MonitorState.Up, Noon.AddHours(13))
            .Count(MonitorState.Down, Noon.AddHours(14))
            .Count(MonitorState.Paused, Noon.AddHours(20))
            .Count(MonitorState.Maintenance, Noon.AddHours(21))
            .Count(MonitorState.Unknown, Noon.AddHours(22))
            .Count(MonitorState.Pending, Noon.AddHours(23));
        Assert.Equal(
            ["03-01 up 12 down 0 unknown 0 maintenance 0", "03-02 up 2 down 1 unknown 1 maintenance 1"],
            book.Days.Select(Text)
        );
        Assert.Equal((14L, 1L), (book.LastDay.Up / 3_600_000, book.LastDay.Down / 3_600_000));
    }

    [Fact]
    public void What_lies_in_the_past_is_not_counted_twice()
    {
        var book = UptimeBook.New(Noon).Count(MonitorState.Up, Noon.AddHours(1));
        Assert.Same(book, book.Count(MonitorState.Down, Noon));
    }

    [Fact]
    public void After_years_it_holds_ninety_days_and_takes_a_few_kilobytes()
    {
        var book = UptimeBook
            .New(Noon)
            .Count(MonitorState.Up, Noon.AddDays(1000))
            .Count(MonitorState.Down, Noon.AddDays(1001));
        Assert.Equal((90, 25), (book.Days.Count, book.Hours.Count));
        Assert.InRange(JsonSerializer.Serialize(book).Length, 1_000, 16_000);
        Assert.Equal(24L * 3600 * 1000, book.LastDay.Down);
        Assert.Equal(12L * 3600 * 1000, book.Last(1).Down);
        Assert.Equal(24L * 3600 * 1000, book.Last(2).Down);
    }

    [Theory]
    [InlineData(100, 0, "100%")]
    [InlineData(999_999_999, 1, "99.999%")]
    [InlineData(1, 1, "50%")]
    [InlineData(0, 0, null)]
    public void A_second_of_downtime_is_never_rounded_away(long up, long down, string? text) =>
        Assert.Equal(text, MonitorViews.Percent(new(up, down, 5, 5)));

    private static string Text(UptimePart part) =>
        string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"{part.From:MM-dd} up {part.Tally.Up / 3_600_000} down {part.Tally.Down / 3_600_000} unknown {part.Tally.Unknown / 3_600_000} maintenance {part.Tally.Maintenance / 3_600_000}"
        );
}
