using Fairlead.Engine.Responding.OnCall;

namespace Fairlead.Tests.Responding.OnCall;

public sealed class EscalationTests
{
    [Theory]
    [InlineData(0, "0/0 at 0", "1/0 at 300", "2/0 at 900")]
    [InlineData(1, "0/0 at 0", "1/0 at 300", "2/0 at 900", "0/1 at 1800", "1/1 at 2100", "2/1 at 2700")]
    public void Levels_are_told_one_after_the_other_as_often_as_it_says(int repeat, params string[] steps)
    {
        var policy = new Escalation("shop", [Wait(5), Wait(10), Wait(15)], repeat);
        var told = new List<string>();
        for (var state = EscalationState.Begin("shop", Words.Noon); state is not null; )
        {
            told.Add($"{state.Level}/{state.Round} at {(state.NextAt - Words.Noon).TotalSeconds}");
            state = state.After(policy, state.NextAt);
        }

        Assert.Equal(steps, told);
    }

    [Fact]
    public void Whoever_is_told_late_has_the_whole_time_to_answer() =>
        Assert.Equal(
            new("shop", 1, 0, Words.At(1300)),
            EscalationState.Begin("shop", Words.Noon).After(new("shop", [Wait(5), Wait(10)], 0), Words.At(1000))
        );

    [Fact]
    public void A_policy_that_lost_levels_meanwhile_ends_with_its_last()
    {
        var third = new EscalationState("shop", 2, 0, Words.Noon);

        Assert.Null(third.After(new("shop", [Wait(5)], 0), Words.Noon));
        Assert.Equal(new("shop", 0, 1, Words.At(300)), third.After(new("shop", [Wait(5)], 1), Words.Noon));
    }

    private static Level Wait(int minutes) => new(["ana"], TimeSpan.FromMinutes(minutes));
}
