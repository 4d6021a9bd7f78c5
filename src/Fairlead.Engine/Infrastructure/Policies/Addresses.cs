using System.Net;
using System.Net.Sockets;

namespace Fairlead.Engine.Infrastructure.Policies;

/// <summary>Who an address of a firewall's rule lets in.</summary>
internal static class Addresses
{
    /// <summary>
    /// Whether it is the whole internet, or so much of it that it makes no difference: two halves of it are as open as the whole.
    /// </summary>
    public static bool IsEverybody(string? range)
    {
        if (range is "*" or "Internet" or "internet" or "Any" or "any")
        {
            return true;
        }
        if (!IPNetwork.TryParse(range, out var network))
        {
            return false;
        }
        return network.BaseAddress.AddressFamily is AddressFamily.InterNetworkV6
            ? network.PrefixLength < 16 && network.BaseAddress.GetAddressBytes()[0] is not (0xfc or 0xfd)
            : network.PrefixLength < 8;
    }

    /// <summary>Ports that are for everybody: of web servers.</summary>
    public static bool IsForEverybody(string? protocol, decimal? from, decimal? to) =>
        protocol?.ToLowerInvariant() is "tcp" or "6" or "udp" or "17"
        && from is { } first
        && to is { } last
        && first == last
        && first is 80 or 443;

    public static string Ports(string? protocol, decimal? from, decimal? to) =>
        protocol is "-1" or "all" or "*" || from is null ? "All ports are"
        : from == to ? $"Port {from} is"
        : $"Ports {from} to {to} are";
}
