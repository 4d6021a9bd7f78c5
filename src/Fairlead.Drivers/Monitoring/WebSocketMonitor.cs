using System.Net.WebSockets;
using System.Security.Authentication;
using System.Text;
using Fairlead.Model.Monitoring;
using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Monitoring;

/// <summary>Opens a web socket; says something where that is wanted, and reads until what is expected is there.</summary>
internal sealed class WebSocketMonitor(Dialer dialer, World world) : IMonitorProbe
{
    private const int TextBytesMax = 64 * 1024;

    public IReadOnlyList<string> Ways { get; } = ["ws", "wss"];

    public async Task<MonitorLook> LookAsync(MonitorSpec spec, CancellationToken stop)
    {
        var (notes, url, tls) = (new LookNotes(world, spec), new Uri(spec.Url), new TlsSight(spec.Verify));
        try
        {
            using var client = ClientOf(spec);
            using var handler = Handler(url, notes, tls);
            using var invoker = new HttpMessageInvoker(handler);
            await client.ConnectAsync(url, invoker, stop);
            tls.Note(notes);
            if (tls.TooNear(spec.Expect?.TlsDays, world.Now) is { } near)
            {
                return notes.Down(near);
            }
            if (spec.Request?.Send is { } send)
            {
                await client.SendAsync(
                    Encoding.UTF8.GetBytes(send),
                    WebSocketMessageType.Text,
                    endOfMessage: true,
                    stop
                );
            }
            return spec.Expect is { } expect && (expect.Body ?? expect.Matches) is not null
                ? await ReadAsync(client, expect, notes, stop)
                : notes.Up("It opens web sockets.");
        }
        catch (Exception caught)
            when (caught
                    is WebSocketException
                        or HttpRequestException
                        or IOException
                        or UnreachedException
                        or AuthenticationException
            )
        {
            tls.Note(notes);
            return notes.Down(tls.Fault ?? $"It opens no web socket: {caught.GetBaseException().Message}");
        }
    }

    private static ClientWebSocket ClientOf(MonitorSpec spec)
    {
        var client = new ClientWebSocket();
        foreach (var (name, value) in spec.Request?.Headers ?? new Dictionary<string, string>())
        {
            client.Options.SetRequestHeader(name, value);
        }
        return client;
    }

    private SocketsHttpHandler Handler(Uri url, LookNotes notes, TlsSight tls)
    {
        var options = tls.Options(url.Host);
        options.TargetHost = null; // The handler writes it in.
        return new()
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ActivityHeadersPropagator = null,
            SslOptions = options,
            ConnectCallback = async (context, stop) =>
                await dialer.TcpAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, notes, stop),
        };
    }

    private static async Task<MonitorLook> ReadAsync(
        ClientWebSocket client,
        MonitorExpect expect,
        LookNotes notes,
        CancellationToken stop
    )
    {
        using var read = new MemoryStream();
        var buffer = new byte[4096];
        string? fault = "It says nothing.";
        while (read.Length < TextBytesMax)
        {
            var got = await client.ReceiveAsync(buffer.AsMemory(), stop);
            if (got.MessageType is WebSocketMessageType.Close)
            {
                break;
            }
            read.Write(buffer, 0, got.Count);
            fault = HttpJudge.TextFault(expect, Encoding.UTF8.GetString(read.ToArray()));
            if (fault is null)
            {
                return notes.Up("It says what is expected.");
            }
        }
        return notes.Down(fault);
    }
}
