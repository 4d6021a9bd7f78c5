using Fairlead.Model.Ports;
using Fairlead.Roles.Edge.Files;
using Fairlead.Roles.Edge.Gateway;
using Fairlead.Roles.Edge.Gateway.Protecting;
using Fairlead.Roles.Edge.Mirroring;
using Fairlead.Roles.Edge.Upstream;
using Yarp.ReverseProxy.Forwarder;
using Sent = Fairlead.Roles.Edge.Upstream.Sent;

namespace Fairlead.Roles.Edge;

/// <summary>Carries requests to replicas: lets them in, sends them, tries again where that is safe, and counts how they ended.</summary>
internal sealed class Carrier(
    Admission admission,
    IHttpForwarder forwarder,
    EarlyGuards guards,
    World world,
    ILogger log
) : IDisposable
{
    private const int TriesMax = 3;
    private static readonly TimeSpan TriesWithin = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly Exchange exchange = new(world);
    private readonly GrpcExchange grpc = new(forwarder);

    /// <param name="stop">Ends the waiting of held requests; those on their way go on.</param>
    public async Task CarryAsync(HttpContext http, Arrival arrival, CancellationToken stop)
    {
        var trip = new Trip(http, arrival, world.Clock);
        if (trip.Door is Door.Public && trip.Host.Length == 0)
        {
            await Answers.WriteAsync(
                http,
                StatusCodes.Status400BadRequest,
                "The request names no host.",
                http.RequestAborted
            );
            return;
        }
        if (Forbidden(trip) is { } status)
        {
            http.Response.Headers.Connection = "close";
            await Answers.WriteAsync(http, status, "The request is not what HTTP allows.", http.RequestAborted);
            return;
        }
        if (trip.Door is Door.Internal)
        {
            trip.StripName();
        }
        else
        {
            // What only the edge may say, whether this service asks for it or not.
            http.Request.Headers.Remove(Mirror.Header);
            http.Request.Headers.Remove(BasicGuard.UserHeader);
            http.Request.Headers.Remove(KeyFinder.NameHeader);
        }
        if (await IsAnsweredAsync(trip, guards.First, stop))
        {
            return;
        }
        admission.Look(trip);
        var own = trip.Service is { Guards.Count: > 0 } service ? service.Guards : guards.OfStrangers;
        if (await IsAnsweredAsync(trip, own, stop))
        {
            return;
        }
        await CarryOnAsync(trip, stop);
    }

    /// <summary>Carries a request that no guard answers.</summary>
    /// <param name="stop">Ends the waiting of held requests; those on their way go on.</param>
    public async Task CarryOnAsync(Trip trip, CancellationToken stop)
    {
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
            if (tries == 1)
            {
                trip.Service!.Mirror?.Show(trip);
            }
            // What was let in is finished, and answered, also when the edge stops.
            if (await IsDoneAsync(trip, tries < TriesMax, CancellationToken.None))
            {
                return;
            }
        }
    }

    public void Dispose() => grpc.Dispose();

    private static async ValueTask<bool> IsAnsweredAsync(
        Trip trip,
        IReadOnlyList<IGuard> guards,
        CancellationToken stop
    )
    {
        for (var i = 0; i < guards.Count; i++)
        {
            if (await guards[i].AnswersAsync(trip, stop))
            {
                return true;
            }
        }
        return false;
    }

    // The count is taken before the request leaves, so that who sees nothing in flight also sees everything counted.
    private async ValueTask<bool> IsDoneAsync(Trip trip, bool mayTryAgain, CancellationToken stop)
    {
        try
        {
            if (trip.Replica.IsFiles)
            {
                await ServeAsync(trip, stop);
                return true;
            }
            var sent = GrpcExchange.Takes(trip.Http.Request)
                ? await grpc.SendAsync(trip, stop)
                : await exchange.SendAsync(trip, trip.Replica.Pool!, stop); // A replica without files has one.
            if (sent is Sent.Whole)
            {
                trip.Count(trip.Http.Response.StatusCode >= 500 ? Ending.Failed : Ending.Answered);
                return true;
            }
            if (sent is Sent.Unreached && trip.Replica.MarkDown())
            {
                log.ReplicaDown(trip.Replica.Key);
            }
            if (mayTryAgain && MayTryAgain(trip, sent))
            {
                trip.Http.Response.Clear();
                return false;
            }
            var ending = EndingOf(trip, sent);
            await Answers.ExcuseAsync(trip, sent, ending, stop);
            trip.Count(ending);
            return true;
        }
        finally
        {
            trip.Replica.Leave();
        }
    }

    private static async Task ServeAsync(Trip trip, CancellationToken stop)
    {
        trip.Answered();
        await using (trip.Cut.UnsafeRegister(context => ((HttpContext)context!).Abort(), trip.Http))
        {
            await SiteDesk.ServeAsync(trip.Http, trip.Service!.Files!, trip.Part, stop);
        }
        trip.Count(
            trip.Cut.IsCancellationRequested && trip.Aborted.IsCancellationRequested ? Ending.Cut : Ending.Answered
        );
    }

    // A tunnel to anywhere and an echo of credentials are for nobody; a body framed in two ways is an attack (RFC 9112, section 6.1).
    private static int? Forbidden(Trip trip)
    {
        var request = trip.Http.Request;
        return HttpMethods.IsTrace(request.Method) || (HttpMethods.IsConnect(request.Method) && !trip.IsExtendedConnect)
                ? StatusCodes.Status405MethodNotAllowed
            // Some apps (Tomcat's kin) see two dots in it and climb to where the edge sent nobody.
            : RequestTarget.HasDisguisedDots(trip.Target) ? StatusCodes.Status400BadRequest
            : request.Headers.TransferEncoding is not { Count: > 0 } coding ? null
            // The server sets the length aside under this name where chunks overrule it.
            : request.Headers.ContainsKey("X-Content-Length") ? StatusCodes.Status400BadRequest
            // Of other codings it takes off the chunks alone, and what is left is not what the client meant (section 7).
            : coding is not [{ } one] || !one.Equals("chunked", StringComparison.OrdinalIgnoreCase)
                ? StatusCodes.Status501NotImplemented
            : null;
    }

    private static bool MayTryAgain(Trip trip, Sent sent) =>
        !trip.HasAnswer
        && !trip.BodyWasTouched
        && !trip.Http.Response.HasStarted
        && !trip.Aborted.IsCancellationRequested
        && !trip.Cut.IsCancellationRequested
        && trip.Elapsed < TriesWithin
        && (sent is Sent.Unreached || (sent is Sent.NoAnswer && IsIdempotent(trip.Http.Request.Method)));

    private static bool IsIdempotent(string method) =>
        HttpMethods.IsGet(method)
        || HttpMethods.IsHead(method)
        || HttpMethods.IsPut(method)
        || HttpMethods.IsDelete(method)
        || HttpMethods.IsOptions(method)
        || HttpMethods.IsTrace(method);

    private static Ending EndingOf(Trip trip, Sent sent) =>
        trip switch
        {
            _ when trip.Cut.IsCancellationRequested => Ending.Cut,
            { HasAnswer: true } when trip.Http.Response.StatusCode >= 500 => Ending.Failed,
            _ when sent is Sent.ClientGone => Ending.Abandoned,
            _ => Ending.Lost,
        };
}

/// <summary>The guards that are asked whoever a request is for.</summary>
/// <param name="First">Before it is known whom it is for.</param>
/// <param name="OfStrangers">Where no service has guards of its own, which hold these too.</param>
internal sealed record EarlyGuards(IReadOnlyList<IGuard> First, IReadOnlyList<IGuard> OfStrangers);
