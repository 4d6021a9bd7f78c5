using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Security.Authentication;
using System.Text;
using Fairlead.Model.Monitoring;
using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Monitoring;

/// <summary>
/// Asks a gRPC server for its health (grpc.health.v1, github.com/grpc/grpc/blob/master/doc/health-checking.md):
/// <c>grpc://127.0.0.1:9090/shop.Carts</c>, or <c>grpcs:</c> by TLS. One call with one short message each way needs no library for gRPC.
/// </summary>
internal sealed class GrpcMonitor(Dialer dialer, World world) : IMonitorProbe
{
    private const int HeadBytes = 5;
    private const int AnswerBytesMax = 4096;

    private static readonly string[] States = ["UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"];

    public IReadOnlyList<string> Ways { get; } = ["grpc", "grpcs"];

    public async Task<MonitorLook> LookAsync(MonitorSpec spec, CancellationToken stop)
    {
        var (notes, url, tls) = (new LookNotes(world, spec), new Uri(spec.Url), new TlsSight(spec.Verify));
        try
        {
            using var handler = Handler(url, notes, tls);
            using var client = new HttpMessageInvoker(handler);
            using var request = RequestOf(url);
            using var answer = await client.SendAsync(request, stop);
            var body = await BodyAsync(answer.Content, stop);
            tls.Note(notes);
            var status = StatusOf(answer);
            notes.Note("probe_grpc_status_code", status);
            if (status != 0)
            {
                return notes.Down(
                    string.Create(CultureInfo.InvariantCulture, $"It answers with gRPC's status {status}.")
                );
            }
            var state = StateOf(body);
            notes.Note("probe_grpc_healthcheck_response", state);
            var word = States.ElementAtOrDefault(state) ?? "something unknown";
            return tls.TooNear(spec.Expect?.TlsDays, world.Now) is { } near ? notes.Down(near)
                : state == 1 ? notes.Up("It is SERVING.")
                : notes.Down($"It is {word}.");
        }
        catch (Exception caught)
            when (caught is HttpRequestException or IOException or UnreachedException or AuthenticationException)
        {
            tls.Note(notes);
            return notes.Down(tls.Fault ?? $"It does not answer as gRPC does: {caught.GetBaseException().Message}");
        }
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

    private static HttpRequestMessage RequestOf(Uri url)
    {
        var scheme = url.Scheme is "grpcs" ? "https" : "http";
        var content = new ByteArrayContent(Question(Uri.UnescapeDataString(url.AbsolutePath.Trim('/'))));
        content.Headers.ContentType = new("application/grpc");
        var request = new HttpRequestMessage(HttpMethod.Post, $"{scheme}://{url.Authority}/grpc.health.v1.Health/Check")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        request.Headers.TE.Add(new("trailers"));
        return request;
    }

    /// <summary>HealthCheckRequest: field 1 is the service's name, left out for the whole server.</summary>
    internal static byte[] Question(string service)
    {
        var name = Encoding.UTF8.GetBytes(service.Length > 100 ? service[..100] : service);
        byte[] message = name.Length == 0 ? [] : [0x0a, (byte)name.Length, .. name];
        var framed = new byte[HeadBytes + message.Length];
        BinaryPrimitives.WriteUInt32BigEndian(framed.AsSpan(1), (uint)message.Length);
        message.CopyTo(framed, HeadBytes);
        return framed;
    }

    /// <summary>HealthCheckResponse: field 1 is the state; 0 where it is left out, or what came is none.</summary>
    internal static int StateOf(ReadOnlySpan<byte> framed) =>
        framed.Length > HeadBytes + 1 && framed[0] == 0 && framed[HeadBytes] == 0x08 ? framed[HeadBytes + 1] : 0;

    // In the trailers, or in the head where there is nothing else. Another server than one of gRPC says nothing: that is 12, unimplemented.
    private static int StatusOf(HttpResponseMessage answer)
    {
        const int unimplemented = 12;
        var said =
            answer.TrailingHeaders.TryGetValues("grpc-status", out var late) ? late.FirstOrDefault()
            : answer.Headers.TryGetValues("grpc-status", out var early) ? early.FirstOrDefault()
            : null;
        return int.TryParse(said, NumberStyles.None, CultureInfo.InvariantCulture, out var status)
            ? status
            : unimplemented;
    }

    private static async Task<byte[]> BodyAsync(HttpContent content, CancellationToken stop)
    {
        await using var body = await content.ReadAsStreamAsync(stop);
        var buffer = new byte[AnswerBytesMax];
        // To its end, because the trailers come behind it.
        var count = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, stop);
        return buffer[..count];
    }
}
