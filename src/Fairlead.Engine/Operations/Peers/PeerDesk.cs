using Fairlead.Engine.Agents;
using Fairlead.Model.Agents;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations.Peers;

/// <summary>What operations about other agents share.</summary>
internal static class PeerDesk
{
    public static PeerBook Book(EngineContext engine) => new(engine.Server.Store, () => engine.Server.Conductor.Fence);

    public static Problem Wrong(string why) =>
        new(
            "peer.wrong",
            What: "The agent cannot be added so.",
            Why: why,
            Fix: "Write for example: fairlead peer add fixer https://fixer.example.org --role implementation"
        )
        {
            Trouble = Trouble.WrongUse,
        };

    public static Problem NoCard(Uri at, string why) =>
        new(
            "peer.no-card",
            What: $"There is no card of an agent at {PlainText.Of(at.ToString(), 200)}.",
            Why: PlainText.Of(why, 300),
            Fix: "Name the address below which it has /.well-known/agent-card.json."
        );

    public static Problem Unknown(string name) =>
        new(
            "peer.unknown",
            What: $"There is no agent '{PlainText.Of(name, 60)}'.",
            Why: "None of this name was added.",
            Fix: "See them: fairlead peer list"
        )
        {
            Trouble = Trouble.NotFound,
        };
}

/// <summary>Another agent as callers see it.</summary>
/// <param name="IsShownToken">Whether it is shown a token; which one is never said.</param>
/// <param name="Deliveries">The latest, newest first.</param>
public sealed record PeerView(
    string Name,
    string CalledThere,
    HandoffRole Role,
    string Endpoint,
    bool IsShownToken,
    string AddedBy,
    DateTimeOffset AddedAt,
    IReadOnlyList<PeerDeliveryView> Deliveries
)
{
    private const int DeliveriesMax = 10;

    internal static PeerView Of(AgentPeer peer, IEnumerable<PeerDelivery> deliveries) =>
        new(
            peer.Name,
            peer.CalledThere,
            peer.Role,
            peer.Endpoint.ToString(),
            peer.Sealed is not null,
            peer.AddedBy,
            peer.AddedAt,
            [
                .. deliveries
                    .Take(DeliveriesMax)
                    .Select(static one => new PeerDeliveryView(
                        one.Handoff,
                        $"{one.Site}",
                        one.State,
                        one.Said,
                        one.Attempts,
                        one.Ended
                    )),
            ]
        );
}

/// <param name="State">As the agent says.</param>
/// <param name="Said">The agent's own words.</param>
/// <param name="Ended">Why nothing more is done; null while something is.</param>
public sealed record PeerDeliveryView(
    string Handoff,
    string Site,
    string State,
    string Said,
    int Attempts,
    string? Ended
);
