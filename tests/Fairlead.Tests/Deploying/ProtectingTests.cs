using System.Text.Json;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Operations;
using Fairlead.Model.Releases;

namespace Fairlead.Tests.Deploying;

/// <summary>What stands before a deployment.</summary>
public sealed class ProtectingTests
{
    private static readonly Protection OneYes = new() { Approvals = 1, Wait = TimeSpan.FromHours(1) };

    [Fact]
    public void A_change_that_takes_the_rules_away_needs_the_approval_that_it_takes_away() =>
        Assert.Equal("1 approval", Protecting.MissingOf(Waiting(before: OneYes, next: null)));

    [Fact]
    public void A_yes_counts_once_for_exactly_its_plan_and_not_from_who_asked()
    {
        var now = Waiting(before: null, next: OneYes);
        var plan = PlanDigest.Of(now.Live, now.Next!);
        Assert.Equal(
            ["bob", "not: of ann, who asked", "not: of the person behind the token", "not: of another plan"],
            [
                Counts(now, Yes(now, "bob", plan)) ? "bob" : "",
                Counts(now, Yes(now, "t1", plan)) ? "" : "not: of ann, who asked",
                Counts(now, Yes(now, "ann", plan)) ? "" : "not: of the person behind the token",
                Counts(now, Yes(now, "bob", "000000000000")) ? "" : "not: of another plan",
            ]
        );
    }

    [Fact]
    public void A_yes_grows_old()
    {
        var now = Waiting(before: null, next: OneYes);
        var approved = now with
        {
            Deployment = now.Deployment! with { Approvals = [Yes(now, "bob", PlanDigest.Of(now.Live, now.Next!))] },
        };
        Assert.Null(Protecting.MissingOf(approved));
        Assert.Equal("1 approval", Protecting.MissingOf(approved with { Now = now.Now.AddHours(1) }));
    }

    [Fact]
    public void Going_back_to_what_was_live_needs_nobody_and_to_what_never_was_it_does()
    {
        var now = Waiting(before: OneYes, next: OneYes);
        var back = now with { Deployment = now.Deployment! with { IsRollback = true } };
        Assert.Equal("1 approval", Protecting.MissingOf(back));
        Assert.Null(Protecting.MissingOf(back with { Record = back.Record with { History = [42, 41] } }));
    }

    [Fact]
    public void Nobody_says_yes_in_time_and_it_ends_without_having_touched_anything()
    {
        var now = Waiting(before: null, next: OneYes);
        var over = Assert.IsType<Decision.Note>(Decider.Next(now with { Now = now.Deployment!.StepDeadline }));
        Assert.Equal(
            (DeploymentPhase.Failed, "deploy.not-approved"),
            (over.Deployments[0].Phase, over.Deployments[0].Reason!.Code)
        );
        Assert.Null(over.Record.Active);
    }

    private static bool Counts(Situation now, Approval yes)
    {
        var request = new Request
        {
            Id = "r1",
            Site = now.Site,
            Kind = RequestKind.Approve,
            Deployment = "d1",
            Approval = yes,
        };
        return Intake.Take(now, request).Deployments is [{ Approvals.Count: 1 }];
    }

    private static Approval Yes(Situation now, string by, string plan) =>
        new(by, by, plan, [], now.Now, IsProved: false);

    private static Situation Waiting(Protection? before, Protection? next)
    {
        var now = WatchingTests.Watching([]);
        return now with
        {
            Record = now.Record with { Protection = before },
            Next = Whole(now.Next!) with { Protection = next },
            Live = now.Live is { } live ? Whole(live) : null,
            Deployment = now.Deployment! with
            {
                Phase = DeploymentPhase.AwaitingApproval,
                Steps = [],
                RequestedBy = new("t1", "pipeline (t1)", "ann"),
            },
        };
    }

    /// <summary>With settings that can be written, as every release has that was made of a manifest: a plan's digest is of all of it.</summary>
    private static Release Whole(Release release) =>
        release with
        {
            Services =
            [
                .. release.Services.Select(one =>
                    one with
                    {
                        Strategy = one.Strategy with { Settings = JsonSerializer.SerializeToElement(new { }) },
                    }
                ),
            ],
        };
}
