using System.ComponentModel;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Access;

namespace Fairlead.Engine.Operations;

/// <summary>Ends the waiting of the deployment under way; a broken gate still takes it back.</summary>
public static class Promote
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
            "promote",
            "Do not wait for the rest of the holds: give the new release all traffic now.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead promote shop"],
            Needs = Need.Of(Permission.Deploy),
        };

    private static async Task<DeploymentView> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var record = await Sites.FindAsync(engine.Server, input.App, input.Environment, stop);
        var active = record.Active ?? throw Sites.NothingUnderWay(record.Site, "promote");
        await engine.Server.FrontDoor.AskAsync(record.Site, RequestKind.Promote, active, input.Reason, stop);
        var deployment = await Sites.DeploymentAsync(engine.Server, active, stop);
        return await DeploymentViews.OfAsync(engine.Server, deployment, stop);
    }
}
