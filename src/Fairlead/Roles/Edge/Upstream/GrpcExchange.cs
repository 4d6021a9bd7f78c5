using System.Net;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Yarp.ReverseProxy.Forwarder;

namespace Fairlead.Roles.Edge.Upstream;

/// <summary>Sends gRPC calls, which need HTTP/2 up to the app: its streams, trailers and resets are YARP's work.</summary>
internal sealed class GrpcExchange(IHttpForwarder forwarder) : IDisposable
{
    private static readonly ForwarderRequestConfig Sending = new()
    {
        ActivityTimeout = TimeSpan.FromMinutes(15),
        Version = HttpVersion.Version20,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    private readonly HttpMessageInvoker client = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            UseProxy = false,
            EnableMultipleHttp2Connections = true,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
            ActivityHeadersPropagator = null,
            RequestHeaderEncodingSelector = (_, _) => Encoding.Latin1,
            ResponseHeaderEncodingSelector = (_, _) => Encoding.Latin1,
        }
    );

    public static bool Takes(HttpRequest request) =>
        request.ContentType is { } type
        && type.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase)
        && !type.StartsWith("application/grpc-web", StringComparison.OrdinalIgnoreCase)
        && (HttpProtocol.IsHttp2(request.Protocol) || HttpProtocol.IsHttp3(request.Protocol));

    public async ValueTask<Sent> SendAsync(Trip trip, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        trip.BodyWasTouched = true;
        if (trip.Http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null; // A call may be silent for as long as it likes.
        }
        var error = await forwarder.SendAsync(
            trip.Http,
            trip.Replica.Endpoint.AbsoluteUri,
            client,
            Sending,
            new Fields(trip),
            trip.Cut
        );
        return error switch
        {
            ForwarderError.None => Sent.Whole,
            _ when trip.Aborted.IsCancellationRequested => Sent.ClientGone,
            ForwarderError.RequestTimedOut => Sent.Late,
            ForwarderError.RequestBodyClient or ForwarderError.ResponseBodyClient => Sent.ClientGone,
            _ when IsUnreached(trip.Http) => Sent.Unreached,
            _ => trip.HasAnswer ? Sent.Broken : Sent.NoAnswer,
        };
    }

    public void Dispose() => client.Dispose();

    private static bool IsUnreached(HttpContext http) =>
        http.Features.Get<IForwarderErrorFeature>()?.Exception
            is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError }
                or OperationCanceledException { InnerException: TimeoutException };

    private sealed class Fields(Trip trip) : HttpTransformer
    {
        public override async ValueTask TransformRequestAsync(
            HttpContext httpContext,
            HttpRequestMessage proxyRequest,
            string destinationPrefix,
            CancellationToken cancellationToken
        )
        {
            await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
            proxyRequest.RequestUri = new Uri(new Uri(destinationPrefix), trip.Target);
            var headers = proxyRequest.Headers;
            foreach (var (name, _) in headers.NonValidated.Where(one => RequestHead.IsForEdgeAlone(one.Key)).ToList())
            {
                headers.Remove(name);
            }
            headers.Host = trip.Host;
            headers.TryAddWithoutValidation("X-Forwarded-For", trip.ClientAddress);
            headers.TryAddWithoutValidation("X-Forwarded-Host", trip.Host);
            headers.TryAddWithoutValidation("X-Forwarded-Proto", httpContext.Request.Scheme);
        }

        public override async ValueTask<bool> TransformResponseAsync(
            HttpContext httpContext,
            HttpResponseMessage? proxyResponse,
            CancellationToken cancellationToken
        )
        {
            if (proxyResponse is null)
            {
                return true;
            }
            var hasBody = await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
            trip.Answered();
            // A client may wait for the head before it says more. A head that holds the status is the whole answer, which its end must follow at once.
            if (!proxyResponse.Headers.Contains("grpc-status"))
            {
                await httpContext.Response.Body.FlushAsync(cancellationToken);
            }
            return hasBody;
        }
    }
}
