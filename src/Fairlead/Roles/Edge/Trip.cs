using Fairlead.Roles.Edge.Gateway;
using Fairlead.Roles.Edge.Steering;
using Fairlead.Roles.Edge.Upstream;
using Microsoft.AspNetCore.Http.Features;

namespace Fairlead.Roles.Edge;

/// <summary>One request on its way.</summary>
internal sealed class Trip(HttpContext http, Arrival arrival, TimeProvider clock)
{
    /// <summary>Says which release answered.</summary>
    public const string ReleaseHeader = "Fairlead-Release";

    /// <summary>A client that leaves sooner was not driven away by waiting.</summary>
    private static readonly TimeSpan PatienceMin = TimeSpan.FromSeconds(1);

    // What the edge says for an app that says nothing: told apart from what the app says itself.
    private const int LostStatus = 599;

    private LivePart? firstPart;
    private bool isRetried;
    private TimeSpan firstByte;
    private long began;

    public HttpContext Http => http;

    public Door Door => arrival.Door;

    public string Host { get; } = http.Request.Host.Value ?? "";

    /// <summary>As the client sent it.</summary>
    public string Path { get; } = http.Request.Path.Value ?? "/";

    /// <summary>What goes to the app behind the method: path and query, byte by byte as they came.</summary>
    public string Target { get; private set; } =
        RequestTarget.Of(http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);

    public string ClientAddress => arrival.AddressOf(http.Connection);

    /// <summary>What the client wants to speak from now on, such as <c>websocket</c>; null without an upgrade.</summary>
    public string? Upgrade { get; } = UpgradeOf(http);

    /// <summary>The upgrade is asked for as HTTP/2 does.</summary>
    public bool IsExtendedConnect => Upgrade is not null && HttpMethods.IsConnect(http.Request.Method);

    /// <summary>Some of the body may have been read, so that the request cannot go elsewhere.</summary>
    public bool BodyWasTouched { get; set; }

    /// <summary>The status for a client that sent what cannot be carried; null when there is nothing to say.</summary>
    public int? Refusal { get; set; }

    public CancellationToken Aborted => http.RequestAborted;

    /// <summary>Counts it if nobody answers; null while no site is known for it.</summary>
    public TrafficCounter? Elsewhere { get; set; }

    public LiveService? Service { get; set; }

    /// <summary>How it ended; null while it has not, and where nobody was let in.</summary>
    public Ending? Ended { get; private set; }

    /// <summary>The part that the request was let in to; null while it was not.</summary>
    public LivePart? LetInto => firstPart is null ? null : Part;

    /// <summary>What the service's gateway knows of it; null where there is none.</summary>
    public Visit? Visit { get; set; }

    /// <summary>What browsers are told about coming with TLS alone; null for nothing.</summary>
    public string? Hsts { get; set; }

    /// <summary>Where its user stands among all; null while that was not asked, and for one nobody knows.</summary>
    public uint? Point { get; set; }

    /// <summary>The name under which its browser is to come again; null for one that has a name, or needs none.</summary>
    public string? Cohort { get; set; }

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

    /// <summary>The app's head is there: it is sent with the release's name.</summary>
    public void Answered()
    {
        firstByte = Elapsed;
        HasAnswer = true;
        http.Response.Headers[ReleaseHeader] = Part.Name;
        if (http.Request.Headers["Sec-Fetch-Dest"] == "document")
        {
            http.Response.Headers.Append("Server-Timing", Part.Timing);
        }
        if (Visit is not { IsDressed: true })
        {
            Introduce();
        }
        if (Hsts is not null && http.Response.Headers.StrictTransportSecurity.Count == 0)
        {
            http.Response.Headers.StrictTransportSecurity = Hsts;
        }
    }

    /// <summary>Gives a new browser its name: last, or a cache would take the app's answer for one that is about this browser.</summary>
    public void Introduce()
    {
        if (Cohort is not null && HasAnswer)
        {
            TrafficSteering.Remember(http, Cohort);
        }
    }

    /// <summary>Takes the path's first segment away, which named the service.</summary>
    public void StripName()
    {
        var slash = Path.IndexOf('/', 1);
        http.Request.PathBase = slash < 0 ? Path : Path[..slash];
        http.Request.Path = slash < 0 ? "/" : Path[slash..];
        Target = RequestTarget.WithoutFirst(Target);
    }

    public void Count(Ending ending)
    {
        Ended = ending;
        Replica.Outlook.Note(ending);
        Part.Window.Counts.Request();
        Part.Meter.Total.Request();
        if (ending is not Ending.Answered)
        {
            Part.Window.Counts.End(ending);
            Part.Meter.Total.End(ending);
            if (
                ending is Ending.Failed or Ending.Lost
                && Service!.Desk.Incidents.IsNew(ClientAddress, Path, StatusOf(ending), NowMilliseconds)
            )
            {
                Part.Window.Incident();
            }
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

    private int StatusOf(Ending ending) => ending is Ending.Lost ? LostStatus : http.Response.StatusCode;

    private long NowMilliseconds => (long)clock.GetElapsedTime(0).TotalMilliseconds;

    /// <summary>Counts a request that was not let in.</summary>
    public void CountRefused(Ending ending)
    {
        Elsewhere?.Request();
        Elsewhere?.End(ending);
    }

    private static string? UpgradeOf(HttpContext http) =>
        http.Request.Headers.Upgrade is [{ Length: > 0 } upgrade]
        && http.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true }
            ? Protocols.Carried(upgrade)
        : http.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true } extended
            ? Protocols.Carried(extended.Protocol)
        : null;
}
