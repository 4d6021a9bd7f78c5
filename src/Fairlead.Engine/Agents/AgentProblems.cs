using Fairlead.Model.Agents;
using Fairlead.Model.Apps;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Agents;

/// <summary>What stands in the way of plans, and of who makes them.</summary>
internal static class AgentProblems
{
    public static Problem NoPlan(string id) =>
        new(
            "agent.no-plan",
            What: $"There is no plan '{PlainText.Of(id, 40)}'.",
            Why: "Nobody made one of this id, it was forgotten after a month, or it is about an app that you may not see.",
            Fix: "See what there is: fairlead agent plans"
        )
        {
            Trouble = Trouble.NotFound,
        };

    public static Problem WrongDigest(AgentPlan plan, string digest) =>
        new(
            "agent.wrong-digest",
            What: $"The plan {plan.Id} is not '{PlainText.Of(digest, 80)}'.",
            Why: "A yes, and a deed, are for exactly the plan that was read; its digest says which that is.",
            Fix: $"Read it and use the digest that stands there: fairlead agent show {plan.Id}"
        )
        {
            Trouble = Trouble.Conflict,
        };

    public static Problem Over(AgentPlan plan, PlanState state) =>
        new(
            "agent.plan-over",
            What: $"The plan {plan.Id} is over: it is {state.Word}.",
            Why: plan.Outcome
                ?? state switch
                {
                    PlanState.Expired => $"It was good until {plan.ExpiresAt:u}.",
                    PlanState.Applied => "A plan is applied once.",
                    _ => "It cannot be used any more.",
                },
            Fix: "Make a new one: fairlead agent plan"
        )
        {
            Trouble = Trouble.Conflict,
        };

    public static Problem Stale(AgentPlan plan) =>
        new(
            "agent.plan-stale",
            What: $"The plan {plan.Id} is not what would be done now.",
            Why: "The source, the manifest or what is live has changed since it was made; nothing was done.",
            Fix: "Make a new plan, and have that one approved."
        )
        {
            Trouble = Trouble.Conflict,
        };

    public static Problem Busy(Site site, string deployment) =>
        new(
            "agent.site-busy",
            What: $"{site} is being changed already.",
            Why: $"The deployment {deployment} is under way; a plan does not push another's work aside.",
            Fix: "Wait until it has ended, then make a new plan; or take it back: fairlead abort"
        )
        {
            Trouble = Trouble.Conflict,
        };

    public static Problem Empty(Site site) =>
        new(
            "agent.plan-empty",
            What: $"There is nothing to plan for {site}.",
            Why: "What is live is what was asked for.",
            Fix: "Change something first, or see what is live: fairlead status"
        )
        {
            Trouble = Trouble.Conflict,
        };

    public static Problem WrongOrder(string why, string fix) =>
        new("agent.wrong-order", What: "This cannot be planned.", Why: why, Fix: fix) { Trouble = Trouble.WrongUse };

    public static Problem Frozen(AgentFreeze freeze) =>
        new(
            "agent.frozen",
            What: "Agents change nothing now.",
            Why: $"{freeze.By} stopped them at {freeze.At:u}: {freeze.Reason}. Rollbacks, aborts and incidents are still theirs.",
            Fix: "Whoever may govern ends it: fairlead agent thaw"
        )
        {
            Trouble = Trouble.NotAllowed,
        };

    public static Problem NeedsPlan(string operation) =>
        new(
            "agent.needs-plan",
            What: $"An agent does not do this by itself: {operation}.",
            Why: "Agents change things by plans that people can read, or not at all.",
            Fix: "Make a plan: fairlead agent plan; or ask a person to do it."
        )
        {
            Trouble = Trouble.NotAllowed,
        };

    public static Problem OverBudget(string what, int limit) =>
        new(
            "agent.over-budget",
            What: "This agent has done enough for today.",
            Why: $"It would be more than {limit} {what} in a day.",
            Fix: "Wait until tomorrow (UTC), or whoever may govern sets the limit: fairlead agent limit"
        )
        {
            Trouble = Trouble.NotAllowed,
        };

    public static Problem NotYours(AgentPlan plan) =>
        new(
            "agent.not-own-plan",
            What: $"The plan {plan.Id} is another's.",
            Why: $"{plan.By.Name} made it; an agent applies its own plans alone.",
            Fix: "Make a plan of your own."
        )
        {
            Trouble = Trouble.NotAllowed,
        };

    public static Problem NotAPerson(string why) =>
        new(
            "agent.needs-person",
            What: "This is for a person to say, who has just proved who they are.",
            Why: why,
            Fix: "On the dashboard, after a proof with a passkey, code or password, or here: fairlead agent approve PLAN --digest DIGEST --person EMAIL --password -"
        )
        {
            Trouble = Trouble.NotAllowed,
        };

    public static Problem NotAwaited(AgentPlan plan, PlanState state) =>
        new(
            "agent.not-awaited",
            What: $"The plan {plan.Id} waits for no approval.",
            Why: $"It is {state.Word}.",
            Fix: $"See how it stands: fairlead agent show {plan.Id}"
        )
        {
            Trouble = Trouble.Conflict,
        };
}

/// <summary>Words of plans, as they are written.</summary>
public static class PlanWords
{
    extension(PlanKind kind)
    {
        public string Word => kind.ToString().ToLowerInvariant();
    }

    extension(PlanState state)
    {
        /// <summary>Such as <c>awaiting-approval</c>.</summary>
        public string Word =>
            state is PlanState.AwaitingApproval ? "awaiting-approval" : state.ToString().ToLowerInvariant();
    }
}
