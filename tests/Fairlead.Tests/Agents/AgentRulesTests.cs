using Fairlead.Engine.Agents;
using Fairlead.Model.Agents;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;
using Fairlead.Model.Security;

namespace Fairlead.Tests.Agents;

/// <summary>Who has to say yes to what, and how much is too much.</summary>
public sealed class AgentRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_person_is_asked_where_it_matters_and_nowhere_else()
    {
        var limits = new AgentLimits();
        Assert.Equal("production is protected", AgentRules.ApprovalBecause(Plan("production"), limits, []));
        Assert.Null(AgentRules.ApprovalBecause(Plan("staging"), limits, []));
        Assert.Equal(
            "staging asks for 2 approvals",
            AgentRules.ApprovalBecause(Plan("staging"), limits, [new Protection { Approvals = 2 }])
        );
        Assert.Equal("its risk is high", AgentRules.ApprovalBecause(Plan("staging", PlanRisk.High), limits, []));
        Assert.Equal(
            "it changes what the app has at a cloud",
            AgentRules.ApprovalBecause(Plan("staging") with { Kind = PlanKind.Infrastructure }, limits, [])
        );
    }

    [Fact]
    public void A_day_ends_with_its_changes_or_with_the_replicas_they_touch()
    {
        var limits = new AgentLimits { Changes = 2, Replicas = 5 };
        var once = AgentRules.Spend(new(), Plan("staging"), limits);
        Assert.Equal(new AgentDay { Changes = 1, Replicas = 3 }, once);
        Assert.Equal(
            "It would be more than 5 replicas touched in a day.",
            Assert.Throws<ProblemException>(() => AgentRules.Spend(once, Plan("staging"), limits)).Problem.Why
        );
        Assert.Equal(
            "It would be more than 0 changes in a day.",
            Assert
                .Throws<ProblemException>(() => AgentRules.Spend(new(), Plan("staging"), limits with { Changes = 0 }))
                .Problem.Why
        );
    }

    [Fact]
    public void A_digest_follows_from_all_that_is_said_and_from_nothing_else()
    {
        var plan = Plan("staging");
        var digest = AgentRules.DigestOf(plan);
        Assert.Matches("^[0-9a-f]{16}$", digest);
        Assert.Equal(digest, AgentRules.DigestOf(plan with { State = PlanState.Approved, Id = "another" }));
        Assert.NotEqual(digest, AgentRules.DigestOf(plan with { Basis = "other" }));
        Assert.NotEqual(digest, AgentRules.DigestOf(plan with { Summary = "other" }));
        Assert.NotEqual(digest, AgentRules.DigestOf(plan with { Order = new() { Set = ["api.env.A=b"] } }));
        Assert.NotEqual(
            digest,
            AgentRules.DigestOf(plan with { Content = plan.Content with { Risk = PlanRisk.High } })
        );
    }

    [Fact]
    public void A_plan_that_nobody_applied_expires_and_one_that_was_applied_does_not()
    {
        var plan = Plan("staging");
        Assert.Equal(PlanState.Ready, plan.StateAt(Now));
        Assert.Equal(PlanState.Expired, plan.StateAt(plan.ExpiresAt));
        Assert.Equal(PlanState.Applied, (plan with { State = PlanState.Applied }).StateAt(plan.ExpiresAt));
    }

    [Fact]
    public void Whoever_converses_is_an_agent_and_is_answered_for_by_who_they_are()
    {
        var owner = Principal.Owner.AsAgent("claude-code");
        Assert.Equal(
            (PrincipalKind.Agent, "local-claude-code", Principal.Owner),
            (owner.Kind, owner.Id, owner.Answerable)
        );
        var token = new Principal(PrincipalKind.Service, "t1", "pipeline") { Behind = Principal.Owner };
        Assert.Equal(token with { Kind = PrincipalKind.Agent }, token.AsAgent());
        var anna = new Principal(PrincipalKind.Person, "p1", "anna") { ProvedAt = Now };
        Assert.Equal(
            (PrincipalKind.Agent, "p1", (DateTimeOffset?)null),
            (anna.AsAgent().Kind, anna.AsAgent().Answerable.Id, anna.AsAgent().ProvedAt)
        );
        Assert.Equal(owner, owner.AsAgent("another"));
    }

    private static AgentPlan Plan(string environment, PlanRisk risk = PlanRisk.Low) =>
        new()
        {
            Id = "1",
            Kind = PlanKind.Deploy,
            Site = new("shop", environment),
            Order = new(),
            Basis = "basis",
            Digest = "",
            Summary = "summary",
            Content = new()
            {
                Diff = [],
                Steps = [],
                Risk = risk,
                RiskReasons = [],
                Blast = new(["api"], 3, HasTraffic: true),
                IsReversible = true,
                Undo = "",
                Cost = "",
            },
            By = new("a", "agent", "", IsAgent: true),
            MadeAt = Now,
            ExpiresAt = Now.AddHours(4),
        };
}
