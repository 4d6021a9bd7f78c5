using Yarp.ReverseProxy.Forwarder;

namespace Fairlead.Roles.Edge;

/// <summary>One request on its way. It is YARP's transformer too, so that a request costs one object and not two.</summary>
internal sealed class Trip(HttpContext http, Door door, TimeProvider clock) : HttpTransformer
{
    /// <summary>Says which release answered.</summary>
    public const string ReleaseHeader = "Fairlead-Release";

    /// <summary>A client that leaves sooner was not driven away by waiting.</summary>
    private static readonly TimeSpan PatienceMin = TimeSpan.FromSeconds(1);

    // What a client says about its way to us is hearsay to an app that trusts its proxy.
    private static readonly string[] Hearsay =
    [
        "Forwarded",
        "X-Forwarded-For",
        "X-Forwarded-Host",
        "X-Forwarded-Port",
        "X-Forwarded-Prefix",
        "X-Forwarded-Proto",
        "X-Real-IP",
    ];

    private LivePart? firstPart;
    private bool isRetried;
    private TimeSpan firstByte;
    private long began;

    public HttpContext Http => http;

    public Door Door => door;

    public string Host { get; } = http.Request.Host.Value ?? "";

    /// <summary>As the client sent it.</summary>
    public string Path { get; } = http.Request.Path.Value ?? "/";

    public CancellationToken Aborted => http.RequestAborted;

    /// <summary>Counts it if nobody answers; null while no site is known for it.</summary>
    public TrafficCounter? Elsewhere { get; set; }

    public LiveService? Service { get; set; }

    public Tried Tried { get; private set; }

    public LivePart Part { get; private set; } = null!; // Set by Begin, before anyone may ask.

    public Replica Replica { get; private set; } = null!; // Likewise.

    /// <summary>Is cancelled when the replica's drain limit has passed.</summary>
    public CancellationToken Cut { get; private set; }

    /// <summary>The app answered, so nobody else may.</summary>
    public bool HasAnswer { get; private set; }

    public TimeSpan Elapsed => clock.GetElapsedTime(began);

    public void Begin(LiveReplica chosen)
    {
        if (firstPart is null)
        {
            firstPart = chosen.Part;
            began = clock.GetTimestamp();
        }
        else
        {
            isRetried = true;
        }
        Part = chosen.Part;
        Replica = chosen.Replica;
        Cut = chosen.Replica.Cut;
        Tried = Tried.And(chosen);
    }

    /// <summary>Everyone was tried: they may be tried again.</summary>
    public void Forgive() => Tried = default;

    public void Answered()
    {
        firstByte = Elapsed;
        HasAnswer = true;
    }

    public void Count(Ending ending)
    {
        Part.Window.Counts.Request();
        Part.Meter.Total.Request();
        if (ending is not Ending.Answered)
        {
            Part.Window.Counts.End(ending);
            Part.Meter.Total.End(ending);
        }
        if (HasAnswer && isRetried)
        {
            // The part that let the request down is the one to be judged for it.
            firstPart!.Window.Counts.Retry();
            firstPart.Meter.Total.Retry();
        }
        if (HasAnswer || ending is Ending.Lost or Ending.Cut)
        {
            Part.Window.Status(http.Response.StatusCode);
        }
        if (HasAnswer)
        {
            Part.Window.Latency(firstByte);
        }
        else if (ending is Ending.Abandoned && Elapsed is var waited && waited >= PatienceMin)
        {
            Part.Window.Latency(waited);
        }
    }

    /// <summary>Counts a request that was not let in.</summary>
    public void CountRefused(Ending ending)
    {
        Elsewhere?.Request();
        Elsewhere?.End(ending);
    }

    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext,
        HttpRequestMessage proxyRequest,
        string destinationPrefix,
        CancellationToken cancellationToken
    )
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        var headers = proxyRequest.Headers;
        foreach (var name in Hearsay)
        {
            headers.Remove(name);
        }
        var client = httpContext.Connection.RemoteIpAddress;
        if (client is not null)
        {
            headers.TryAddWithoutValidation(
                "X-Forwarded-For",
                (client.IsIPv4MappedToIPv6 ? client.MapToIPv4() : client).ToString()
            );
        }
        headers.TryAddWithoutValidation("X-Forwarded-Host", Host);
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
        Answered();
        var hasBody = await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        httpContext.Response.Headers[ReleaseHeader] = Part.Name;
        return hasBody;
    }
}
