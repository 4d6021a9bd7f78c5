using Fairlead.Model.Apps;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Deploying;

/// <summary>Why a deployment did not become live, in words.</summary>
internal static class Problems
{
    public static Problem StandsBy(string me, string other) =>
        new(
            "server.stands-by",
            What: $"This server ({me}) stands by.",
            Why: $"{other} is in charge of the same store.",
            Fix: "Ask there. This one takes charge by itself when that one ends."
        )
        {
            Trouble = Trouble.Unreachable,
        };

    public static Problem GateBroken(Deployment deployment, Step.Watch watch, Verdict verdict) =>
        new(
            "gate.broken",
            What: $"{watch.Part} broke its gate '{verdict.Gate}'.",
            Why: $"{verdict.Reason}.",
            Fix: $"Read what it logged: fairlead logs {deployment.Site.App} --service {watch.Part.Service}"
        )
        {
            Trouble = Trouble.RolledBack,
            Evidence = verdict.Evidence ?? [],
        };

    public static Problem Harmful(Deployment deployment, Step.Watch watch, Verdict verdict) =>
        new(
            "judge.harm",
            What: $"{watch.Part} does harm.",
            Why: $"{verdict.Reason}.",
            Fix: $"See what it was judged by: fairlead explain {deployment.Site.App}; and what it logged: fairlead logs {deployment.Site.App} --service {watch.Part.Service}"
        )
        {
            Trouble = Trouble.RolledBack,
        };

    public static Problem Inconclusive(Deployment deployment, Step.Watch watch, Verdict verdict) =>
        new(
            "gate.inconclusive",
            What: $"'{verdict.Gate}' could not be judged on {watch.Part}.",
            Why: $"{verdict.Reason}, and the manifest says 'quiet: rollback'.",
            Fix: $"Deploy when {deployment.Site.App} has traffic, hold longer, or say 'quiet: proceed'."
        )
        {
            Trouble = Trouble.Inconclusive,
        };

    /// <param name="failure">What could not be done, the last time it was tried.</param>
    public static Problem StepTookTooLong(Deployment deployment, string? waiting, Problem? failure) =>
        new(
            "deployment.step-too-long",
            What: $"'{deployment.Current}' was not done in time.",
            Why: $"It was still waiting after {(deployment.StepDeadline - deployment.StepBegan).Text}: {(failure is null ? $"{waiting ?? "nothing more was to be seen"}." : $"{failure.What} {failure.Why}")}",
            Fix: failure?.Fix ?? $"Read what it logged: fairlead logs {deployment.Site.App}"
        )
        {
            Trouble = Trouble.TimedOut,
        };

    public static Problem HeldTooLong(Deployment deployment, Hold held) =>
        new(
            "deployment.held-too-long",
            What: $"{deployment} was held, and nobody let it go on.",
            Why: $"{held.By} held it until {held.Until.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z{(held.Reason is { } reason ? $": {reason}" : ".")}",
            Fix: $"Deploy it again, and let it go on in time: fairlead resume {deployment.Site.App}"
        )
        {
            Trouble = Trouble.TimedOut,
        };

    public static Problem TakeBackTookTooLong(Deployment deployment, string? waiting) =>
        new(
            "deployment.not-taken-back",
            What: $"{deployment} could not be taken back completely in time.",
            Why: $"{waiting ?? "The last look failed."} It was taken back because: {deployment.Reason?.What}",
            Fix: $"Fairlead goes on trying. See where it stands: fairlead status {deployment.Site.App}"
        )
        {
            Trouble = Trouble.NeedsPerson,
        };

    public static Problem BuildTookTooLong(Deployment deployment) =>
        new(
            "build.too-long",
            What: $"{deployment} was not built in time.",
            Why: $"The limit is {(deployment.StepDeadline - deployment.StepBegan).Text}.",
            Fix: "See which command hangs in the build's output, then deploy again."
        )
        {
            Trouble = Trouble.TimedOut,
        };

    public static Problem BuildFailed(ReleasedService service) =>
        new(
            "build.failed",
            What: $"{service.Service.Name} could not be built.",
            Why: "The builder gave no reason.",
            Fix: "Deploy again; when it fails again, build it by hand to see why."
        );

    public static Problem ReplicaFailed(Instance instance) =>
        new(
            "target.replica-failed",
            What: $"{instance.Key.Part}#{instance.Key.Slot} does not run.",
            Why: "The target gave no reason.",
            Fix: $"Read what it logged: fairlead logs {instance.Key.Site.App} --service {instance.Key.Part.Service}"
        );

    public static Problem OwnSite(Site site) =>
        new(
            "deploy.own-site",
            What: $"No app can be {site}.",
            Why: "That is Fairlead itself: its own address leads there, and its own acts are written down under that name.",
            Fix: "Give the app or the environment another name in fairlead.yaml."
        )
        {
            Trouble = Trouble.WrongUse,
        };

    public static Problem Frozen(Site site, FreezeWindow freeze) =>
        new(
            "deploy.frozen",
            What: $"Nothing is deployed to {site} now.",
            Why: $"Its freeze holds: {freeze}.",
            Fix: "Wait for its end. In an emergency: fairlead deploy --break-glass REASON. Rollbacks are always allowed: fairlead rollback"
        )
        {
            Trouble = Trouble.Conflict,
        };

    public static Problem NotApproved(Deployment deployment, string missing) =>
        new(
            "deploy.not-approved",
            What: $"{deployment} was not approved in time.",
            Why: $"It still waited for {missing}.",
            Fix: "Ask those who approve, then deploy again."
        )
        {
            Trouble = Trouble.NeedsPerson,
        };

    public static Problem Rejected(Request request) =>
        new(
            "deploy.rejected",
            What: "It was rejected.",
            Why: $"{request.By?.Name ?? "Somebody"} said no{(request.Reason is null ? "" : $": {request.Reason}")}.",
            Fix: "Mend it, and deploy again."
        )
        {
            Trouble = Trouble.NotAllowed,
        };

    public static Problem PlanMoved(Deployment deployment) =>
        new(
            "plan.moved",
            What: $"{deployment} is not what was approved.",
            Why: $"The plan {deployment.ApprovedPlan} was made for another state of {deployment.Site}.",
            Fix: "Look at the new plan and approve that: fairlead plan"
        )
        {
            Trouble = Trouble.Conflict,
        };
}
