using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Agents;

namespace Fairlead.Engine.Operations.Handoffs;

/// <summary>Lists what was handed over, the newest first.</summary>
public static class ListHandoffs
{
    private const int RowsMax = 500;

    public sealed record Input
    {
        [Description("Only this app's.")]
        [Positional]
        [Names("app")]
        public string? App { get; init; }

        [Description("Only this environment's.")]
        public string? Environment { get; init; }

        [Description("Also those that are rejected, superseded or fulfilled.")]
        public bool All { get; init; }
    }

    public sealed record Output(IReadOnlyList<Row> Handoffs);

    public sealed record Row(
        string Handoff,
        string Kind,
        HandoffState State,
        string Site,
        HandoffRole From,
        HandoffRole To,
        string Owner,
        DateOnly? Due,
        bool IsLate,
        string Title
    );

    public static Operation Operation { get; } =
        new Operation<Input, Output>("handoff.list", "List what was handed over and holds.", Effect.Reads, RunAsync)
        {
            Examples = ["fairlead handoff list shop"],
            Needs = Need.Of(Permission.See),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop) =>
        new([
            .. (await HandoffDesk.Book(engine).AllAsync(site: null, stop))
                .Where(one => input.App is null || one.Site.App == input.App)
                .Where(one => input.Environment is null || one.Site.Environment == input.Environment)
                .Where(one => input.All || one.State is HandoffState.Offered or HandoffState.Accepted)
                .Take(RowsMax)
                .Select(one => HandoffView.Of(one, engine.World.Now))
                .Select(static one => new Row(
                    one.Handoff,
                    one.Kind,
                    one.State,
                    $"{one.App}/{one.Environment}",
                    one.From,
                    one.To,
                    one.Owner,
                    one.Due,
                    one.IsLate,
                    one.Title
                )),
        ]);
}
