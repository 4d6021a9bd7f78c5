using System.Net;

namespace Fairlead.Tests.Guarding.Network;

/// <summary>Somebody on the network, as the worlds of all formats see them.</summary>
/// <param name="Name">As the oracle calls them: a service, edge, server, resolver, or a stranger.</param>
/// <param name="Namespace">Empty outside of the cluster.</param>
/// <param name="Account">Its service account; empty for none.</param>
internal sealed record Machine(string Name, string Address, string Namespace, string Account)
{
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    public bool IsMember { get; init; }

    public bool IsWithin(string network)
    {
        var parts = network.Split('/');
        var (own, other) = (IPAddress.Parse(Address).GetAddressBytes(), IPAddress.Parse(parts[0]).GetAddressBytes());
        var length = int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture);
        return own.Length == other.Length
            && Enumerable.Range(0, length).All(bit => ((own[bit / 8] ^ other[bit / 8]) & (128 >> (bit % 8))) == 0);
    }
}

/// <summary>A first packet of a connection.</summary>
internal sealed record Packet(Machine From, Machine To, int Port, string Transport)
{
    public override string ToString() => $"{From.Name} ({From.Address}) -> {To.Name} ({To.Address}) {Port}/{Transport}";
}
