using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Monitoring;

namespace Fairlead.Engine.Operations;

/// <summary>Pages that tell everybody how things are.</summary>
public static class ListStatusPages
{
    public sealed record Input;

    public sealed record Output(IReadOnlyList<StatusPageRow> Pages);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "status.page.list",
            "List the pages that tell everybody how things are.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead status page list"],
            Needs = Need.OfAll(Permission.See),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop) =>
        new([
            .. (await engine.Server.Store.ListAsync(StatusPage.Collection, "", stop))
                .Select(Records.Read<StatusPage>)
                .Select(StatusPageRow.Of),
        ]);
}
