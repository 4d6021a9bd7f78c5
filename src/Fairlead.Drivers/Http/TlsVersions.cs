using System.Net.Sockets;
using System.Text;
using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Http;

/// <summary>
/// Says hello in one version of TLS and reads what comes first. By hand, since the machine's own library refuses to speak old versions, and
/// would take that for the server's refusal.
/// </summary>
public sealed class TlsVersions : ITlsVersions
{
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(10);

    // What servers of any age have: ECDHE and RSA with AES.
    private static readonly byte[] Ciphers =
    [
        0xC0,
        0x2F,
        0xC0,
        0x30,
        0xC0,
        0x2B,
        0xC0,
        0x2C,
        0xC0,
        0x13,
        0xC0,
        0x14,
        0xC0,
        0x09,
        0xC0,
        0x0A,
        0x00,
        0x2F,
        0x00,
        0x35,
        0x00,
        0x0A,
    ];

    public async Task<bool?> SpeaksAsync(Uri url, int minor, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(AnswerMax);
        using var client = new TcpClient { NoDelay = true };
        try
        {
            await client.ConnectAsync(url.IdnHost, url.Port, limit.Token);
            var stream = client.GetStream();
            await stream.WriteAsync(Hello(url.IdnHost, (byte)minor), limit.Token);
            var head = new byte[11];
            var read = await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, limit.Token);
            return IsHello(head.AsSpan(0, read), (byte)minor);
        }
        catch (Exception caught)
            when (caught is SocketException or IOException
                || (caught is OperationCanceledException && !stop.IsCancellationRequested)
            )
        {
            return null;
        }
    }

    /// <summary>Whether a server took the version up: a handshake's ServerHello (22, then 2) that says the same version.</summary>
    internal static bool IsHello(ReadOnlySpan<byte> said, byte minor) =>
        said is [22, 3, _, _, _, 2, _, _, _, 3, var version] && version == minor;

    /// <summary>A ClientHello that offers this version and no later one.</summary>
    internal static byte[] Hello(string host, byte minor)
    {
        var name = Encoding.ASCII.GetBytes(host);
        byte[] extensions =
        [
            .. Extension(0, [.. Two(name.Length + 3), 0, .. Two(name.Length), .. name]),
            .. Extension(10, [0, 6, 0, 29, 0, 23, 0, 24]),
            .. Extension(11, [1, 0]),
            .. minor >= 3 ? Extension(13, [0, 10, 4, 1, 4, 3, 8, 4, 2, 1, 2, 3]) : [],
        ];
        byte[] body =
        [
            3,
            minor,
            .. new byte[32],
            0,
            .. Two(Ciphers.Length),
            .. Ciphers,
            1,
            0,
            .. Two(extensions.Length),
            .. extensions,
        ];
        byte[] message = [1, 0, .. Two(body.Length), .. body];
        return [22, 3, 1, .. Two(message.Length), .. message];
    }

    private static byte[] Extension(byte kind, byte[] body) => [0, kind, .. Two(body.Length), .. body];

    private static byte[] Two(int number) => [(byte)(number >> 8), (byte)number];
}
