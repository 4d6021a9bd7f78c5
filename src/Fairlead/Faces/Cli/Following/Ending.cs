using Fairlead.Engine.Operations;
using Fairlead.Faces.Cli.Showing;
using Fairlead.Model.Problems;

namespace Fairlead.Faces.Cli.Following;

/// <summary>How the end of a deployment is told: by an exit code, a reason and what was measured.</summary>
internal static class Ending
{
    /// <summary>Why it is not the end that was asked for; null when it is.</summary>
    /// <param name="goal">The phase that counts as done.</param>
    public static Problem? Problem(DeploymentView deployment, DeploymentPhase goal) =>
        deployment.Phase == goal ? null : Reason(deployment) with { Trouble = TroubleOf(deployment) };

    /// <summary>Lines for people, all but the address.</summary>
    public static IEnumerable<string> Lines(DeploymentView deployment)
    {
        yield return DeploymentText.Ending(deployment);
        foreach (var warning in deployment.Warnings)
        {
            yield return $"warning: {Plain.Of(warning)}";
        }
        if (deployment.Measured is { } counts)
        {
            yield return DeploymentText.Measured(counts);
        }
    }

    /// <summary>Said when someone stops watching.</summary>
    public static Problem Detached(string id, string app) =>
        new(
            "cli.detached",
            What: $"Detached; deployment {id} goes on.",
            Why: "The server owns it, not this terminal.",
            Fix: $"Watch: fairlead follow {id}. Stop it: fairlead abort --app {app}"
        );

    private static Problem Reason(DeploymentView deployment) =>
        deployment.Reason
        ?? new Problem(
            $"deployment.{DeploymentText.PhaseWord(deployment.Phase)}",
            What: DeploymentText.Ending(deployment),
            Why: "No further reason is recorded.",
            Fix: $"See its story: fairlead explain {deployment.Id}"
        );

    private static Trouble TroubleOf(DeploymentView deployment) =>
        deployment.Phase switch
        {
            DeploymentPhase.RolledBack => deployment.Reason?.Trouble is Trouble.Inconclusive or Trouble.TimedOut
                ? deployment.Reason.Trouble
                : Trouble.RolledBack,
            DeploymentPhase.Superseded or DeploymentPhase.Promoted => Trouble.Conflict,
            DeploymentPhase.Failed => deployment.Reason?.Trouble ?? Trouble.Failed,
            _ => Trouble.Failed,
        };
}
