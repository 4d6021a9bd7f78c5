using System.ComponentModel;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Access;

namespace Fairlead.Engine.Operations;

/// <summary>Says no to a deployment that waits for approval; it ends.</summary>
public static class Reject
{
    public sealed record Input
    {
        [Description("Id of the deployment.")]
        [Positional]
        public required string Deployment { get; init; }

        [Description("Why: it is told to whoever asked for it.")]
        public string? Reason { get; init; }
    }

    public static Operation Operation { get; } =
        new Operation<Input, DeploymentView>(
            "reject",
            "Say no to a deployment that waits for approval.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead reject 885e44d0 --reason 'Not on a Friday.'"],
            Needs = Need.Of(Permission.Approve),
        };

    private static async Task<DeploymentView> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var server = engine.Server;
        var deployment = await Approve.WaitingAsync(server, input.Deployment, stop);
        await server.FrontDoor.AskAsync(
            deployment.Site,
            RequestKind.Reject,
            deployment.Id,
            Approve.Clean(input.Reason),
            stop
        );
        return await DeploymentViews.OfAsync(server, deployment, stop);
    }
}
