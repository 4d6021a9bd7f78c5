using System.ComponentModel;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Lets a rollout that is held go on from where it is; its gates decide as before.</summary>
public static class ResumeDeployment
{
    public sealed record Input
    {
        [Description("App name, as in the manifest.")]
        [Positional]
        [Names("app")]
        public string? App { get; init; }

        [Description("Environment.")]
        public string? Environment { get; init; }

        [Description("Why, for the journal.")]
        public string? Reason { get; init; }
    }

    public static Operation Operation { get; } =
        new Operation<Input, DeploymentView>(
            "resume",
            "Let a rollout that is held go on from where it is.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead resume shop"],
            Needs = Need.Of(Permission.Deploy),
        };

    private static async Task<DeploymentView> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var deployment = await HoldDeployment.RollingOutAsync(input.App, input.Environment, "resume", engine, stop);
        if (deployment.Held is null)
        {
            throw new ProblemException(NotHeld(deployment));
        }
        await engine.Server.FrontDoor.AskAsync(
            deployment.Site,
            RequestKind.Resume,
            deployment.Id,
            Approve.Clean(input.Reason),
            stop
        );
        return await DeploymentViews.OfAsync(engine.Server, deployment, stop);
    }

    private static Problem NotHeld(Deployment deployment) =>
        new(
            "deployment.not-held",
            What: $"There is nothing to resume: nobody holds {deployment}.",
            Why: "It goes on by itself.",
            Fix: $"Follow it: fairlead follow {deployment.Id}"
        )
        {
            Trouble = Trouble.Conflict,
        };
}
