using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations.Peers;

/// <summary>Forgets another agent and its token: nothing is delivered there any more.</summary>
public static class RemovePeer
{
    public sealed record Input
    {
        [Description("What it is called here.")]
        [Positional]
        public required string Name { get; init; }
    }

    public static Operation Operation { get; } =
        new Operation<Input, PeerView>(
            "peer.remove",
            "Deliver nothing more to another agent, and forget its token.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead peer remove fixer"],
            Needs = Need.OfAll(Permission.Govern),
        };

    private static async Task<PeerView> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var book = PeerDesk.Book(engine);
        var peer =
            (await book.AllAsync(stop)).FirstOrDefault(one => one.Name == input.Name)
            ?? throw new ProblemException(PeerDesk.Unknown(input.Name));
        await book.RemoveAsync(peer.Name, $"{peer.Name} is told nothing more, by {engine.Caller}", stop);
        return PeerView.Of(peer, []);
    }
}
