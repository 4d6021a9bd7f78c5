using Fairlead.Model.Apps;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Infrastructure.Terraform;

/// <summary>What can go wrong with Terraform.</summary>
internal static class TerraformProblems
{
    public static Problem Busy(Site site) =>
        new(
            "infra.busy",
            What: $"The infrastructure of {site} is being worked on.",
            Why: "One call at a time looks at it or changes it.",
            Fix: "Wait until the other one is done: fairlead infra status"
        );

    public static Problem StillRunning(Site site, string detail) =>
        new(
            "infra.still-running",
            What: $"Terraform still works on {site}.",
            Why: $"It was begun by a server that is gone since, and goes on to its end, so that nothing is lost: {detail}",
            Fix: "Wait a moment, then do it again."
        );

    public static Problem NoPlan(Site site, string plan) =>
        new(
            "infra.no-plan",
            What: $"There is no plan {Short(plan)} of {site}.",
            Why: "A plan is used once, and a newer one takes its place.",
            Fix: "Make a new one: fairlead infra plan"
        )
        {
            Trouble = Trouble.WrongUse,
        };

    public static Problem Stale(Site site) =>
        new(
            "infra.stale-plan",
            What: $"The plan of {site} is out of date.",
            Why: "What is there was changed since it was made.",
            Fix: "Make a new one: fairlead infra plan"
        );

    public static Problem StateDamaged(string path) =>
        new(
            "infra.state-damaged",
            What: $"What is known of the infrastructure cannot be read: {path}",
            Why: "It was sealed with another key, or somebody changed it.",
            Fix: "Bring the folder and the key back from a backup of Fairlead's state, or take one from the folder 'old' beside it."
        );

    public static Problem Failed(string what, string why, string program) =>
        new(
            "infra.failed",
            What: what,
            Why: why,
            Fix: $"Mend what {program} complains about, then plan again: what was done already is known."
        );

    public static Problem TimedOut(string what, TimeSpan limit) =>
        new(
            "infra.timed-out",
            What: what,
            Why: $"It took longer than {limit.TotalMinutes:0} minutes.",
            Fix: "See at the cloud what does not get ready, then plan again: what was done already is known."
        );

    private static string Short(string plan) => plan.Length > 12 ? plan[..12] : plan;
}
