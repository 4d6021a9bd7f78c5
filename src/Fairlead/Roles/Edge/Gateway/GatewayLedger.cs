using System.Collections.Concurrent;
using System.Text.Json;
using Fairlead.Drivers.Http;
using Fairlead.Model.Apps;
using Fairlead.Model.Releases;

namespace Fairlead.Roles.Edge.Gateway;

/// <summary>The gateways of all services, kept over every change of the table.</summary>
internal sealed class GatewayLedger(GatewayWorld shared)
{
    private readonly ConcurrentDictionary<(Site Site, string Service), ServiceGateway> services = new();

    /// <summary>The gateway for a service as it is routed now: the one before, when it still holds.</summary>
    public ServiceGateway Of(Site site, ServiceRouting routing)
    {
        var key = (site, routing.Service);
        var before = services.GetValueOrDefault(key);
        if (
            before is not null
            && before.Https == routing.Https
            && before.Routes.SequenceEqual(routing.Routes)
            && IsSame(before.Policy, routing.Gateway)
        )
        {
            return before;
        }
        return services[key] = new ServiceGateway(site, routing, shared, before);
    }

    /// <summary>Lets go of services that a new table does not name.</summary>
    public void Settle(RouteTable table)
    {
        foreach (var key in services.Keys.Where(key => table.Find(key.Site)?.Find(key.Service) is null))
        {
            services.TryRemove(key, out _);
        }
    }

    private static bool IsSame(GatewayPolicy? mine, GatewayPolicy? theirs) =>
        ReferenceEquals(mine, theirs)
        || JsonSerializer.Serialize(mine, Wire.Json) == JsonSerializer.Serialize(theirs, Wire.Json);
}
