using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Agents;

namespace Fairlead.Engine.Operations.Agents;

/// <summary>Lists plans of changes, those that wait for a person first.</summary>
public static class ListPlans
{
    private const int RowsMax = 200;

    public sealed record Input
    {
        [Description("Only this app's.")]
        [Positional]
        [Names("app")]
        public string? App { get; init; }

        [Description("Only this environment's.")]
        public string? Environment { get; init; }

        [Description("Also those that are over.")]
        public bool All { get; init; }
    }

    public sealed record Output(IReadOnlyList<Row> Plans);

    public sealed record Row(
        string Plan,
        PlanState State,
        PlanKind Kind,
        string Site,
        string Summary,
        PlanRisk Risk,
        string Digest,
        string MadeBy,
        DateTimeOffset ExpiresAt
    );

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "agent.plans",
            "List planned changes, those that wait for a person first.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead agent plans"],
            Needs = Need.Of(Permission.See),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var now = engine.World.Now;
        return new([
            .. (await AgentDesk.Book(engine).AllAsync(stop))
                .Where(one => input.App is null || one.Site.App == input.App)
                .Where(one => input.Environment is null || one.Site.Environment == input.Environment)
                .Select(one => (Plan: one, State: one.StateAt(now)))
                .Where(one =>
                    input.All || one.State is PlanState.AwaitingApproval or PlanState.Approved or PlanState.Ready
                )
                .OrderByDescending(static one => one.State is PlanState.AwaitingApproval)
                .Take(RowsMax)
                .Select(static one => new Row(
                    one.Plan.Id,
                    one.State,
                    one.Plan.Kind,
                    one.Plan.Site.ToString(),
                    one.Plan.Summary,
                    one.Plan.Content.Risk,
                    one.Plan.Digest,
                    one.Plan.By.Name,
                    one.Plan.ExpiresAt
                )),
        ]);
    }
}
