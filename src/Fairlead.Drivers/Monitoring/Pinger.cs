using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Fairlead.Drivers.Monitoring;

/// <summary>
/// Sends an echo request and waits for its reply (RFC 792, RFC 4443), by a socket that needs no rights where the system allows it
/// (net.ipv4.ping_group_range), else by a raw one. Ours because the runtime's own starts the program <c>ping</c> instead.
/// </summary>
internal static class Pinger
{
    private const byte EchoRequest = 8;
    private const byte EchoReply = 0;
    private const byte EchoRequest6 = 128;
    private const byte EchoReply6 = 129;
    private const int HeadBytes = 8;
    private const int BufferBytes = 2048;

    /// <summary>Comes back when the reply is there; ends only with <paramref name="stop"/> when none comes.</summary>
    /// <param name="mark">By which the reply is known; different for each.</param>
    /// <exception cref="SocketException">AccessDenied where this machine lets nobody ping; else the way there is known to be closed.</exception>
    public static async Task PingAsync(IPAddress address, ulong mark, CancellationToken stop)
    {
        var is6 = address.AddressFamily is AddressFamily.InterNetworkV6;
        using var socket = Open(address.AddressFamily, is6 ? ProtocolType.IcmpV6 : ProtocolType.Icmp);
        await socket.ConnectAsync(new IPEndPoint(address, 0), stop);
        await socket.SendAsync(Request(is6, mark), stop);
        var buffer = new byte[BufferBytes];
        while (true)
        {
            var count = await socket.ReceiveAsync(buffer, stop);
            if (IsReply(buffer.AsSpan(0, count), is6, mark))
            {
                return;
            }
        }
    }

    internal static byte[] Request(bool is6, ulong mark)
    {
        var packet = new byte[HeadBytes + sizeof(ulong)];
        packet[0] = is6 ? EchoRequest6 : EchoRequest;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), (ushort)mark);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(6), 1);
        BinaryPrimitives.WriteUInt64BigEndian(packet.AsSpan(HeadBytes), mark);
        if (!is6)
        {
            // The kernel does that of ICMPv6.
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), Checksum(packet));
        }
        return packet;
    }

    internal static bool IsReply(ReadOnlySpan<byte> received, bool is6, ulong mark)
    {
        // A raw socket of IPv4 gives the packet with its head, whose first byte is 4 and the head's length in words of 32 bits.
        if (!is6 && received.Length > 20 && received[0] >> 4 == 4)
        {
            received = received[Math.Min((received[0] & 15) * 4, received.Length)..];
        }
        return received.Length >= HeadBytes + sizeof(ulong)
            && received[0] == (is6 ? EchoReply6 : EchoReply)
            && BinaryPrimitives.ReadUInt64BigEndian(received[HeadBytes..]) == mark;
    }

    /// <summary>The internet's checksum (RFC 1071).</summary>
    internal static ushort Checksum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (var at = 0; at + 1 < bytes.Length; at += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);
        }
        while (sum >> 16 != 0)
        {
            sum = (sum & 0xffff) + (sum >> 16);
        }
        return (ushort)~sum;
    }

    private static Socket Open(AddressFamily family, ProtocolType protocol)
    {
        try
        {
            return new(family, SocketType.Dgram, protocol);
        }
        catch (SocketException)
        {
            return new(family, SocketType.Raw, protocol);
        }
    }
}
