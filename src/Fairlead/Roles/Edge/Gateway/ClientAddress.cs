using System.Net;
using Microsoft.Extensions.Primitives;

namespace Fairlead.Roles.Edge.Gateway;

/// <summary>Who really asks, when proxies stand in front of the edge.</summary>
internal static class ClientAddress
{
    private const int HopsMax = 32;

    /// <summary>
    /// The last address in X-Forwarded-For that is not one of ours: all before it is what clients claim. Behind something
    /// that is no address nobody can be believed.
    /// </summary>
    /// <param name="connection">Who is connected.</param>
    public static IPAddress? Of(IPAddress? connection, StringValues forwarded, Networks trusted)
    {
        var client = connection;
        var hops = 0;
        for (var line = forwarded.Count - 1; line >= 0; line--)
        {
            var rest = forwarded[line].AsSpan();
            while (!rest.IsEmpty)
            {
                if (!trusted.Contain(client) || ++hops > HopsMax)
                {
                    return client;
                }
                var comma = rest.LastIndexOf(',');
                if (Parse(rest[(comma + 1)..].Trim()) is not { } before)
                {
                    return client;
                }
                client = before;
                rest = comma < 0 ? default : rest[..comma];
            }
        }
        return client;
    }

    /// <summary>The address as IPv4 where it is one in the clothes of IPv6.</summary>
    public static IPAddress? Plain(IPAddress? address) =>
        address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;

    /// <summary>One client for all counting: an IPv4 address, or an IPv6 /64, of which one household has all addresses.</summary>
    public static UInt128 Key(IPAddress? address)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (address is null || !address.TryWriteBytes(bytes, out var length))
        {
            return UInt128.Zero;
        }
        return length == 4
            ? new UInt128(1, System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes))
            : new UInt128(2, System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(bytes));
    }

    // 192.0.2.7, 192.0.2.7:4711, 2001:db8::7, [2001:db8::7]:4711
    private static IPAddress? Parse(ReadOnlySpan<char> text)
    {
        if (IPAddress.TryParse(text, out var address) && text.ContainsAny('.', ':'))
        {
            return Plain(address);
        }
        return text.ContainsAny('.', ']') && IPEndPoint.TryParse(text, out var point) ? Plain(point.Address) : null;
    }
}
