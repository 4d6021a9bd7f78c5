using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Guarding.Publishing;

namespace Fairlead.Engine.Operations;

/// <summary>Closes the way from outside to this server.</summary>
public static class RemoveAddress
{
    public sealed record Input;

    public static Operation Operation { get; } =
        new Operation<Input, AddressView>(
            "address.remove",
            "Let nobody reach this server from outside any more.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead address remove"],
            Needs = Need.OfAll(Permission.Govern),
        };

    private static async Task<AddressView> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        await AccessWrites.CommitAsync(
            engine,
            "this server is reached from outside no longer",
            PublicAddress.Keep(null),
            stop
        );
        await engine.Server.Address.SettleAsync(stop);
        return await ShowAddress.ViewAsync(engine, stop);
    }
}
