using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Infrastructure.Applying;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Operations;

/// <summary>Says what would be done so that the cloud has what an app needs; changes nothing there.</summary>
public static class PlanInfrastructure
{
    public sealed record Input
    {
        [Description("Folder with the fairlead.yaml.")]
        [Positional]
        [Folder]
        public required string Folder { get; init; }

        [Description("Environment, as in the manifest; its first one when left out.")]
        public string? Environment { get; init; }

        [Description("Tool that makes it: terraform, opentofu or cloudformation.")]
        public string With { get; init; } = InfrastructureViews.ToolUsual;

        [Description("Plan to remove everything.")]
        public bool Destroy { get; init; }
    }

    /// <param name="Plan">Names exactly this plan; 'infra apply' does it or nothing.</param>
    /// <param name="Changes">The most dangerous first.</param>
    /// <param name="Drift">What was changed at the cloud by others.</param>
    /// <param name="Blocked">Why it may not be done; empty when it may.</param>
    /// <param name="Notes">What the tool cannot do as the manifest says it.</param>
    public sealed record Output(
        string App,
        string Environment,
        string Tool,
        string Plan,
        string Summary,
        PlanDanger Danger,
        IReadOnlyList<ChangeView> Changes,
        IReadOnlyList<ChangeView> Drift,
        IReadOnlyList<string> Blocked,
        IReadOnlyList<string> Notes
    );

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "infra.plan",
            "Show what would be done so that the cloud has what the app needs.",
            Effect.Reads,
            RunAsync
        )
        {
            Needs = Need.Of(Permission.Deploy),
            AnswerMax = TimeSpan.FromMinutes(40),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var (app, graph, code) = InfrastructureViews.Write(engine, input.Folder, input.Environment, input.With);
        engine.Demand(Permission.Deploy, app.Site);
        var (record, plan) = await engine.Server.Infrastructure.PlanAsync(
            (app.Site, graph.Place, code),
            (input.With, input.Destroy ? ProvisionAim.Destroy : ProvisionAim.Apply),
            engine.Caller.Name,
            static _ => [],
            stop
        );
        return new(
            app.Site.App,
            app.Site.Environment,
            input.With,
            record.Plan,
            record.Summary,
            plan.Changes.Count == 0 ? PlanDanger.Low : plan.Changes.Max(PlanRisk.Of),
            InfrastructureViews.Changes(plan.Changes),
            InfrastructureViews.Changes(plan.Drift),
            record.Blocked,
            [.. app.Warnings, .. code.Notes]
        );
    }
}
