using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Fairlead.Scenarios.Edge;

/// <summary>A client of HTTP/2 that sends the very frames and fields it is told, also those that no library would (RFC 9113, RFC 7541).</summary>
internal sealed class RawHttp2 : IAsyncDisposable
{
    public const byte Headers = 1;
    public const byte Reset = 3;
    public const byte GoAway = 7;
    public const byte Continuation = 9;
    public const byte EndStream = 1;
    public const byte EndHeaders = 4;

    private static readonly string[] KnownStatuses = ["200", "204", "206", "304", "400", "404", "500"];

    private readonly TcpClient tcp;
    private readonly SslStream tls;

    private RawHttp2(TcpClient tcp, SslStream tls) => (this.tcp, this.tls) = (tcp, tls);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<RawHttp2> ConnectAsync(EdgeUnderTest edge, LocalTrust trust)
    {
        var connection = new TcpClient();
        await connection.ConnectAsync(edge.Secure, Stop);
        var stream = new SslStream(connection.GetStream());
        await stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "shop.example",
                ApplicationProtocols = [SslApplicationProtocol.Http2],
                CertificateChainPolicy = trust.Policy(),
            },
            Stop
        );
        await stream.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray(), Stop);
        var client = new RawHttp2(connection, stream);
        await client.SendAsync(type: 4, flags: 0, stream: 0, []);
        return client;
    }

    /// <summary>A GET of / at shop.example; a field of the same name in <paramref name="fields"/> takes the place of one of its own.</summary>
    public static byte[] Block(params (string Name, string Value)[] fields)
    {
        (string Name, string Value)[] own =
        [
            (":method", "GET"),
            (":scheme", "https"),
            (":authority", "shop.example"),
            (":path", "/"),
        ];
        using var block = new MemoryStream();
        foreach (
            var (name, value) in own.Where(one => fields.All(field => field.Name != one.Name))
                .Concat(fields.OrderBy(field => !field.Name.StartsWith(':')))
        )
        {
            block.WriteByte(0); // A literal that is not kept, its name as it is.
            Write(block, name);
            Write(block, value);
        }
        return block.ToArray();
    }

    public async Task SendAsync(byte type, byte flags, int stream, byte[] payload)
    {
        var frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        (frame[3], frame[4]) = (type, flags);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, 9);
        await tls.WriteAsync(frame, Stop);
    }

    /// <summary>What becomes of a stream: its status, <c>reset</c>, <c>goaway</c>, or <c>closed</c>.</summary>
    public async Task<string> EndOfAsync(int stream)
    {
        try
        {
            while (true)
            {
                var head = new byte[9];
                await tls.ReadExactlyAsync(head, Stop);
                var payload = new byte[BinaryPrimitives.ReadInt32BigEndian(head) >> 8];
                await tls.ReadExactlyAsync(payload, Stop);
                var about = BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5));
                switch (head[3])
                {
                    case Headers when about == stream:
                        return StatusOf(payload);
                    case Reset when about == stream:
                        return "reset";
                    case GoAway:
                        return "goaway";
                }
            }
        }
        catch (Exception caught) when (caught is IOException or EndOfStreamException)
        {
            return "closed";
        }
    }

    public async ValueTask DisposeAsync()
    {
        await tls.DisposeAsync();
        tcp.Dispose();
    }

    private static void Write(MemoryStream block, string text)
    {
        const int Prefix = 127;
        var length = text.Length;
        if (length < Prefix)
        {
            block.WriteByte((byte)length);
        }
        else
        {
            block.WriteByte(Prefix);
            for (length -= Prefix; length >= 128; length >>= 7)
            {
                block.WriteByte((byte)(length & 127 | 128));
            }
            block.WriteByte((byte)length);
        }
        block.Write(Encoding.Latin1.GetBytes(text));
    }

    // The status comes first: one of those that have a number, or a literal with the name's number.
    private static string StatusOf(byte[] block)
    {
        var at = (block[0] & 0xE0) == 0x20 ? 1 : 0; // The size of the table may be said before.
        return (block[at] & 0x80) != 0
            ? KnownStatuses[(block[at] & 127) - 8]
            : Encoding.ASCII.GetString(block, at + 2, block[at + 1]);
    }
}
