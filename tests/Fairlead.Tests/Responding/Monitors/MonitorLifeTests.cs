using Fairlead.Engine.Responding.Monitors;
using Fairlead.Model.Monitoring;

namespace Fairlead.Tests.Responding.Monitors;

/// <summary>Looks in, states out.</summary>
public sealed class MonitorLifeTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly MonitorSpec Api = new()
    {
        Name = "api",
        Url = "https://api.example.com",
        Retries = 1,
    };
    private readonly List<string> told = [];
    private MonitorStanding standing = MonitorStanding.New(Start);
    private int minute;

    [Fact]
    public void A_failure_is_forgiven_as_often_as_is_said_and_down_counts_from_the_first()
    {
        Look(up: true);
        Look(up: false);
        Look(up: false);
        Look(up: false);
        Look(up: true);
        Assert.Equal(["up 1", "pending 2", "down 2", "down 2", "up 5"], told);
    }

    [Fact]
    public void A_good_look_forgets_the_failures_before()
    {
        Look(up: false);
        Look(up: true);
        Look(up: false);
        Assert.Equal(["pending 1", "up 2", "pending 3"], told);
    }

    [Fact]
    public void While_what_is_on_the_way_is_down_nothing_is_known_and_failures_are_not_counted()
    {
        Look(up: false, new Waypoint("gateway", "gateway", MonitorState.Down, Start));
        Look(up: false, new Waypoint("gateway", "gateway", MonitorState.Up, At(2)));
        Assert.Equal(["unknown 0", "pending 2"], told);
    }

    [Fact]
    public void Before_it_is_down_what_is_on_the_way_is_asked_anew()
    {
        var old = new Waypoint("shop/production/gateway", "gateway", MonitorState.Up, Start);
        Look(up: false, old);
        Look(up: false, old);
        Assert.Equal("pending", Word(standing));
        Assert.Equal(["shop/production/gateway"], asked);
        Look(up: false, old with { LookedAt = At(3) });
        Assert.Equal("down", Word(standing));
    }

    [Fact]
    public void Who_gets_no_news_of_the_way_is_down_after_a_minute()
    {
        var old = new Waypoint("gateway", "gateway", MonitorState.Up, Start);
        Look(up: false, old);
        Look(up: false, old);
        Look(up: false, old);
        Assert.Equal(["pending 1", "pending 1", "down 1"], told);
    }

    [Fact]
    public void While_Fairlead_is_cut_off_a_failure_says_nothing_and_while_that_is_found_out_it_waits()
    {
        var doubt = Turn(up: false, NetworkState.Doubtful);
        Assert.Equal(MonitorState.Pending, doubt.State);
        standing = doubt with { Failures = 5 };
        Assert.Equal(MonitorState.Pending, Turn(up: false, NetworkState.Doubtful).State);
        Assert.Equal(MonitorState.Down, Turn(up: false, NetworkState.Fine).State);
        Assert.Equal(
            (MonitorState.Unknown, "Fairlead itself is cut off from the network."),
            (Turn(up: false, NetworkState.CutOff).State, Turn(up: false, NetworkState.CutOff).Why)
        );
        Assert.Equal(MonitorState.Up, Turn(up: true, NetworkState.CutOff).State);
    }

    [Fact]
    public void What_went_down_a_moment_before_Fairlead_was_found_to_be_cut_off_is_unknown_too()
    {
        var down = new MonitorStanding(MonitorState.Down, Start, "It is down.");
        Assert.Equal(MonitorState.Unknown, MonitorLife.CutOff(down, Start + TimeSpan.FromMinutes(1)).State);
        Assert.Equal(MonitorState.Down, MonitorLife.CutOff(down, Start + TimeSpan.FromMinutes(3)).State);
    }

    [Fact]
    public void A_machine_that_cannot_look_knows_nothing()
    {
        standing = MonitorLife
            .After(standing, Api, MonitorLook.Unable("No pings here."), new(At(1), NetworkState.Fine, []))
            .Standing;
        Assert.Equal((MonitorState.Unknown, "No pings here."), (standing.State, standing.Why));
    }

    [Theory]
    [InlineData(MonitorState.Pending, 300, 20)]
    [InlineData(MonitorState.Pending, 5, 5)]
    [InlineData(MonitorState.Down, 300, 300)]
    public void One_that_fails_is_looked_at_again_soon(MonitorState state, int every, int pause) =>
        Assert.Equal(
            TimeSpan.FromSeconds(pause),
            MonitorLife.PauseOf(Api with { Every = TimeSpan.FromSeconds(every) }, state)
        );

    private IReadOnlyList<string> asked = [];

    private static DateTimeOffset At(int minutes) => Start + TimeSpan.FromMinutes(minutes);

    private static string Word(MonitorStanding one) => one.State.ToString().ToLowerInvariant();

    private MonitorStanding Turn(bool up, NetworkState network) =>
        MonitorLife
            .After(
                standing,
                Api,
                up ? MonitorLook.Up("It is up.") : MonitorLook.Down("It is down."),
                new(At(minute), network, [])
            )
            .Standing;

    private void Look(bool up, params Waypoint[] on)
    {
        minute++;
        var turn = MonitorLife.After(
            standing,
            Api,
            up ? MonitorLook.Up("It is up.") : MonitorLook.Down("It is down."),
            new(At(minute), NetworkState.Fine, on)
        );
        (standing, asked) = (turn.Standing, turn.Ask);
        told.Add(
            string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"{Word(standing)} {(standing.Since - Start).TotalMinutes}"
            )
        );
    }
}
