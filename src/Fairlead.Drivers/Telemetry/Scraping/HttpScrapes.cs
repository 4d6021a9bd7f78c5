using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Fairlead.Drivers.Formats.Exposition;
using Fairlead.Drivers.Http;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Telemetry.Scraping;

/// <summary>Asks over HTTP, as Prometheus does, for Prometheus's text format or OpenMetrics.</summary>
public sealed class HttpScrapes : IScrapes, IDisposable
{
    private readonly HttpClient http;
    private readonly Func<string, string?> variable;

    /// <param name="variable">The server's environment, for <c>${NAME}</c> in addresses.</param>
    public HttpScrapes(Func<string, string?> variable)
        : this(variable, socketOf: null) { }

    private HttpScrapes(Func<string, string?> variable, Func<string, string>? socketOf)
    {
        this.variable = variable;
        http = new(
            new SocketsHttpHandler
            {
                AutomaticDecompression = DecompressionMethods.GZip,
                MaxAutomaticRedirections = 3,
                UseCookies = false,
                UseProxy = false,
                ActivityHeadersPropagator = null,
                PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2),
                ConnectCallback = socketOf is null
                    ? (context, stop) => OutboundGuard.ConnectAsync(context.DnsEndPoint, AddressKind.Inside, stop)
                    : (context, stop) => ConnectAsync(socketOf, context, stop),
            }
        )
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        http.DefaultRequestHeaders.UserAgent.ParseAdd("Fairlead");
        http.DefaultRequestHeaders.TryAddWithoutValidation("Accept", ExpositionMedia.Accept);
    }

    /// <summary>Asks the roles of this Fairlead, <c>fairlead://edge/metrics</c>, over their Unix sockets.</summary>
    /// <param name="socketOf">A role's socket.</param>
    public static HttpScrapes OfRoles(Func<string, string> socketOf) => new(_ => null, socketOf);

    public async Task<MetricPage> ScrapeAsync(ScrapeTarget target, CancellationToken stop)
    {
        using var request = RequestFor(target, TargetAddress.Complete(target.Url, variable));
        byte[] body;
        ExpositionDialect dialect;
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
            if (!response.IsSuccessStatusCode)
            {
                throw new ProblemException(ScrapeProblems.Refused(target, (int)response.StatusCode));
            }
            var type = response.Content.Headers.NonValidated.TryGetValues("Content-Type", out var said)
                ? said.ToString()
                : null;
            dialect = ExpositionMedia.Of(type) ?? throw new ProblemException(ScrapeProblems.NotMetrics(target, type));
            body = await BoundedBody.ReadAsync(response.Content, target.Limits.BodyBytesMax, stop);
        }
        catch (Exception caught) when (caught is HttpRequestException or IOException or InvalidDataException)
        {
            throw new ProblemException(ScrapeProblems.Unreachable(target, caught.GetBaseException().Message), caught);
        }
        try
        {
            return ExpositionReader.Read(body, dialect, target.Limits);
        }
        catch (InvalidDataException caught)
        {
            throw new ProblemException(ScrapeProblems.Unreadable(target, caught.Message), caught);
        }
    }

    public async Task<bool> NewsAsync(ScrapeTarget target, CancellationToken stop)
    {
        var address = new Uri($"{TargetAddress.Complete(target.Url, variable)}/{ScrapeTarget.NewsSegment}");
        using var request = RequestFor(target, address);
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
            return response.IsSuccessStatusCode
                ? response.StatusCode is not HttpStatusCode.NoContent
                : throw new ProblemException(ScrapeProblems.Refused(target, (int)response.StatusCode));
        }
        catch (Exception caught) when (caught is HttpRequestException or IOException)
        {
            throw new ProblemException(ScrapeProblems.Unreachable(target, caught.GetBaseException().Message), caught);
        }
    }

    public void Dispose() => http.Dispose();

    private static HttpRequestMessage RequestFor(ScrapeTarget target, Uri address)
    {
        var plain = new UriBuilder(address) { UserName = "", Password = "" };
        plain.Scheme = plain.Scheme == "fairlead" ? "http" : plain.Scheme;
        var request = new HttpRequestMessage(HttpMethod.Get, plain.Uri);
        request.Headers.Add(
            "X-Prometheus-Scrape-Timeout-Seconds",
            target.Timeout.TotalSeconds.ToString(CultureInfo.InvariantCulture)
        );
        var (user, password) = TargetAddress.LoginOf(address);
        if (user.Length > 0)
        {
            var login = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", login);
        }
        else if (password.Length > 0)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", password);
        }
        return request;
    }

    private static async ValueTask<Stream> ConnectAsync(
        Func<string, string> socketOf,
        SocketsHttpConnectionContext context,
        CancellationToken stop
    )
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketOf(context.DnsEndPoint.Host)), stop);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
