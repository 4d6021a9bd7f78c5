using Fairlead.Model.Apps;
using Fairlead.Model.Releases;
using Fairlead.Oidc;
using Fairlead.Roles.Edge.Gateway.Caching;
using Fairlead.Roles.Edge.Gateway.Protecting;

namespace Fairlead.Roles.Edge.Gateway;

/// <summary>One service's gateway at work. It outlives the tables that name it, so that counts go on when releases change.</summary>
internal sealed class ServiceGateway
{
    private readonly RateLimiter[] limiters;

    /// <param name="before">The one whose policy this one replaces: limits that stay the same go on counting.</param>
    public ServiceGateway(Site site, ServiceRouting routing, GatewayWorld shared, ServiceGateway? before)
    {
        Policy = routing.Gateway;
        Routes = routing.Routes;
        var policy = Policy ?? GatewayPolicy.Standard;
        var world = shared.World;
        limiters =
        [
            .. policy.RateLimits.Select(limit =>
                before?.limiters.FirstOrDefault(one => one.Limit == limit) ?? new RateLimiter(limit, world.Clock)
            ),
        ];
        var marks = policy.RequestIds ? new RequestMarks(world.Random, policy.TraceSample) : null;
        var recorder =
            policy.Log is { } log && shared.AccessLog is { } file
                ? new AccessRecorder(site, routing.Service, log, file, world)
                : null;
        var rates = limiters.Length > 0 ? new RateGuard(limiters, Routes, shared.Seed) : null;
        var finder = policy.Keys is { } asked ? new KeyFinder(site, routing.Service, asked, shared.Keys, world) : null;
        var keys = policy.Keys is { } needed ? new KeyGuard(needed, shared.Quotas) : null;
        var body = policy.MaxBody is { } bytes ? new BodyGuard(bytes) : null;
        var cache = policy.Cache is { } kept ? new CacheGuard(kept, world, shared.CarryAsync) : null;
        var cors = policy.Cors is { } origins ? new CorsGuard(origins) : null;
        var security = policy.Security is { } headers ? new SecurityDressing(headers) : null;
        Dressings =
        [
            .. new IDressing?[] { cache, body, marks, rates, keys, cors, security, recorder }.OfType<IDressing>(),
        ];
        Https = routing.Https;
        var https = Https is { } rules ? shared.Https?.Invoke(rules) : null;
        IEnumerable<IGuard?> guards =
        [
            new Greeting(this, new Networks(policy.TrustedProxies), marks, recorder),
            https, // Before a password could be asked for in the open.
            AddressGuard.Of(policy),
            cors,
            finder,
            rates,
            Protection(site, policy.Protect, shared),
            keys,
            body,
            cache,
        ];
        // A service without any of it is not even asked.
        Guards = Policy is null && marks is null && https is null ? [] : [.. guards.OfType<IGuard>()];
    }

    private IGuard? Protection(Site site, ProtectPolicy? protect, GatewayWorld shared) =>
        protect switch
        {
            { Basic: { } basic } => new BasicGuard(basic, protect.PreviewsOnly, site.App, shared.World),
            { Oidc: { } oidc } => new OidcGuard(
                oidc,
                new OidcPlace(
                    site,
                    // Below the service's own route, or another service would be asked.
                    $"{(Routes.Count > 0 ? Routes[0].TrimEnd('/') : "")}/.fairlead/oidc/",
                    protect.PreviewsOnly,
                    shared.Sealer
                ),
                new OidcProvider(ClientOf(oidc), shared.Http, shared.World),
                shared.World,
                shared.Log
            ),
            _ => null,
        };

    private static OidcClient ClientOf(OidcPolicy policy) =>
        new(
            policy.Issuer,
            policy.ClientId,
            () =>
                policy.ClientSecretFrom is { } variable
                    ? Environment.GetEnvironmentVariable(variable)
                        ?? throw new OidcException($"The variable {variable} is not set where 'fairlead up' runs.")
                    : null,
            policy.Groups.Count > 0 ? ["openid", "email", "groups"] : ["openid", "email"]
        );

    public GatewayPolicy? Policy { get; }

    public IReadOnlyList<string> Routes { get; }

    public HttpsRules? Https { get; }

    /// <summary>Asked in this order.</summary>
    public IReadOnlyList<IGuard> Guards { get; }

    /// <summary>Asked in this order when an answer begins.</summary>
    public IReadOnlyList<IDressing> Dressings { get; }
}
