using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Fairlead.Engine.Manifests.Forms;
using Fairlead.Model.Apps;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Manifests;

/// <summary>What the edge does with a service's requests and answers, as the manifest says it.</summary>
[Description("What the edge does with its requests before they reach it, and with its answers before they leave.")]
public sealed record GatewayEntry
{
    [Description("How often one client may ask.")]
    [Elsewhere("rateLimit", "rate_limit", "throttle")]
    public IReadOnlyList<RateLimitEntry>? RateLimits { get; init; }

    [Description("API keys, made with 'fairlead key create'.")]
    [Elsewhere("apiKeys", "api_keys")]
    public KeysEntry? Keys { get; init; }

    [Description("Which pages of other origins may read the answers.")]
    public CorsEntry? Cors { get; init; }

    [Description("The largest request body, such as 10MB.")]
    [Elsewhere("maxBodySize", "client_max_body_size", "bodyLimit")]
    public ByteSize? MaxBody { get; init; }

    [Description("Networks whose clients are let in, such as 10.0.0.0/8; all when left out.")]
    [Shaped(Shape.Network), Elsewhere("allowlist", "whitelist")]
    public IReadOnlyList<string>? Allow { get; init; }

    [Description("Networks whose clients are turned away, also when allowed.")]
    [Shaped(Shape.Network), Elsewhere("denylist", "blacklist", "block")]
    public IReadOnlyList<string>? Deny { get; init; }

    [Description("Methods that are let in; all when left out.")]
    [Shaped(Shape.Method)]
    public IReadOnlyList<string>? Methods { get; init; }

    [Description("Networks of proxies in front, whose X-Forwarded-For and X-Forwarded-Proto are believed.")]
    [Shaped(Shape.Network), Elsewhere("trusted_proxies", "realIpFrom", "set_real_ip_from")]
    public IReadOnlyList<string>? TrustedProxies { get; init; }

    [Description("Who may come at all: a password or a sign-in, for previews or for everything.")]
    [Elsewhere("auth", "authentication", "login")]
    public ProtectEntry? Protect { get; init; }

    [Description("Headers that tell browsers to be careful: 'standard', 'strict', or a level with changes.")]
    [Elsewhere("securityHeaders", "headers")]
    public SecurityEntry? Security { get; init; }

    [Description("Which answers the edge keeps and gives again.")]
    public CacheEntry? Cache { get; init; }

    [Description("Writes a line of JSON for each request to logs/access.jsonl in the state folder.")]
    [Elsewhere("accessLog", "access_log")]
    public AccessLogEntry? Log { get; init; }

    [Description("Gives every request an X-Request-Id and a traceparent when it has none; true when left out.")]
    public bool? RequestIds { get; init; }

    [Description("Which part of the traces begun at the edge is marked as sampled; 100% when left out.")]
    public Share? TraceSample { get; init; }
}

/// <summary>How often one client may ask.</summary>
[Description("How often one client may ask.")]
public sealed record RateLimitEntry
{
    [Description("So many in so long a time, such as 100/1m.")]
    [Alone, Elsewhere("rate", "requests")]
    public required Rate Limit { get; init; }

    [Description(
        "Who shares it: 'ip' (an IPv6 /64 is one client), 'key', 'header:NAME', 'route' or 'all'; ip when left out."
    )]
    [Shaped(Shape.RateKey)]
    public string? By { get; init; }

    [Description("Paths it holds for, with all below them; all when left out.")]
    [Shaped(Shape.Route), Elsewhere("path", "routes")]
    public IReadOnlyList<string>? Paths { get; init; }

    [Description("Methods it holds for; all when left out.")]
    [Shaped(Shape.Method)]
    public IReadOnlyList<string>? Methods { get; init; }

    [Description("How many may come at once, for a token-bucket; as many as 'limit' says when left out.")]
    [Range(1, 1_000_000)]
    public int? Burst { get; init; }

    [Description(
        "'sliding-window' never lets more than the limit through in any window; 'token-bucket' fills up at the rate."
    )]
    [Elsewhere("algorithm", "type")]
    public RateKindEntry? Kind { get; init; }

    [Description("What clients are told in the RateLimit header; made from 'by' when left out.")]
    [Shaped(Shape.Name)]
    public string? Name { get; init; }
}

/// <summary>How a rate is counted, as the manifest says it.</summary>
public enum RateKindEntry
{
    [JsonStringEnumMemberName("sliding-window")]
    SlidingWindow,

    [JsonStringEnumMemberName("token-bucket")]
    TokenBucket,
}

/// <summary>Which requests must carry a key.</summary>
[Description("Which requests must carry a key.")]
public sealed record KeysEntry
{
    [Description("The header with the key; X-Api-Key when left out. 'Authorization' is read as 'Bearer KEY'.")]
    [Alone, Shaped(Shape.Header)]
    public string? Header { get; init; }

    [Description("False when a request without a key is let in too; true when left out.")]
    public bool? Required { get; init; }

    [Description("What one key may ask in each hour, day or other span counted in UTC, such as 10000/1d.")]
    public Rate? Quota { get; init; }
}

/// <summary>Which pages of other origins may read the answers.</summary>
[Description("Which pages of other origins may read the answers.")]
public sealed record CorsEntry
{
    [Description("Such as https://shop.example.com, https://*.example.com, or * for all.")]
    [Alone, Shaped(Shape.Origin), Elsewhere("origin", "allowOrigins", "allow_origins")]
    public required IReadOnlyList<string> Origins { get; init; }

    [Description("Methods that pages may use; GET, HEAD and POST when left out.")]
    [Shaped(Shape.Method), Elsewhere("allowMethods")]
    public IReadOnlyList<string>? Methods { get; init; }

    [Description("Headers that pages may send, or * for any.")]
    [Shaped(Shape.HeaderOrAny), Elsewhere("allowHeaders")]
    public IReadOnlyList<string>? Headers { get; init; }

    [Description("Headers of the answer that pages may read.")]
    [Shaped(Shape.Header), Elsewhere("exposeHeaders")]
    public IReadOnlyList<string>? Expose { get; init; }

    [Description("True when cookies may be sent along.")]
    [Elsewhere("allowCredentials")]
    public bool? Credentials { get; init; }

    [Description("How long a browser remembers the permission; 10m when left out.")]
    public TimeSpan? MaxAge { get; init; }
}

/// <summary>Headers that tell browsers to be careful.</summary>
[Description("Headers that tell browsers to be careful. A header's text replaces the level's; 'off' leaves it out.")]
public sealed record SecurityEntry
{
    [Description("Where to begin: 'standard' breaks no site, 'strict' allows nothing foreign; standard when left out.")]
    [Alone, Elsewhere("preset")]
    public SecurityLevel? Level { get; init; }

    [Description("Content-Security-Policy.")]
    [Shaped(Shape.HeaderText), Elsewhere("contentSecurityPolicy")]
    public string? Csp { get; init; }

    [Description("Strict-Transport-Security, said over HTTPS only.")]
    [Shaped(Shape.HeaderText), Elsewhere("strictTransportSecurity")]
    public string? Hsts { get; init; }

    [Description("X-Frame-Options: DENY or SAMEORIGIN.")]
    [Shaped(Shape.HeaderText), Elsewhere("frameOptions", "xFrameOptions")]
    public string? Frame { get; init; }

    [Description("Referrer-Policy.")]
    [Shaped(Shape.HeaderText), Elsewhere("referrerPolicy")]
    public string? Referrer { get; init; }

    [Description("Permissions-Policy.")]
    [Shaped(Shape.HeaderText), Elsewhere("permissionsPolicy")]
    public string? Permissions { get; init; }

    [Description("Cross-Origin-Opener-Policy.")]
    [Shaped(Shape.HeaderText), Elsewhere("coop")]
    public string? Opener { get; init; }

    [Description("Cross-Origin-Resource-Policy.")]
    [Shaped(Shape.HeaderText), Elsewhere("corp")]
    public string? Resource { get; init; }

    [Description("X-Content-Type-Options: nosniff; true when left out.")]
    public bool? NoSniff { get; init; }

    [Description("True when the app's own headers are overruled; else they win.")]
    public bool? Force { get; init; }
}

/// <summary>Where a service's security headers begin.</summary>
public enum SecurityLevel
{
    [JsonStringEnumMemberName("standard")]
    Standard,

    [JsonStringEnumMemberName("strict")]
    Strict,
}

/// <summary>Which answers the edge keeps.</summary>
[Description(
    "Which answers the edge keeps and gives again. What an answer says of itself (Cache-Control) always holds."
)]
public sealed record CacheEntry
{
    [Description("Paths whose answers are kept, with all below them; all when left out.")]
    [Shaped(Shape.Route), Elsewhere("path")]
    public IReadOnlyList<string>? Paths { get; init; }

    [Description("How long an answer is fresh that does not say so itself; such answers are not kept when left out.")]
    [Alone, Elsewhere("maxAge", "max-age")]
    public TimeSpan? Ttl { get; init; }

    [Description("How long an answer past its time is still given while a new one is fetched.")]
    public TimeSpan? StaleWhileRevalidate { get; init; }

    [Description("How long an answer past its time is given when the app fails.")]
    public TimeSpan? StaleIfError { get; init; }

    [Description("Request headers of which answers depend, beside those they name in Vary.")]
    [Shaped(Shape.Header)]
    public IReadOnlyList<string>? Vary { get; init; }

    [Description("Memory for all answers of the service together; 64MiB when left out.")]
    public ByteSize? MaxSize { get; init; }
}

/// <summary>What is written down of each request.</summary>
[Description("What is written down of each request.")]
public sealed record AccessLogEntry
{
    [Description("Which part of the requests; failures (500 and more) are always written; 100% when left out.")]
    [Alone]
    public Share? Sample { get; init; }

    [Description("How much of the client's address: 'network' (/24 or /48), 'full' or 'none'; network when left out.")]
    public ClientShown? Client { get; init; }

    [Description("True when the query is written too, which may hold secrets.")]
    public bool? Query { get; init; }
}

/// <summary>Who may come at all.</summary>
[Description("Who may come at all. One of basic and oidc is said.")]
public sealed record ProtectEntry
{
    [Description("'previews' protects preview hosts only, 'all' everything; all when left out.")]
    public ProtectScope? Only { get; init; }

    [Description("Names and passwords, asked for by the browser itself.")]
    public BasicEntry? Basic { get; init; }

    [Description("Sign-in at an OpenID provider.")]
    public OidcEntry? Oidc { get; init; }
}

/// <summary>What is protected.</summary>
public enum ProtectScope
{
    [JsonStringEnumMemberName("all")]
    All,

    [JsonStringEnumMemberName("previews")]
    Previews,
}

/// <summary>Names and passwords.</summary>
[Description("Names and passwords.")]
public sealed record BasicEntry
{
    [Description(
        "By name, what 'fairlead password hash' makes of the password, or env:NAME, a variable of Fairlead with one in it."
    )]
    public required IReadOnlyDictionary<string, string> Users { get; init; }
}

/// <summary>Sign-in at an OpenID provider.</summary>
[Description("Sign-in at an OpenID provider. Its redirect address is https://HOST/.fairlead/oidc/callback.")]
public sealed record OidcEntry
{
    [Description("The provider's address, under which /.well-known/openid-configuration is.")]
    [Shaped(Shape.Url)]
    public required string Issuer { get; init; }

    [Description("What the provider calls this site.")]
    public required string ClientId { get; init; }

    [Description("Name of the variable with the client's secret in the environment of 'fairlead up'.")]
    [Shaped(Shape.Variable)]
    public string? ClientSecretFrom { get; init; }

    [Description("People who may come, by address; everyone the provider knows when nothing of these is said.")]
    [Elsewhere("email", "users")]
    public IReadOnlyList<string>? Emails { get; init; }

    [Description("Domains of addresses that may come, such as example.com.")]
    [Shaped(Shape.Host)]
    public IReadOnlyList<string>? Domains { get; init; }

    [Description("Groups that may come, by the claim 'groups'.")]
    public IReadOnlyList<string>? Groups { get; init; }

    [Description("How long a sign-in holds; 12h when left out.")]
    public TimeSpan? Session { get; init; }
}
