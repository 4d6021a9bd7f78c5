using System.Net;
using System.Text;
using Fairlead.Model.Ports;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace Fairlead.Roles.Edge;

/// <summary>Carries requests to replicas: lets them in, sends them, tries again where that is safe, and counts how they ended.</summary>
internal sealed class Carrier(
    Admission admission,
    IHttpForwarder forwarder,
    IReadOnlyList<IGuard> guards,
    World world,
    ILogger log
) : IDisposable
{
    private const int TriesMax = 3;
    private static readonly TimeSpan TriesWithin = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private static readonly ForwarderRequestConfig Sending = new()
    {
        ActivityTimeout = TimeSpan.FromMinutes(15),
        Version = HttpVersion.Version11,
        VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
    };

    private readonly HttpMessageInvoker client = new(NewHandler());

    /// <summary>Also used to ask replicas for their health.</summary>
    public HttpMessageInvoker Client => client;

    /// <param name="stop">Ends the waiting of held requests; those on their way go on.</param>
    public async Task CarryAsync(HttpContext http, Door door, CancellationToken stop)
    {
        var trip = new Trip(http, door, world.Clock);
        if (door is Door.Public && trip.Host.Length == 0)
        {
            await Answers.WriteAsync(
                http,
                StatusCodes.Status400BadRequest,
                "The request names no host.",
                http.RequestAborted
            );
            return;
        }
        if (door is Door.Internal)
        {
            StripName(trip);
        }
        if (await IsAnsweredAsync(trip, guards, stop))
        {
            return;
        }
        admission.Look(trip);
        if (trip.Service is { Guards.Count: > 0 } service && await IsAnsweredAsync(trip, service.Guards, stop))
        {
            return;
        }
        var body = Watch(http);
        for (var tries = 1; ; tries++)
        {
            var entry = await admission.EnterAsync(trip, stop);
            if (entry is Entry.Nobody && tries > 1)
            {
                // A replica that just crashed may be back in a moment.
                await Task.Delay(Pause, world.Clock, trip.Aborted)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                trip.Forgive();
                entry = await admission.EnterAsync(trip, stop);
            }
            if (entry is not Entry.Admitted)
            {
                await Answers.RefuseAsync(trip, entry, CancellationToken.None);
                return;
            }
            // What was let in is finished, and answered, also when the edge stops.
            if (await IsDoneAsync(trip, body, tries < TriesMax, CancellationToken.None))
            {
                return;
            }
        }
    }

    public void Dispose() => client.Dispose();

    private static async ValueTask<bool> IsAnsweredAsync(
        Trip trip,
        IReadOnlyList<IGuard> guards,
        CancellationToken stop
    )
    {
        foreach (var guard in guards)
        {
            if (await guard.AnswersAsync(trip, stop))
            {
                return true;
            }
        }
        return false;
    }

    // The count is taken before the request leaves, so that who sees nothing in flight also sees everything counted.
    private async Task<bool> IsDoneAsync(Trip trip, WatchedBody? body, bool mayTryAgain, CancellationToken stop)
    {
        try
        {
            if (trip.Replica.Files is { } folder)
            {
                await ServeAsync(trip, folder, stop);
                return true;
            }
            var error = await SendAsync(trip, stop);
            if (error is ForwarderError.None)
            {
                trip.Count(trip.Http.Response.StatusCode >= 500 ? Ending.Failed : Ending.Answered);
                return true;
            }
            if (IsUnreached(trip) is var isUnreached && isUnreached && trip.Replica.MarkDown())
            {
                log.ReplicaDown(trip.Replica.Key);
            }
            if (mayTryAgain && MayTryAgain(trip, error, isUnreached, body))
            {
                trip.Http.Response.Clear();
                trip.Http.Features.Set<IForwarderErrorFeature>(null);
                return false;
            }
            var ending = EndingOf(trip, error);
            await Answers.ExcuseAsync(trip, ending, stop);
            trip.Count(ending);
            return true;
        }
        finally
        {
            trip.Replica.Leave();
        }
    }

    private ValueTask<ForwarderError> SendAsync(Trip trip, CancellationToken stop)
    {
        var upgrade =
            trip.Http.Request.Headers.Upgrade.Count > 0 ? trip.Http.Features.Get<IHttpUpgradeFeature>() : null;
        return upgrade is { IsUpgradableRequest: true }
            ? SendUpgradeAsync(trip, upgrade, stop)
            : forwarder.SendAsync(trip.Http, trip.Replica.Prefix, client, Sending, trip, trip.Cut);
    }

    private async ValueTask<ForwarderError> SendUpgradeAsync(
        Trip trip,
        IHttpUpgradeFeature upgrade,
        CancellationToken stop
    )
    {
        var polite = new PoliteUpgrade(upgrade, trip.Http);
        trip.Http.Features.Set<IHttpUpgradeFeature>(polite);
        var ending = new CancellationTokenSource();
        await using var _ = trip.Cut.UnsafeRegister(_ => _ = EndAsync(), state: null);
        try
        {
            return await forwarder.SendAsync(trip.Http, trip.Replica.Prefix, client, Sending, trip, ending.Token);
        }
        finally
        {
            trip.Http.Features.Set(upgrade);
        }

        async Task EndAsync()
        {
            await polite.SayGoodbyeAsync(world.Clock, stop);
            await ending.CancelAsync();
        }
    }

    private static async Task ServeAsync(Trip trip, StaticFolder folder, CancellationToken stop)
    {
        trip.Http.Response.Headers[Trip.ReleaseHeader] = trip.Part.Name;
        trip.Answered();
        await using (trip.Cut.UnsafeRegister(context => ((HttpContext)context!).Abort(), trip.Http))
        {
            await folder.ServeAsync(trip.Http, stop);
        }
        trip.Count(
            trip.Cut.IsCancellationRequested && trip.Aborted.IsCancellationRequested ? Ending.Cut : Ending.Answered
        );
    }

    private static void StripName(Trip trip)
    {
        var slash = trip.Path.IndexOf('/', 1);
        trip.Http.Request.PathBase = slash < 0 ? trip.Path : trip.Path[..slash];
        trip.Http.Request.Path = slash < 0 ? "/" : trip.Path[slash..];
    }

    private static WatchedBody? Watch(HttpContext http)
    {
        if (http.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true })
        {
            return null;
        }
        var body = new WatchedBody(http.Request.Body);
        http.Request.Body = body;
        return body;
    }

    /// <summary>No byte of the request has reached the app: nobody listens there, or nobody takes the connection.</summary>
    private static bool IsUnreached(Trip trip) =>
        trip.Http.Features.Get<IForwarderErrorFeature>()?.Exception
            is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError }
                or OperationCanceledException { InnerException: TimeoutException };

    private static bool MayTryAgain(Trip trip, ForwarderError error, bool isUnreached, WatchedBody? body) =>
        !trip.HasAnswer
        && !trip.Http.Response.HasStarted
        && !trip.Aborted.IsCancellationRequested
        && !trip.Cut.IsCancellationRequested
        && trip.Elapsed < TriesWithin
        && (
            isUnreached
                ? body is not { WasRead: true }
                : error is ForwarderError.Request && body is null && IsIdempotent(trip.Http.Request.Method)
        );

    private static bool IsIdempotent(string method) =>
        HttpMethods.IsGet(method)
        || HttpMethods.IsHead(method)
        || HttpMethods.IsPut(method)
        || HttpMethods.IsDelete(method)
        || HttpMethods.IsOptions(method)
        || HttpMethods.IsTrace(method);

    private static Ending EndingOf(Trip trip, ForwarderError error) =>
        trip switch
        {
            _ when trip.Cut.IsCancellationRequested => Ending.Cut,
            { HasAnswer: true } when trip.Http.Response.StatusCode >= 500 => Ending.Failed,
            { HasAnswer: true } when error is ForwarderError.ResponseBodyDestination => Ending.Lost,
            { HasAnswer: true }
                when error is ForwarderError.ResponseBodyClient or ForwarderError.ResponseBodyCanceled =>
                Ending.Abandoned,
            { HasAnswer: true } => Ending.Answered,
            _ when trip.Aborted.IsCancellationRequested || error is ForwarderError.RequestBodyClient =>
                Ending.Abandoned,
            _ => Ending.Lost,
        };

    private static SocketsHttpHandler NewHandler() =>
        new()
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            UseProxy = false,
            EnableMultipleHttp2Connections = true,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            // Shorter than what servers keep (gunicorn 2 s, node 5 s): who closes first can never meet a request on its way.
            PooledConnectionIdleTimeout = TimeSpan.FromMilliseconds(1_500),
            ActivityHeadersPropagator = null,
            // Headers pass byte by byte, whatever they are written in.
            RequestHeaderEncodingSelector = (_, _) => Encoding.Latin1,
            ResponseHeaderEncodingSelector = (_, _) => Encoding.Latin1,
        };
}
