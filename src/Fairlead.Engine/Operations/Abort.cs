using System.ComponentModel;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Access;

namespace Fairlead.Engine.Operations;

/// <summary>Takes back the deployment under way: all traffic returns to the live release.</summary>
public static class Abort
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
            "abort",
            "Take back the deployment under way; the live release keeps all traffic.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead abort shop"],
            Needs = Need.Of(Permission.Deploy),
            Agents = AgentUse.Always,
        };

    private static async Task<DeploymentView> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var record = await Sites.FindAsync(engine.Server, input.App, input.Environment, stop);
        var active = record.Active ?? throw Sites.NothingUnderWay(record.Site, "abort");
        await engine.Server.FrontDoor.AskAsync(record.Site, RequestKind.Abort, active, input.Reason, stop);
        var deployment = await Sites.DeploymentAsync(engine.Server, active, stop);
        return await DeploymentViews.OfAsync(engine.Server, deployment, stop);
    }
}
