using System.Globalization;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Guarding.Network;

/// <summary>Somebody who may talk or be talked to. The set is closed.</summary>
public abstract record Peer
{
    private Peer() { }

    /// <summary>Carries requests from outside.</summary>
    public sealed record Edge : Peer
    {
        public override string ToString() => "the edge";
    }

    /// <summary>The server: takes telemetry, and asks services for their metrics.</summary>
    public sealed record Server : Peer
    {
        public override string ToString() => "Fairlead's server";
    }

    /// <summary>Answers questions for names.</summary>
    public sealed record Resolver : Peer
    {
        public override string ToString() => "the name server";
    }

    /// <summary>All replicas of a service of the app.</summary>
    public sealed record Member(string Service) : Peer
    {
        public override string ToString() => Service;
    }

    /// <summary>A host or a network that the manifest names.</summary>
    public sealed record Outside(string Name) : Peer
    {
        public bool IsNetwork => Name.Contains('/', StringComparison.Ordinal);

        public override string ToString() => Name;
    }
}

/// <summary>One thing that is allowed; the answers on the same connection are allowed with it.</summary>
/// <param name="Port">Where the second listens.</param>
/// <param name="Because">What says so, such as <c>web uses api</c>.</param>
public sealed record Flow(Peer From, Peer To, int Port, Transport Transport, string Because)
{
    /// <summary>The only path that is asked for; null for all, where it speaks HTTP at all.</summary>
    public string? Path { get; init; }

    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{From} -> {To} {Port}/{Transport.ToString().ToLowerInvariant()}: {Because}"
        );
}

/// <summary>Who may talk to whom in one app. What is not in it is refused; every format is another way of writing the same plan.</summary>
/// <param name="Members">Services that run: what is only files is served by the edge.</param>
/// <param name="Notes">What the manifest says that no flow follows from, each a sentence.</param>
public sealed record NetworkPlan(
    Site Site,
    IReadOnlyList<string> Members,
    IReadOnlyList<Flow> Flows,
    IReadOnlyList<string> Notes
)
{
    public IEnumerable<Flow> Into(string service) => Flows.Where(flow => flow.To == new Peer.Member(service));

    public IEnumerable<Flow> OutOf(string service) => Flows.Where(flow => flow.From == new Peer.Member(service));

    /// <summary>All hosts and networks outside that somebody may reach, by name.</summary>
    public IEnumerable<Peer.Outside> Outside =>
        Flows
            .Select(flow => flow.To)
            .OfType<Peer.Outside>()
            .Distinct()
            .OrderBy(one => one.Name, StringComparer.Ordinal);
}
