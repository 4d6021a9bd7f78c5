using System.Globalization;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Manifests.Resolving;

/// <summary>What the edge does with a service's requests and answers: as said, completed by defaults.</summary>
internal static class GatewayChoice
{
    private const string Off = "off";

    public static GatewayPolicy? Of(Draft draft, Reading.Findings findings)
    {
        if (draft.Entry.Gateway is not { } entry)
        {
            return null;
        }
        GatewayFindings.Check(draft, entry, findings);
        return new GatewayPolicy
        {
            TrustedProxies = entry.TrustedProxies ?? [],
            Allow = entry.Allow ?? [],
            Deny = entry.Deny ?? [],
            Methods = entry.Methods ?? [],
            MaxBody = entry.MaxBody?.Bytes,
            RateLimits = Rates(entry.RateLimits ?? []),
            Keys = entry.Keys is { } keys ? Of(keys) : null,
            Cors = entry.Cors is { Origins: not null } cors ? Of(cors) : null,
            Protect = entry.Protect is { } protect ? Of(protect) : null,
            Security = entry.Security is { } security ? Of(security) : null,
            Cache = entry.Cache is { } cache ? Of(cache) : null,
            Log = entry.Log is { } log
                ? new()
                {
                    Sample = log.Sample?.Percent ?? 100,
                    Client = log.Client ?? ClientShown.Network,
                    Query = log.Query ?? false,
                }
                : null,
            RequestIds = entry.RequestIds ?? true,
            TraceSample = entry.TraceSample?.Percent ?? 100,
        };
    }

    // Names are what clients are told, so two limits of a kind are told apart by number.
    private static List<RateLimit> Rates(IReadOnlyList<RateLimitEntry> entries)
    {
        var limits = new List<RateLimit>();
        foreach (var entry in entries)
        {
            var by = entry.By ?? "ip";
            var plain = entry.Name ?? by.Replace(':', '-').ToLowerInvariant();
            var count = limits.Count(one => one.Name == plain || one.Name.StartsWith($"{plain}-", default));
            limits.Add(
                new()
                {
                    Name = count == 0 ? plain : string.Create(CultureInfo.InvariantCulture, $"{plain}-{count + 1}"),
                    Limit = entry.Limit,
                    By = by,
                    Paths = entry.Paths ?? [],
                    Methods = entry.Methods ?? [],
                    Burst = entry.Burst,
                    Kind =
                        entry.Kind is RateKindEntry.TokenBucket
                            ? RateLimitKind.TokenBucket
                            : RateLimitKind.SlidingWindow,
                }
            );
        }
        return limits;
    }

    private static KeyPolicy Of(KeysEntry entry)
    {
        var standard = new KeyPolicy();
        return new()
        {
            Header = entry.Header ?? standard.Header,
            IsRequired = entry.Required ?? standard.IsRequired,
            Quota = entry.Quota,
        };
    }

    private static CorsPolicy Of(CorsEntry entry)
    {
        var standard = new CorsPolicy { Origins = entry.Origins };
        return standard with
        {
            Methods = entry.Methods ?? standard.Methods,
            Headers = entry.Headers ?? standard.Headers,
            Expose = entry.Expose ?? standard.Expose,
            Credentials = entry.Credentials ?? standard.Credentials,
            MaxAge = entry.MaxAge ?? standard.MaxAge,
        };
    }

    private static SecurityPolicy Of(SecurityEntry entry)
    {
        var level = entry.Level is SecurityLevel.Strict ? SecurityPolicy.Strict : SecurityPolicy.Standard;
        return level with
        {
            ContentSecurityPolicy = Text(entry.Csp, level.ContentSecurityPolicy),
            Hsts = Text(entry.Hsts, level.Hsts),
            Frame = Text(entry.Frame, level.Frame),
            Referrer = Text(entry.Referrer, level.Referrer),
            Permissions = Text(entry.Permissions, level.Permissions),
            Opener = Text(entry.Opener, level.Opener),
            Resource = Text(entry.Resource, level.Resource),
            NoSniff = entry.NoSniff ?? level.NoSniff,
            Force = entry.Force ?? level.Force,
        };
    }

    private static string? Text(string? said, string? standard) => said is Off ? null : said ?? standard;

    private static CachePolicy Of(CacheEntry entry)
    {
        var standard = new CachePolicy();
        return new()
        {
            Paths = entry.Paths ?? standard.Paths,
            Ttl = entry.Ttl,
            StaleWhileRevalidate = entry.StaleWhileRevalidate ?? standard.StaleWhileRevalidate,
            StaleIfError = entry.StaleIfError ?? standard.StaleIfError,
            Vary = entry.Vary ?? standard.Vary,
            MaxSize = entry.MaxSize?.Bytes ?? standard.MaxSize,
        };
    }

    private static ProtectPolicy Of(ProtectEntry entry) =>
        new()
        {
            PreviewsOnly = entry.Only is ProtectScope.Previews,
            Basic = entry.Basic is { Users: { } users } ? new() { Users = users } : null,
            Oidc = entry.Oidc is { Issuer: not null, ClientId: not null } oidc ? Of(oidc) : null,
        };

    private static OidcPolicy Of(OidcEntry entry)
    {
        var standard = new OidcPolicy { Issuer = entry.Issuer.TrimEnd('/'), ClientId = entry.ClientId };
        return standard with
        {
            ClientSecretFrom = entry.ClientSecretFrom,
            Emails = entry.Emails ?? standard.Emails,
            Domains = entry.Domains ?? standard.Domains,
            Groups = entry.Groups ?? standard.Groups,
            Session = entry.Session ?? standard.Session,
        };
    }
}
