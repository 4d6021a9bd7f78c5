using Fairlead.Engine.Checking;
using Fairlead.Engine.Manifests;
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

    public static Problem Elsewhere(Site site, string tool, StateHome home) =>
        new(
            "infra.elsewhere",
            What: $"What {tool} knows of {site} is not in this server's state folder.",
            Why: $"It was made by a server on {home.Machine}. Planned from here, all of it would be made a second time.",
            Fix: $"Ask the server there. If it is gone for good, bring its folder 'infrastructure' here whole, or its backup; if that is lost too, put {home.Id} into 'infrastructure/home' of this state folder, start again, and take over what is there: fairlead infra import"
        )
        {
            Trouble = Trouble.Conflict,
        };

    public static Problem NoTool(string name, IReadOnlyList<string> all) =>
        Wrong(
            "infra.unknown-tool",
            $"'{name}' makes no infrastructure here.",
            $"There are: {string.Join(", ", all)}.",
            Nearest.To(name, all) is { } near
                ? $"Did you mean '{near}'? --with {near}"
                : $"Say one of them: --with {all[0]}"
        );

    /// <summary>A tool that code is written for, and that nothing here can plan.</summary>
    public static Problem OnlyWritten(string name, IReadOnlyList<string> all) =>
        Wrong(
            "infra.unknown-tool",
            $"{name} makes no infrastructure here.",
            $"Its code is written for a team that applies it itself. What makes it here: {string.Join(", ", all)}.",
            $"Write the code: fairlead infra export --with {name}"
        );

    public static Problem NothingMade(Site site) =>
        new(
            "infra.nothing-made",
            What: $"Nothing was ever planned or made at a cloud for {site}.",
            Why: "No plan of it waits at this server, and none was done by it.",
            Fix: $"See which apps there are: fairlead status. Or make a plan of one, in its folder: fairlead infra plan --env {site.Environment}"
        )
        {
            Trouble = Trouble.NotFound,
        };

    /// <param name="review">With something that stops it.</param>
    public static Problem Blocked(Site site, string plan, PlanReview review)
    {
        var first = review.Stopping[0];
        return new(
            "infra.blocked",
            What: $"The plan {InfrastructureDesk.Short(plan)} of {site} may not be done.",
            Why: $"{first.Where}: {first.What} {first.Why} ({first.Rule}, {first.Severity})",
            Fix: $"{first.Fix} Or allow it with a reason and an end: infrastructure.policies.allow in fairlead.yaml. Then plan again."
        )
        {
            Where = first.File,
            Evidence = [.. review.Stopping.Skip(1).Select(Line)],
        };
    }

    /// <summary>A finding with the line at fault.</summary>
    public static string Line(CheckFinding one) =>
        $"{(one.File is { } file ? $"{file} " : "")}{one.Where}: {one.What} ({one.Rule}, {one.Severity})";

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
