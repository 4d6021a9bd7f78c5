using System.Net;
using System.Net.Sockets;

namespace Fairlead.Model.Security;

/// <summary>Where an address leads, as far as whoever may choose it is concerned.</summary>
public enum AddressKind
{
    /// <summary>Anywhere on the internet.</summary>
    Public,

    /// <summary>This machine, or a network of its owner's.</summary>
    Inside,

    /// <summary>Nowhere that anybody should be sent: a cloud's metadata, other link-local ones, multicast, addresses that are none.</summary>
    Never,
}

/// <summary>Sorts addresses by where they lead. By IANA's registers of special-purpose addresses (RFC 6890 and what followed).</summary>
public static class AddressKinds
{
    private static readonly IPNetwork[] Inside = Networks(
        "10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 127.0.0.0/8 100.64.0.0/10 ::1/128 fc00::/7"
    );

    private static readonly IPNetwork[] Never = Networks(
        "0.0.0.0/8 169.254.0.0/16 192.0.0.0/24 192.0.2.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4 "
            // Alibaba's and AWS's metadata lie within networks that may be somebody's own.
            + "100.100.100.200/32 fd00:ec2::254/128 ::/128 fe80::/10 fec0::/10 ff00::/8 100::/64 2001:db8::/32"
    );

    // IPv6 addresses that carry an IPv4 one: translated, NAT64, 6to4. What they carry is what counts.
    private static readonly (IPNetwork Within, int At)[] Carriers =
    [
        (IPNetwork.Parse("::ffff:0:0:0/96"), 12),
        (IPNetwork.Parse("64:ff9b::/96"), 12),
        (IPNetwork.Parse("2002::/16"), 2),
    ];

    public static AddressKind Of(IPAddress address)
    {
        if (address.AddressFamily is AddressFamily.InterNetworkV6)
        {
            // A scope does not change where it leads.
            var plain = new IPAddress(address.GetAddressBytes());
            // IPNetwork takes these for the IPv4 address that they are, and so within no IPv6 network.
            if (plain.IsIPv4MappedToIPv6)
            {
                return Of(plain.MapToIPv4());
            }
            foreach (var (within, at) in Carriers)
            {
                if (within.Contains(plain))
                {
                    return Of(new IPAddress(plain.GetAddressBytes().AsSpan(at, 4)));
                }
            }
            // ::127.0.0.1 and its like are no use to anybody.
            return Any(Never, plain) ? AddressKind.Never
                : Any(Inside, plain) ? AddressKind.Inside
                : plain.GetAddressBytes().AsSpan(0, 12).IndexOfAnyExcept((byte)0) < 0 ? AddressKind.Never
                : AddressKind.Public;
        }
        return Any(Never, address) ? AddressKind.Never
            : Any(Inside, address) ? AddressKind.Inside
            : AddressKind.Public;
    }

    private static bool Any(IPNetwork[] networks, IPAddress address) =>
        networks.Any(one => one.BaseAddress.AddressFamily == address.AddressFamily && one.Contains(address));

    private static IPNetwork[] Networks(string list) => [.. list.Split(' ').Select(text => IPNetwork.Parse(text))];
}
