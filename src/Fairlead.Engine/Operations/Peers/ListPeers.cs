using Fairlead.Engine.Guarding.Access;

namespace Fairlead.Engine.Operations.Peers;

/// <summary>Lists other agents with what was delivered to them.</summary>
public static class ListPeers
{
    public sealed record Input;

    public sealed record Output(IReadOnlyList<PeerView> Peers);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "peer.list",
            "Show the agents that Fairlead hands over to, and what became of it.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead peer list"],
            Needs = Need.OfAll(Permission.Operate),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var book = PeerDesk.Book(engine);
        var deliveries = await book.DeliveriesAsync(stop);
        return new([
            .. (await book.AllAsync(stop)).Select(peer =>
                PeerView.Of(peer, deliveries.Where(one => one.Peer == peer.Name))
            ),
        ]);
    }
}
