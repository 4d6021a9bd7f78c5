using System.Net;

namespace Fairlead.Roles.Edge.Gateway;

/// <summary>A list of networks, such as <c>10.0.0.0/8</c> and <c>2001:db8::7</c>.</summary>
internal sealed class Networks(IReadOnlyList<string> texts)
{
    private readonly IPNetwork[] networks = [.. texts.Select(Parse)];

    public bool IsEmpty => networks.Length == 0;

    public bool Contain(IPAddress? address)
    {
        if (address is null)
        {
            return false;
        }
        foreach (var network in networks)
        {
            if (network.Contains(address))
            {
                return true;
            }
        }
        return false;
    }

    private static IPNetwork Parse(string text)
    {
        if (text.Contains('/', StringComparison.Ordinal))
        {
            return IPNetwork.Parse(text);
        }
        var address = IPAddress.Parse(text);
        return new IPNetwork(address, address.GetAddressBytes().Length * 8);
    }
}
