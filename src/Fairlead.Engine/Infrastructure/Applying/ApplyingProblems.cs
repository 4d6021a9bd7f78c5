using Fairlead.Model.Apps;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Infrastructure.Applying;

/// <summary>What can be wrong with changing infrastructure.</summary>
internal static class ApplyingProblems
{
    public static Problem NoPlan(Site site, string plan) =>
        Wrong(
            "infra.no-plan",
            $"There is no plan {InfrastructureDesk.Short(plan)} of {site}.",
            "A plan is named by the first 12 letters of its digest or more, is used once, holds for a day, and a newer one takes its place.",
            "Make a new one: fairlead infra plan"
        );

    public static Problem UnderWay(Site site) =>
        new(
            "infra.busy",
            What: $"The infrastructure of {site} is being changed.",
            Why: "One change goes on at a time, and goes on to its end.",
            Fix: $"See how far it is: fairlead infra status {site.App} --env {site.Environment}"
        );

    public static Problem NoTool(string name, IReadOnlyList<string> all) =>
        Wrong(
            "infra.unknown-tool",
            $"'{name}' makes no infrastructure here.",
            $"There are: {string.Join(", ", all)}.",
            $"Say for example: --with {(all.Count > 0 ? all[0] : "terraform")}"
        );

    public static Problem Blocked(PlanRecord plan) =>
        new(
            "infra.blocked",
            What: $"The plan {InfrastructureDesk.Short(plan.Plan)} of {plan.Site} may not be done.",
            Why: string.Join(" ", plan.Blocked),
            Fix: "Mend what is said, or waive it with a reason and an end in fairlead.yaml, then plan again."
        );

    public static Problem NotNamed(PlanRecord plan) =>
        Wrong(
            "infra.not-named",
            $"The plan {InfrastructureDesk.Short(plan.Plan)} of {plan.Site} {(plan.IsDestroy ? "removes everything" : "loses data")}.",
            "That cannot be undone, so it is only done for somebody who names what it is about.",
            $"Say it: --confirm {plan.Site}"
        );

    private static Problem Wrong(string code, string what, string why, string fix) =>
        new(code, what, why, fix) { Trouble = Trouble.WrongUse };
}
