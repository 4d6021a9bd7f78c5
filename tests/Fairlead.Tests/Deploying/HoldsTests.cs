using Fairlead.Engine.Deploying;
using Fairlead.Engine.Judging;
using Fairlead.Engine.Operations;
using Fairlead.Model.Releases;

namespace Fairlead.Tests.Deploying;

public sealed class HoldsTests
{
    private static readonly Gate Judged = new Gate.Judged(new());
    private static readonly Judgement Peace = new(Ruling.Holds, "no harm", []) { HasSeen = true };
    private static readonly Judgement Harm = new(Ruling.Broken, "p95 is 188ms against 163ms", []);
    private static readonly Judgement Unsure = new(Ruling.Unknown, "too little", []) { HasSeen = true };

    [Fact]
    public void A_hold_moves_the_deadlines_and_says_who_and_why()
    {
        var now = Watched(Peace, seconds: 10);

        var note = Ask(now, RequestKind.Hold, 30.Minutes);

        var held = Assert.Single(note.Deployments);
        Assert.Equal(new Hold(now.Now, now.Now + 30.Minutes, "ann", "a strange line"), held.Held);
        Assert.Equal(
            (now.Deployment!.StepDeadline + 30.Minutes, now.Deployment.Deadline + 30.Minutes),
            (held.StepDeadline, held.Deadline)
        );
        Assert.Equal(["held: shop@42 is held for 30m by ann: a strange line"], Text(note));
    }

    [Fact]
    public void Whoever_lets_it_go_on_early_gives_back_what_was_left_of_the_deadlines()
    {
        var before = Watched(Peace, seconds: 10);
        var held = Assert.Single(Ask(before, RequestKind.Hold, 30.Minutes).Deployments);
        var later = before with { Deployment = held, Now = before.Now + 12.Minutes };

        var note = Ask(later, RequestKind.Resume, lasts: null);

        var free = Assert.Single(note.Deployments);
        Assert.Equal(
            (null, 12.Minutes, before.Deployment!.StepDeadline + 12.Minutes, before.Deployment.Deadline + 12.Minutes),
            (free.Held, free.HeldFor, free.StepDeadline, free.Deadline)
        );
        Assert.Equal(["resumed: shop@42 goes on, by ann: a strange line"], Text(note));
    }

    [Fact]
    public void What_is_proven_waits_while_it_is_held_and_goes_on_when_nobody_holds_it()
    {
        var free = Watched(Peace, seconds: 90);
        var held = free with { Deployment = Held(free, 30.Minutes) };

        Assert.Equal("goes on", Next(free));
        Assert.Equal("waits for somebody to let it go on: ann holds it until 09:31:30Z (a strange line)", Next(held));
    }

    [Fact]
    public void What_is_not_known_yet_decides_nothing_while_it_is_held()
    {
        var free = Watched(Unsure, seconds: 90, Quiet.Rollback);
        var held = free with { Deployment = Held(free, 30.Minutes) };

        Assert.Equal("taken back: gate.inconclusive", Next(free));
        Assert.StartsWith("waits for somebody", Next(held), StringComparison.Ordinal);
    }

    [Fact]
    public void Harm_takes_back_what_is_held_too()
    {
        var now = Watched(Harm, seconds: 10);

        Assert.Equal("taken back: judge.harm", Next(now with { Deployment = Held(now, 30.Minutes) }));
    }

    [Fact]
    public void What_nobody_lets_go_on_in_time_is_taken_back()
    {
        var now = Watched(Peace, seconds: 10);
        var held = now with { Deployment = Held(now, 30.Minutes) };

        Assert.StartsWith(
            "waits",
            Next(held with { Now = now.Now + 30.Minutes - 1.Seconds }),
            StringComparison.Ordinal
        );
        Assert.Equal("taken back: deployment.held-too-long", Next(held with { Now = now.Now + 30.Minutes }));
    }

    [Fact]
    public void To_hold_it_again_begins_anew_and_all_holds_together_have_a_limit()
    {
        var now = Watched(Peace, seconds: 10);
        var first = now with { Deployment = Held(now, TimeSpan.FromHours(20)), Now = now.Now + TimeSpan.FromHours(19) };

        var second = Assert.Single(Ask(first, RequestKind.Hold, TimeSpan.FromHours(20)).Deployments);
        var third = first with { Deployment = second, Now = first.Now + TimeSpan.FromHours(5) - 1.Seconds };

        Assert.Equal((first.Now + TimeSpan.FromHours(5), Holds.Most), (second.Held!.Until, second.HeldFor));
        Assert.Equal(
            third.Now + 1.Seconds,
            Assert.Single(Ask(third, RequestKind.Hold, 1.Minutes).Deployments).Held!.Until
        );
    }

    [Fact]
    public void To_promote_it_ends_the_hold()
    {
        var now = Watched(Peace, seconds: 10);

        var hurried = Assert.Single(
            Ask(now with { Deployment = Held(now, 30.Minutes) }, RequestKind.Promote, lasts: null).Deployments
        );

        Assert.Equal((true, null, now.Deployment!.Deadline), (hurried.IsHurried, hurried.Held, hurried.Deadline));
    }

    [Theory]
    [InlineData(DeploymentPhase.Building)]
    [InlineData(DeploymentPhase.RollingBack)]
    public void Before_and_after_its_steps_there_is_nothing_to_hold(DeploymentPhase phase)
    {
        var now = Watched(Peace, seconds: 10);

        var note = Ask(now with { Deployment = now.Deployment! with { Phase = phase } }, RequestKind.Hold, 30.Minutes);

        Assert.Empty(note.Deployments);
    }

    private static Situation Watched(Judgement judgement, int seconds, Quiet quiet = Quiet.Proceed) =>
        WatchingTests.Watching([Judged], judgement, seconds, quiet, isLast: quiet == Quiet.Rollback);

    private static Deployment Held(Situation now, TimeSpan lasts) =>
        Assert.Single(Ask(now, RequestKind.Hold, lasts).Deployments);

    private static Decision.Note Ask(Situation now, RequestKind kind, TimeSpan? lasts) =>
        Intake.Take(
            now,
            new()
            {
                Id = "r1",
                Site = now.Site,
                Kind = kind,
                By = new("ann", "ann", "ann"),
                Reason = "a strange line",
                For = lasts,
            }
        );

    // The part that a whole turn decides about steps, without a world that has to be looked at.
    private static string Next(Situation now)
    {
        var decision =
            now.Deployment!.Held is { } held && now.Now >= held.Until
                ? Decider.Next(now)
                : Holds.Kept(now, Engine.Deploying.Watching.Next(now, (Step.Watch)now.Deployment.Current!));
        return decision switch
        {
            Decision.Wait wait => $"waits for {wait.Why}",
            Decision.Note { Deployments: [{ Phase: DeploymentPhase.RollingBack } back] } =>
                $"taken back: {back.Reason!.Code}",
            Decision.Note { Deployments: [var next] } when next.Step > now.Deployment!.Step => "goes on",
            _ => "something else",
        };
    }

    private static IEnumerable<string> Text(Decision.Note note) =>
        note.Entries.Select(static one => $"{one.Kind}: {one.Text}");
}
