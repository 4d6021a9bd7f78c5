using Fairlead.Model.Agents;

namespace Fairlead.Engine.Operations.Agents;

/// <summary>A plan as callers see it.</summary>
/// <param name="ApprovalBecause">Why a person has to say yes; null when nobody has to.</param>
/// <param name="Next">What is to be done with it now, in words.</param>
public sealed record PlanView(
    string Plan,
    PlanKind Kind,
    string App,
    string Environment,
    string Summary,
    string Digest,
    PlanState State,
    PlanContent Content,
    string? ApprovalBecause,
    string? ApprovedBy,
    string MadeBy,
    DateTimeOffset MadeAt,
    DateTimeOffset ExpiresAt,
    string? Outcome,
    string? Deployment,
    string Next
)
{
    internal static PlanView Of(AgentPlan plan, DateTimeOffset now)
    {
        var state = plan.StateAt(now);
        return new(
            plan.Id,
            plan.Kind,
            plan.Site.App,
            plan.Site.Environment,
            plan.Summary,
            plan.Digest,
            state,
            plan.Content,
            plan.ApprovalBecause,
            plan.Approval?.Name,
            plan.By.Name,
            plan.MadeAt,
            plan.ExpiresAt,
            plan.Outcome,
            plan.Deployment,
            NextOf(plan, state)
        );
    }

    private static string NextOf(AgentPlan plan, PlanState state) =>
        state switch
        {
            PlanState.AwaitingApproval =>
                $"A person has to say yes, on the dashboard or by: fairlead agent approve {plan.Id} --digest {plan.Digest}",
            PlanState.Ready or PlanState.Approved =>
                $"Apply it before {plan.ExpiresAt:u}: fairlead agent apply {plan.Id} --digest {plan.Digest}",
            PlanState.Applied when plan.Deployment is { } id => $"Follow it: fairlead follow {id}",
            PlanState.Applied => "It is done.",
            _ => "It is over; make a new plan.",
        };
}
