using System.Buffers.Binary;
using System.Net.Sockets;

namespace Fairlead.Drivers.Dns.Messages;

/// <summary>Asks a server one thing over TCP, which carries updates of any size and cannot be answered by a stranger.</summary>
internal static class DnsExchange
{
    private const int LengthBytes = 2;

    /// <exception cref="SocketException">The server cannot be reached.</exception>
    /// <exception cref="IOException">The connection broke, or ended too early.</exception>
    public static async Task<byte[]> AskAsync(string host, int port, byte[] message, CancellationToken stop)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(host, port, stop);
        var stream = client.GetStream();
        var framed = new byte[LengthBytes + message.Length];
        BinaryPrimitives.WriteUInt16BigEndian(framed, checked((ushort)message.Length));
        message.CopyTo(framed, LengthBytes);
        await stream.WriteAsync(framed, stop);
        var length = new byte[LengthBytes];
        await stream.ReadExactlyAsync(length, stop);
        var answer = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        await stream.ReadExactlyAsync(answer, stop);
        return answer;
    }
}
