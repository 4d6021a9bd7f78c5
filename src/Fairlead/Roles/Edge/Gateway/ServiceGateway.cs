using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;

namespace Fairlead.Roles.Edge.Gateway;

/// <summary>One service's gateway at work. It outlives the tables that name it, so that counts go on when releases change.</summary>
internal sealed class ServiceGateway
{
    private readonly RateLimiter[] limiters;

    /// <param name="before">The one whose policy this one replaces: limits that stay the same go on counting.</param>
    public ServiceGateway(ServiceRouting routing, World world, ServiceGateway? before)
    {
        Policy = routing.Gateway;
        Routes = routing.Routes;
        var policy = Policy ?? GatewayPolicy.Standard;
        limiters =
        [
            .. policy.RateLimits.Select(limit =>
                before?.limiters.FirstOrDefault(one => one.Limit == limit) ?? new RateLimiter(limit, world.Clock)
            ),
        ];
        var marks = policy.RequestIds ? new RequestMarks(world.Random, policy.TraceSample) : null;
        var rates = limiters.Length > 0 ? new RateGuard(limiters, Routes, world.Random.NextInt64()) : null;
        Dressings = [.. new IDressing?[] { marks, rates }.OfType<IDressing>()];
        IEnumerable<IGuard?> guards =
        [
            new Greeting(this, new Networks(policy.TrustedProxies), marks),
            AddressGuard.Of(policy),
            rates,
        ];
        // A service without any of it is not even asked.
        Guards = Policy is null && marks is null ? [] : [.. guards.OfType<IGuard>()];
    }

    public GatewayPolicy? Policy { get; }

    public IReadOnlyList<string> Routes { get; }

    /// <summary>Asked in this order.</summary>
    public IReadOnlyList<IGuard> Guards { get; }

    public IReadOnlyList<IDressing> Dressings { get; }
}
