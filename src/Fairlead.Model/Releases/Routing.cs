using System.Text.Json.Serialization;
using Fairlead.Model.Apps;

namespace Fairlead.Model.Releases;

/// <summary>Where the edge sends a site's requests: the whole truth for that site, put in force in one atomic step.</summary>
/// <param name="Hosts">Host names, lower case, without port.</param>
public sealed record Routing(Site Site, IReadOnlyList<string> Hosts, IReadOnlyList<ServiceRouting> Services)
{
    public static Routing None(Site site) => new(site, [], []);

    public ServiceRouting? Find(string service) => Services.FirstOrDefault(one => one.Service == service);
}

/// <summary>One service's share of a routing.</summary>
public sealed record ServiceRouting
{
    public required string Service { get; init; }

    /// <summary>Path prefixes at the site's hosts; the longest match wins. A prefix matches whole segments: <c>/api</c> is not <c>/apis</c>.</summary>
    public required IReadOnlyList<string> Routes { get; init; }

    /// <summary>Who answers. Shares sum to 100, unless the service is held.</summary>
    public required IReadOnlyList<Backend> Backends { get; init; }

    /// <summary>Nobody can answer for a moment: the edge holds requests, inside limits, instead of failing them.</summary>
    public bool IsHeld { get; init; }

    /// <summary>Nobody runs because nobody asks. Requests wait this long at most until it is awake; null while it is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TimeSpan? WakesWithin { get; init; }

    [JsonIgnore]
    public bool IsAsleep => WakesWithin is not null;

    /// <summary>A path the edge asks to see whether a replica is alive; null asks only for a connection.</summary>
    public string? HealthPath { get; init; }

    /// <summary>How files are served; null when programs answer.</summary>
    public WebSettings? Web { get; init; }

    /// <summary>
    /// Releases of files that had traffic not long ago, newest first. The edge remembers them by itself, so that pages
    /// loaded from them keep their assets; what an order says here counts for nothing.
    /// </summary>
    public IReadOnlyList<EarlierFiles> Earlier { get; init; } = [];

    /// <summary>What is done with its requests and answers; null for what is standard.</summary>
    public GatewayPolicy? Gateway { get; init; }

    /// <summary>What visitors without TLS are told at hosts that have a certificate; null for nothing.</summary>
    public HttpsRules? Https { get; init; }

    /// <summary>Which release a request reaches beyond what shares say; null where they say all.</summary>
    public TrafficPolicy? Traffic { get; init; }

    /// <summary>The part that is being tried; null when none is.</summary>
    public Part? Next { get; init; }

    public Backend? Find(Part part) => Backends.FirstOrDefault(one => one.Part == part);
}

/// <summary>A part that takes traffic.</summary>
/// <param name="PreviewHost">A further host name that reaches only this part.</param>
public sealed record Backend(
    Part Part,
    Share Share,
    IReadOnlyList<Destination> Destinations,
    string? PreviewHost = null
);

/// <summary>A replica in a routing.</summary>
public sealed record Destination(InstanceKey Instance, Uri Endpoint);

/// <summary>A release of files that had traffic before.</summary>
/// <param name="Folder">Where its files are.</param>
/// <param name="Until">After this nobody is served from it any more.</param>
public sealed record EarlierFiles(Part Part, Uri Folder, DateTimeOffset Until);
