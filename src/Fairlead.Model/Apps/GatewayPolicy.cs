namespace Fairlead.Model.Apps;

/// <summary>What the edge does with a service's requests before they reach it, and with its answers before they leave.</summary>
public sealed record GatewayPolicy
{
    /// <summary>What holds for a service whose manifest says nothing.</summary>
    public static readonly GatewayPolicy Standard = new();

    /// <summary>Networks of proxies whose word on the client's address and scheme is taken, such as <c>10.0.0.0/8</c>.</summary>
    public IReadOnlyList<string> TrustedProxies { get; init; } = [];

    /// <summary>Networks whose clients are let in; empty for all.</summary>
    public IReadOnlyList<string> Allow { get; init; } = [];

    /// <summary>Networks whose clients are turned away, also when allowed.</summary>
    public IReadOnlyList<string> Deny { get; init; } = [];

    /// <summary>Methods that are let in, in capitals; empty for all.</summary>
    public IReadOnlyList<string> Methods { get; init; } = [];

    /// <summary>The largest request body in bytes; null for no limit.</summary>
    public long? MaxBody { get; init; }

    public IReadOnlyList<RateLimit> RateLimits { get; init; } = [];

    public KeyPolicy? Keys { get; init; }

    public CorsPolicy? Cors { get; init; }

    public ProtectPolicy? Protect { get; init; }

    public SecurityPolicy? Security { get; init; }

    public CachePolicy? Cache { get; init; }

    public AccessLogPolicy? Log { get; init; }

    /// <summary>Every request has an id and a trace context, made here when it comes without.</summary>
    public bool RequestIds { get; init; } = true;

    /// <summary>Which part of the traces begun here is marked as sampled, in percent.</summary>
    public int TraceSample { get; init; } = 100;
}
