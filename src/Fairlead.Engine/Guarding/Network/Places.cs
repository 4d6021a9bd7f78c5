using Fairlead.Model.Apps;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Guarding.Network;

/// <summary>Where peers are, which a manifest does not say.</summary>
/// <param name="Namespace">The app's own in Kubernetes.</param>
/// <param name="FairleadNamespace">That of the edge and the server.</param>
public sealed record Places(string Namespace, string FairleadNamespace)
{
    /// <summary>May reach the machines' SSH, where a policy would lock out whoever looks after them.</summary>
    public const string Operators = "operators";

    private const string Edge = "edge";
    private const string Server = "server";
    private const string Resolver = "resolver";
    private const int LinesMax = 1_000;
    private static readonly string[] Reserved = [Edge, Server, Resolver, Operators];

    /// <summary>Networks by the name of their peer, each in its one way of writing and sorted.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Addresses { get; private init; } =
        new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Those of a peer: what it is itself where it is a network, else what was said.</summary>
    public IReadOnlyList<string> Of(Peer peer) =>
        peer switch
        {
            Peer.Outside { IsNetwork: true } network => [network.Name],
            Peer.Outside host => Named(host.Name),
            Peer.Member member => Named(KeyOf(member.Service)),
            Peer.Edge => Named(Edge),
            Peer.Server => Named(Server),
            Peer.Resolver => Named(Resolver),
            _ => throw new ArgumentOutOfRangeException(nameof(peer), peer, "is no peer"),
        };

    public IReadOnlyList<string> Named(string name) => Addresses.GetValueOrDefault(name, []);

    /// <summary>A network by its family: 4 or 6.</summary>
    public static int FamilyOf(string network) => network.Contains(':', StringComparison.Ordinal) ? 6 : 4;

    /// <summary>Reads <c>api=10.0.0.5,10.0.0.6</c>, each line about a peer.</summary>
    /// <exception cref="ProblemException">A line is none, or is about nobody.</exception>
    public Places With(IReadOnlyList<string> lines, NetworkPlan plan)
    {
        HashSet<string> known =
        [
            .. Reserved,
            .. plan.Members.Select(KeyOf),
            .. plan.Outside.Where(one => !one.IsNetwork).Select(one => one.Name),
        ];
        var read = lines.Take(LinesMax).Select(line => Read(line, known)).ToList();
        return this with
        {
            Addresses = read.SelectMany(one => one.Networks.Select(network => (one.Name, network)))
                .GroupBy(one => one.Name)
                .ToDictionary(
                    group => group.Key,
                    group =>
                        (IReadOnlyList<string>)
                            [.. group.Select(one => one.network).Distinct().Order(StringComparer.Ordinal)]
                ),
        };
    }

    /// <summary>What a service is called here: a reserved word means Fairlead's own part, so a service of that name is written longer.</summary>
    internal static string KeyOf(string service) => Reserved.Contains(service) ? $"services.{service}" : service;

    private static (string Name, IReadOnlyList<string> Networks) Read(string line, HashSet<string> known)
    {
        var equals = line.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
        {
            throw Wrong(line, "It has to be of the form name=address,address.");
        }
        var name = line[..equals];
        if (!known.Contains(name))
        {
            throw Wrong(
                line,
                $"Nobody in the plan is called so; there are: {string.Join(", ", known.Order(StringComparer.Ordinal))}."
            );
        }
        var texts = line[(equals + 1)..]
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        string[] networks = [.. texts.Select(OutsideHost.NetworkOf).OfType<string>()];
        return networks.Length == texts.Length && texts.Length > 0
            ? (name, networks)
            : throw Wrong(line, "After '=' it takes addresses and networks, such as 10.0.0.5 or 10.1.0.0/24.");
    }

    private static ProblemException Wrong(string line, string why) =>
        new(
            new Problem(
                "network.wrong-address",
                What: $"--address cannot be read: {line}",
                Why: why,
                Fix: "Write for example: --address api=10.0.0.5 --address resolver=10.0.0.2"
            )
            {
                Trouble = Trouble.WrongUse,
            }
        );
}
