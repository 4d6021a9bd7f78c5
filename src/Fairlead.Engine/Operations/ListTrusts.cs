using Fairlead.Engine.Guarding.Access;

namespace Fairlead.Engine.Operations;

/// <summary>Issuers whose tokens are let in.</summary>
public static class ListTrusts
{
    public sealed record Input;

    public sealed record Output(IReadOnlyList<TrustView> Trusts);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "trust.list",
            "List other issuers whose tokens are let in.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead trust list"],
            Needs = Need.OfAll(Permission.Audit),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop) =>
        new([.. (await TrustBook.AllAsync(engine.Server.Store, stop)).Select(TrustView.Of)]);
}
