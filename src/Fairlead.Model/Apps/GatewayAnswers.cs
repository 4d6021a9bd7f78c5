namespace Fairlead.Model.Apps;

/// <summary>Which pages of other origins may read the answers.</summary>
public sealed record CorsPolicy
{
    /// <summary>Such as <c>https://shop.example.com</c>, <c>https://*.example.com</c> or <c>*</c>.</summary>
    public required IReadOnlyList<string> Origins { get; init; }

    public IReadOnlyList<string> Methods { get; init; } = ["GET", "HEAD", "POST"];

    /// <summary>Request headers that pages may set; <c>*</c> for any.</summary>
    public IReadOnlyList<string> Headers { get; init; } = [];

    /// <summary>Answer headers that pages may read.</summary>
    public IReadOnlyList<string> Expose { get; init; } = [];

    /// <summary>Cookies may be sent along.</summary>
    public bool Credentials { get; init; }

    /// <summary>How long a browser remembers the permission.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromMinutes(10);
}

/// <summary>Headers that tell browsers to be careful. Null leaves one out.</summary>
public sealed record SecurityPolicy
{
    public string? ContentSecurityPolicy { get; init; }

    /// <summary>Strict-Transport-Security, said over HTTPS only.</summary>
    public string? Hsts { get; init; }

    /// <summary>X-Frame-Options.</summary>
    public string? Frame { get; init; }

    public string? Referrer { get; init; }

    public string? Permissions { get; init; }

    /// <summary>X-Content-Type-Options: nosniff.</summary>
    public bool NoSniff { get; init; } = true;

    /// <summary>Cross-Origin-Opener-Policy.</summary>
    public string? Opener { get; init; }

    /// <summary>Cross-Origin-Resource-Policy.</summary>
    public string? Resource { get; init; }

    /// <summary>Also where the app has set its own.</summary>
    public bool Force { get; init; }

    /// <summary>What no site is broken by.</summary>
    public static SecurityPolicy Standard { get; } =
        new()
        {
            Hsts = "max-age=31536000",
            Frame = "SAMEORIGIN",
            Referrer = "strict-origin-when-cross-origin",
            Permissions = "camera=(), geolocation=(), microphone=()",
        };

    /// <summary>What a site without foreign scripts, frames and inline code can bear.</summary>
    public static SecurityPolicy Strict { get; } =
        new()
        {
            ContentSecurityPolicy =
                "default-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'",
            Hsts = "max-age=63072000; includeSubDomains",
            Frame = "DENY",
            Referrer = "no-referrer",
            Permissions = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
            Opener = "same-origin",
            Resource = "same-origin",
        };
}

/// <summary>Which answers the edge keeps and gives again.</summary>
public sealed record CachePolicy
{
    /// <summary>Path prefixes; empty for all.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>How long an answer is fresh that does not say so itself; null keeps only those that do.</summary>
    public TimeSpan? Ttl { get; init; }

    /// <summary>How long a stale answer is given while a fresh one is fetched.</summary>
    public TimeSpan StaleWhileRevalidate { get; init; }

    /// <summary>How long a stale answer is given when the app fails.</summary>
    public TimeSpan StaleIfError { get; init; }

    /// <summary>Request headers of which the answer depends, beside those it names in Vary.</summary>
    public IReadOnlyList<string> Vary { get; init; } = [];

    /// <summary>Memory for all answers together, in bytes.</summary>
    public long MaxSize { get; init; } = 64 * 1024 * 1024;
}

/// <summary>What is written down of each request.</summary>
public sealed record AccessLogPolicy
{
    /// <summary>Which part of the requests, in percent; failures (500 and more) are always written.</summary>
    public int Sample { get; init; } = 100;

    public ClientShown Client { get; init; }

    /// <summary>With the query, which may hold secrets.</summary>
    public bool Query { get; init; }
}

/// <summary>How much of a client's address is written down.</summary>
public enum ClientShown
{
    /// <summary>The network only: /24 of IPv4, /48 of IPv6.</summary>
    Network,
    Full,
    None,
}
