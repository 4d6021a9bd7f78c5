using System.Text.Json.Serialization;

namespace Fairlead.Model.Resources;

/// <summary>A private network.</summary>
/// <param name="Range">Its addresses, such as <c>10.0.0.0/16</c>.</param>
/// <param name="Exits">How many ways out of its private subnets there are: 0, 1, or one for each zone.</param>
public sealed record Network(string Name, string Range, int Exits) : Resource(Name)
{
    public override IReadOnlyList<Resource> Needs => [];

    public override string Word => "network";
}

/// <summary>A part of a network in one zone.</summary>
/// <param name="Zone">0 for the region's first zone.</param>
/// <param name="IsPublic">Whether what is in it can be reached from outside.</param>
public sealed record Subnet(string Name, Network Network, string Range, int Zone, bool IsPublic) : Resource(Name)
{
    public override IReadOnlyList<Resource> Needs => [Network];

    public override string Word => "subnet";
}

/// <summary>Whom something lets in. What is not named is kept out; answers always go out.</summary>
public sealed record Firewall(string Name, Network Network, IReadOnlyList<FirewallRule> LetsIn) : Resource(Name)
{
    /// <summary>Whom it may call itself; everybody when null.</summary>
    public IReadOnlyList<FirewallRule>? LetsOut { get; init; }

    public override IReadOnlyList<Resource> Needs =>
        [Network, .. LetsIn.Concat(LetsOut ?? []).Select(static one => one.Peer).OfType<Firewall>().Distinct()];

    public override string Word => "firewall";
}

/// <summary>One way through a firewall.</summary>
/// <param name="Port">1 to 65535.</param>
/// <param name="Peer">What has this firewall; null for <paramref name="Range"/>.</param>
/// <param name="Range">Addresses, such as <c>0.0.0.0/0</c>; null for <paramref name="Peer"/>, or, where that is null too, for whatever has the same firewall.</param>
/// <param name="Why">For people, such as <c>visitors</c>.</param>
public sealed record FirewallRule(int Port, Firewall? Peer, string? Range, string Why)
{
    /// <summary>Whether it is about what has the same firewall.</summary>
    public bool IsAmongThemselves => Peer is null && Range is null;

    public FirewallProtocol Protocol { get; init; } = FirewallProtocol.Tcp;
}

/// <summary>What a firewall's rule is about.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FirewallProtocol>))]
public enum FirewallProtocol
{
    [JsonStringEnumMemberName("tcp")]
    Tcp,

    [JsonStringEnumMemberName("udp")]
    Udp,
}
