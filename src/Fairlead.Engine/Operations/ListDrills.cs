using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Responding.Drills;

namespace Fairlead.Engine.Operations;

/// <summary>Drills that were run, and those that there are.</summary>
public static class ListDrills
{
    public sealed record Input;

    public sealed record Output(IReadOnlyList<Row> Drills, IReadOnlyList<KindRow> Kinds);

    /// <param name="State">running, passed or failed.</param>
    /// <param name="Why">What was not as it should be; null when all was.</param>
    public sealed record Row(int Drill, string Kind, string State, DateTimeOffset StartedAt, string By, string? Why);

    /// <param name="Last">When it was run last; null for never.</param>
    public sealed record KindRow(string Kind, string Summary, DateTimeOffset? Last);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "drill.list",
            "List drills that were run, and which there are.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead drill list"],
            Needs = Need.OfAll(Permission.See),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var all = await engine.Server.Response.Drills.Book.AllAsync(stop);
        return new(
            [
                .. all.Select(static one => new Row(
                    one.Number,
                    one.Kind,
                    ShowDrill.StateOf(one),
                    one.StartedAt,
                    one.By,
                    one.Why
                )),
            ],
            [
                .. AllDrills.Entries.Select(kind => new KindRow(
                    kind.Name,
                    $"{kind.Summary}.",
                    all.FirstOrDefault(one => one.Kind == kind.Name)?.StartedAt
                )),
            ]
        );
    }
}
