using Fairlead.Model.Ports;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Fairlead.Roles.Edge.Gateway.Caching;

/// <summary>Asks the app whether what is kept still holds, for nobody in particular.</summary>
/// <param name="carry">Carries a request to the app, past all guards.</param>
internal sealed class Refresher(
    CacheGuard cache,
    Flights flights,
    World world,
    Func<Trip, CancellationToken, Task> carry
)
{
    private static readonly TimeSpan AskMax = TimeSpan.FromSeconds(30);

    // Of the request that found the answer stale; the rest says who asked, and that is nobody.
    private static readonly string[] NotAsked =
    [
        HeaderNames.Cookie,
        HeaderNames.IfMatch,
        HeaderNames.IfModifiedSince,
        HeaderNames.IfNoneMatch,
        HeaderNames.IfUnmodifiedSince,
        HeaderNames.IfRange,
        HeaderNames.Range,
        HeaderNames.Expect,
    ];

    /// <summary>Asks behind the back of the client, which has its answer already.</summary>
    public void Begin(Trip trip, StoredAnswer known)
    {
        if (flights.TryTakeOff(Address.Of(trip)))
        {
            // The client's request ends before this does, so what is needed of it is taken now.
            var limit = new CancellationTokenSource(AskMax, world.Clock);
            var asked = Copy(trip, known, limit.Token);
            _ = Task.Run(() => AskAndLandAsync(asked, known, limit, limit.Token));
        }
    }

    /// <summary>Asks while the client waits.</summary>
    /// <returns>What may be given, and how it is called; null when the client has to ask itself.</returns>
    public async ValueTask<(StoredAnswer Answer, string Word)?> AskAsync(
        Trip trip,
        StoredAnswer known,
        CancellationToken stop
    )
    {
        var hasFailed = false;
        if (flights.TryTakeOff(Address.Of(trip)))
        {
            var limit = new CancellationTokenSource(AskMax, world.Clock);
            hasFailed = !await AskAndLandAsync(Copy(trip, known, limit.Token), known, limit, limit.Token);
        }
        else
        {
            hasFailed = !await flights.WaitAsync(Address.Of(trip), trip.Aborted);
        }
        // What came while the client waited is new enough for it, however short its life.
        if (cache.Find(trip) is { } answer && !ReferenceEquals(answer, known))
        {
            return (answer, "revalidated");
        }
        return hasFailed && known.MayBeStaleAt(world.Now, known.Lifetime.IfError) ? (known, "stale") : null;
    }

    /// <returns>False when the app failed.</returns>
    private async Task<bool> AskAndLandAsync(
        Trip asked,
        StoredAnswer known,
        CancellationTokenSource limit,
        CancellationToken stop
    )
    {
        using var body = (AnswerInMemory)asked.Http.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        try
        {
            await carry(asked, stop);
            return Settle(asked, known, body);
        }
        finally
        {
            flights.Land(Address.Of(asked));
            limit.Dispose();
        }
    }

    private bool Settle(Trip asked, StoredAnswer known, AnswerInMemory body)
    {
        var response = asked.Http.Response;
        if (asked.Ended is not Ending.Answered || response.StatusCode >= StatusCodes.Status500InternalServerError)
        {
            return false;
        }
        if (response.StatusCode == StatusCodes.Status304NotModified)
        {
            foreach (var (name, value) in known.Headers)
            {
                // What the app says anew replaces what it said then (RFC 9111, section 3.2).
                _ = response.Headers.TryAdd(name, value);
            }
            response.StatusCode = known.Status;
            body.Replace(known.Body);
        }
        if (!body.IsTooLarge && cache.Take(asked) is { } answer)
        {
            cache.Keep(asked, answer with { Body = body.ToArray() });
        }
        else
        {
            cache.Pass(asked);
        }
        return true;
    }

    private Trip Copy(Trip trip, StoredAnswer known, CancellationToken stop)
    {
        var from = trip.Http;
        var features = new FeatureCollection();
        features.Set<IHttpRequestFeature>(
            new HttpRequestFeature
            {
                Method = HttpMethods.Get,
                Scheme = from.Request.Scheme,
                Path = from.Request.Path.Value ?? "/",
                QueryString = from.Request.QueryString.Value ?? "",
                RawTarget = from.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
                Protocol = HttpProtocol.Http11,
            }
        );
        features.Set<IHttpResponseFeature>(new HttpResponseFeature());
        features.Set<IHttpResponseBodyFeature>(new AnswerInMemory(cache.Store.AnswerBytesMax));
        var http = new DefaultHttpContext(features) { RequestAborted = stop };
        foreach (var (name, value) in from.Request.Headers)
        {
            if (!NotAsked.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                http.Request.Headers[name] = value;
            }
        }
        if (known.ETag is { } tag)
        {
            http.Request.Headers.IfNoneMatch = tag;
        }
        else if (known.LastModified is { } modified)
        {
            http.Request.Headers.IfModifiedSince = modified;
        }
        http.Connection.RemoteIpAddress = from.Connection.RemoteIpAddress;
        return new Trip(http, new Arrival(trip.Door), world.Clock) { Service = trip.Service };
    }
}
