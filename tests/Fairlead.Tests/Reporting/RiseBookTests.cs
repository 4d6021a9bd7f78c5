using Fairlead.Engine.Reporting;
using Fairlead.Model.Telemetry;

namespace Fairlead.Tests.Reporting;

/// <summary>Counting what counters rose by, over restarts, gaps and announced work.</summary>
public sealed class RiseBookTests
{
    private const long Minute = 60 * 1000;

    [Fact]
    public void A_counter_is_counted_from_what_it_was_before_and_over_its_falls()
    {
        var book = Of([], [(-4, 100), (1, 110), (4, 130), (6, 5), (9, 7)]);
        Assert.Equal([30.0, 7.0, 0.0, 0.0], book.Rises);
        Assert.Equal([true, true, false, false], book.Known);
    }

    [Fact]
    public void What_was_there_before_all_measuring_counts_nothing_and_what_comes_up_in_the_midst_counts_whole()
    {
        var book = Of([], [(1, 1000), (4, 1010)], [(7, 5), (9, 9)]);
        Assert.Equal([10.0, 9.0, 0.0, 0.0], book.Rises);
    }

    [Fact]
    public void A_gap_is_known_when_the_counter_went_on_and_not_when_it_ended()
    {
        Assert.Equal([true, true, true, true], Of([], [(1, 10), (17, 30)]).Known);
        Assert.Equal([true, false, false, true], Of([], [(1, 10), (2, double.NaN), (17, 30)]).Known);
        Assert.Equal([true, false, false, true], Of([], [(1, 10), (17, 3)]).Known);
    }

    [Fact]
    public void Announced_work_is_counted_apart_to_the_sample()
    {
        var book = Of([new(6 * Minute, 12 * Minute)], [(-1, 0), (5, 10), (6, 11), (7, 111), (12, 151), (13, 153)]);
        Assert.Equal([10.0, 1.0, 2.0, 0.0], book.Rises);
        Assert.Equal(140, book.Planned);
    }

    [Fact]
    public void Samples_outside_of_the_span_count_nothing()
    {
        var book = Of([], [(-9, 5), (0, 50), (20, 60), (25, 999)]);
        Assert.Equal([0.0, 0.0, 0.0, 10.0], book.Rises);
    }

    private static RiseBook Of(IReadOnlyList<TimeSlice> planned, params (int Minute, double Value)[][] series)
    {
        var book = new RiseBook(new(0, 20 * Minute), planned);
        foreach (var one in series)
        {
            var samples = new SampleColumns();
            foreach (var (minute, value) in one)
            {
                samples.Add(minute * Minute, value);
            }
            book.Take(samples);
        }
        book.Settle(book.Earliest);
        return book;
    }
}
