using Fairlead.Model.Apps;
using Fairlead.Model.Security;

namespace Fairlead.Model.Agents;

/// <summary>Another agent, to which is delivered what Fairlead hands over to its role.</summary>
public sealed record AgentPeer
{
    /// <summary>What it is called here.</summary>
    public required string Name { get; init; }

    /// <summary>Where its card is.</summary>
    public required Uri Card { get; init; }

    /// <summary>What its card calls it.</summary>
    public required string CalledThere { get; init; }

    /// <summary>Whose hand-offs it gets.</summary>
    public required HandoffRole Role { get; init; }

    /// <summary>Where its card says that JSON-RPC is spoken.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>How far inside its address may lead.</summary>
    public AddressKind Most { get; init; }

    /// <summary>The token that it is shown, sealed; null for none.</summary>
    public string? Sealed { get; init; }

    public required DateTimeOffset AddedAt { get; init; }

    public required string AddedBy { get; init; }
}

/// <summary>A hand-off on its way to a peer.</summary>
public sealed record PeerDelivery
{
    public required string Peer { get; init; }

    /// <summary>Id of the hand-off.</summary>
    public required string Handoff { get; init; }

    public required Site Site { get; init; }

    public required DateTimeOffset At { get; init; }

    public int Attempts { get; init; }

    public DateTimeOffset NextAt { get; init; }

    /// <summary>Id of the task that the peer made of it; null while it was not taken, or when it answered without one.</summary>
    public string? Task { get; init; }

    /// <summary>What became of it there, as the peer says: such as TASK_STATE_COMPLETED; empty before.</summary>
    public string State { get; init; } = "";

    /// <summary>What the peer said last. A stranger's words.</summary>
    public string Said { get; init; } = "";

    /// <summary>Why nothing more is done; null while something is.</summary>
    public string? Ended { get; init; }
}
