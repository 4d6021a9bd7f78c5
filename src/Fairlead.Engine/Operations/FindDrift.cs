using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Operations;

/// <summary>Says what others changed at the cloud since it was made.</summary>
public static class FindDrift
{
    public sealed record Input
    {
        [Description("Folder with the fairlead.yaml.")]
        [Positional]
        [Folder]
        public required string Folder { get; init; }

        [Description("Environment, as in the manifest; its first one when left out.")]
        public string? Environment { get; init; }

        [Description("Tool that made it: terraform, opentofu or cloudformation.")]
        public string With { get; init; } = InfrastructureViews.ToolUsual;
    }

    /// <param name="Changes">As they are at the cloud; empty when nothing was changed.</param>
    public sealed record Output(string App, string Environment, string Tool, IReadOnlyList<ChangeView> Changes);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "infra.drift",
            "Show what others changed at the cloud since it was made.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead infra drift --env production"],
            Needs = Need.Of(Permission.Deploy),
            AnswerMax = TimeSpan.FromMinutes(40),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        InfrastructureViews.Demand(engine.Server.Infrastructure, input.With);
        var (app, graph, code) = InfrastructureViews.Write(engine, input.Folder, input.Environment, input.With);
        engine.Demand(Permission.Deploy, app.Site);
        var (_, plan) = await engine.Server.Infrastructure.PlanAsync(
            (app.Site, graph.Place, code),
            (input.With, ProvisionAim.Drift),
            engine.Caller.Name,
            static _ => null,
            stop
        );
        return new(app.Site.App, app.Site.Environment, input.With, InfrastructureViews.Changes(plan.Drift));
    }
}
