using Fairlead.Model.Ports;
using Fairlead.Model.Releases;
using Fairlead.Roles.Edge;
using Microsoft.Extensions.Time.Testing;
using static Fairlead.Tests.Edge.EdgeSample;

namespace Fairlead.Tests.Edge;

public sealed class TroubleBellTests
{
    private readonly FakeTimeProvider clock = new();
    private readonly Ledger ledger;
    private readonly TroubleBell bell;

    public TroubleBellTests()
    {
        var world = new World(clock, new Random(1));
        ledger = new Ledger(world);
        bell = new TroubleBell(ledger, world);
        Show();
    }

    [Fact]
    public void Some_requests_of_a_part_that_fail_are_trouble_and_fewer_are_not()
    {
        Fail(TroubleBell.TroubleMin - 1, Ending.Failed);
        Assert.False(bell.Take());
        Fail(1, Ending.Lost);
        Assert.True(bell.Take());
        Show();
        Assert.False(bell.Take());
    }

    [Fact]
    public void Answers_and_what_failed_before_it_was_shown_are_no_trouble()
    {
        Fail(100, Ending.Answered);
        Fail(100, Ending.Failed);
        Show();
        Assert.False(bell.Take());
    }

    [Fact]
    public void Requests_to_a_site_that_find_nobody_are_trouble()
    {
        for (var count = 0; count < TroubleBell.TroubleMin; count++)
        {
            ledger.Elsewhere(Shop).Request();
        }
        Assert.True(bell.Take());
    }

    [Fact]
    public void Right_after_it_was_shown_nothing_is_told()
    {
        bell.Shown();
        Fail(100, Ending.Failed);
        Assert.False(bell.Take());
    }

    [Fact]
    public void What_fails_all_the_time_is_told_a_few_times_and_again_after_a_rest()
    {
        var told = 0;
        for (var look = 0; look < 3 * TroubleBell.InARow; look++)
        {
            Fail(100, Ending.Failed);
            told += bell.Take() ? 1 : 0;
            Show();
        }
        // Eight, and one for each five seconds that pass meanwhile.
        Assert.Equal(TroubleBell.InARow + 1, told);
        for (var minute = 0; minute < 60; minute++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            _ = bell.Take();
        }
        Fail(100, Ending.Failed);
        Assert.True(bell.Take());
    }

    private void Show()
    {
        bell.Shown();
        clock.Advance(TimeSpan.FromMilliseconds(250));
    }

    private void Fail(long count, Ending ending)
    {
        var meter = ledger.Meter(Shop, new Part("api", 1));
        for (; count > 0; count--)
        {
            meter.Total.Request();
            meter.Total.End(ending);
        }
    }
}
