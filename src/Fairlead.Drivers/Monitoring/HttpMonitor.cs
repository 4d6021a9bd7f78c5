using System.Globalization;
using System.Net;
using System.Security.Authentication;
using System.Text;
using Fairlead.Model.Monitoring;
using Fairlead.Model.Ports;
using Fairlead.Model.Security;

namespace Fairlead.Drivers.Monitoring;

/// <summary>Asks over HTTP, each time by a connection of its own, so that names, ports and certificates are looked at each time, too.</summary>
internal sealed class HttpMonitor(Dialer dialer, World world) : IMonitorProbe
{
    private const int RedirectsMax = 5;
    private const int HeaderKilobytesMax = 64;

    /// <summary>No more of a body is read.</summary>
    public const int BodyBytesMax = 1 << 20;

    public IReadOnlyList<string> Ways { get; } = ["http", "https"];

    public async Task<MonitorLook> LookAsync(MonitorSpec spec, CancellationToken stop)
    {
        var (notes, tls) = (new LookNotes(world, spec), new TlsSight(spec.Verify));
        try
        {
            var seen = await AskAsync(spec, notes, tls, stop);
            notes.Phases("probe_http_duration_seconds");
            notes.Note("probe_http_status_code", seen.Status);
            notes.Note("probe_http_uncompressed_body_length", seen.BodyBytes);
            tls.Note(notes);
            var fault = HttpJudge.FaultOf(spec, seen) ?? tls.TooNear(spec.Expect?.TlsDays, world.Now);
            notes.Note("probe_failed_due_to_regex", HttpJudge.IsTextAtFault(spec, seen) ? 1 : 0);
            return fault is null
                ? notes.Up(string.Create(CultureInfo.InvariantCulture, $"It answered {seen.Status}."))
                : notes.Down(fault);
        }
        catch (Exception caught)
            when (caught is HttpRequestException or IOException or UnreachedException or AuthenticationException)
        {
            notes.Phases("probe_http_duration_seconds");
            tls.Note(notes);
            return notes.Down(tls.Fault ?? WhyOf(caught));
        }
    }

    /// <summary>What went wrong first: handlers wrap it in what they know.</summary>
    private static string WhyOf(Exception caught)
    {
        for (var one = caught; one is not null; one = one.InnerException)
        {
            if (one is UnreachedException)
            {
                return one.Message;
            }
        }
        return $"It did not answer as HTTP does: {caught.GetBaseException().Message}";
    }

    private async Task<SeenHttp> AskAsync(MonitorSpec spec, LookNotes notes, TlsSight tls, CancellationToken stop)
    {
        var url = new Uri(spec.Url);
        using var handler = Handler(spec, url, notes, tls);
        using var client = new HttpMessageInvoker(handler);
        var follows = spec.Expect?.Status.Any(one => one.From < 400 && one.To >= 300) is not true;
        var method = new HttpMethod(spec.Request?.Method ?? "GET");
        for (var (at, redirects) = (url, 0); ; redirects++)
        {
            using var request = RequestOf(spec, at, method, IsHome(url, at));
            using var answer = await client.SendAsync(request, stop);
            notes.Over("processing");
            notes.Note("probe_http_redirects", redirects);
            notes.Note("probe_http_ssl", at.Scheme is "https" ? 1 : 0);
            notes.Note("probe_http_version", answer.Version.Major + (answer.Version.Minor / 10.0));
            if (
                follows
                && redirects < RedirectsMax
                && (int)answer.StatusCode is 301 or 302 or 303 or 307 or 308
                && answer.Headers.Location is { } location
                && new Uri(at, location) is { Scheme: "http" or "https" } next
            )
            {
                method = (int)answer.StatusCode is 307 or 308 || method == HttpMethod.Head ? method : HttpMethod.Get;
                at = next;
                continue;
            }
            var body = await BodyAsync(answer.Content, stop);
            notes.Over("transfer");
            return SeenHttp.Of(answer, body);
        }
    }

    // Where it was sent first, or the same host by TLS; never the same host without it, and no other port.
    private static bool IsHome(Uri first, Uri at) =>
        at.Host == first.Host
        && ((at.Scheme == first.Scheme && at.Port == first.Port) || at is { Scheme: "https", IsDefaultPort: true });

    private SocketsHttpHandler Handler(MonitorSpec spec, Uri home, LookNotes notes, TlsSight tls) =>
        new()
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            // A proxy would connect for us, to anywhere.
            UseProxy = false,
            ActivityHeadersPropagator = null,
            AutomaticDecompression = DecompressionMethods.All,
            MaxResponseHeadersLength = HeaderKilobytesMax,
            SslOptions = OptionsOf(tls, home.Host),
            ConnectCallback = async (context, stop) =>
            {
                var to = context.DnsEndPoint;
                // Its own edge is on this machine, whoever's monitor it is.
                return spec.Through is { } through && to.Host == home.Host
                    ? await dialer.TcpAsync(Dialer.PlaceOf(through), AddressKind.Inside, notes, stop)
                    : await dialer.TcpAsync((to.Host, to.Port), notes.Most, notes, stop);
            },
        };

    // Each host's own name is asked for: the handler writes it in for each connection.
    private static System.Net.Security.SslClientAuthenticationOptions OptionsOf(TlsSight tls, string host)
    {
        var options = tls.Options(host);
        options.TargetHost = null;
        return options;
    }

    private static HttpRequestMessage RequestOf(MonitorSpec spec, Uri at, HttpMethod method, bool isHome)
    {
        var request = new HttpRequestMessage(method, at)
        {
            Version = at.Scheme is "https" ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        request.Headers.ConnectionClose = true;
        request.Headers.TryAddWithoutValidation("User-Agent", "Fairlead-Monitor/1");
        request.Headers.TryAddWithoutValidation("Accept", "*/*");
        if (!isHome)
        {
            return request; // What is for one host is nobody else's.
        }
        if (spec.Request?.Send is { } send && method != HttpMethod.Get)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(send));
        }
        foreach (var (name, value) in spec.Request?.Headers ?? new Dictionary<string, string>())
        {
            request.Headers.Remove(name);
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content?.Headers.Remove(name);
                request.Content?.Headers.TryAddWithoutValidation(name, value);
            }
        }
        return request;
    }

    private static async Task<byte[]> BodyAsync(HttpContent content, CancellationToken stop)
    {
        await using var body = await content.ReadAsStreamAsync(stop);
        using var kept = new MemoryStream();
        var buffer = new byte[16 * 1024];
        for (int count; (count = await body.ReadAsync(buffer, stop)) > 0; )
        {
            kept.Write(buffer, 0, Math.Min(count, BodyBytesMax - (int)kept.Length));
            if (kept.Length >= BodyBytesMax)
            {
                break; // The rest proves nothing more, and may never end.
            }
        }
        return kept.ToArray();
    }
}
