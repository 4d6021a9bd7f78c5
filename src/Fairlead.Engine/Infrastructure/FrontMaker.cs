using Fairlead.Model.Apps;
using Fairlead.Model.Resources;

namespace Fairlead.Engine.Infrastructure;

/// <summary>What visitors reach: a load balancer for programs, a CDN for files, and the names that lead there.</summary>
internal static class FrontMaker
{
    public static IReadOnlyList<Resource> Of(GraphDraft draft, PlacedServices placed)
    {
        var routes = Routes(placed);
        var hosts = draft.Zone is null ? [] : draft.App.Hosts;
        var files = draft.App.Services.Where(static one => one.Service.IsStatic).ToList();
        var balancer = routes.Count == 0 ? null : Balancer(draft, routes, hosts);
        if (files.Count == 0)
        {
            // What takes no requests goes out through public subnets all the same.
            return balancer is null
                ? [.. draft.AllSubnets]
                : [.. draft.AllSubnets, balancer, .. Records(draft, balancer, hosts)];
        }
        var cdns = files.Select((one, index) => CdnOf(draft, (one.Service, index == 0), balancer, hosts)).ToList();
        return
        [
            .. draft.AllSubnets,
            .. balancer is null ? Array.Empty<Resource>() : [balancer],
            .. cdns,
            .. cdns.Where(static one => one.Hosts.Count > 0).SelectMany(one => Records(draft, one, one.Hosts)),
        ];
    }

    private static List<LoadBalancerRoute> Routes(PlacedServices placed) =>
        [
            .. placed
                .All.Where(static one =>
                    one.Service.Service.TakesTraffic && one.Resource is ContainerService or MachineGroup
                )
                .Select(static one => new LoadBalancerRoute(
                    one.Service.Service.Name,
                    one.Service.Service.Routes,
                    GraphDraft.PortOf(one.Service),
                    one.Service.Service.Health.Http ?? "/",
                    one.Service.Service.Drain
                )
                {
                    ToMachines = one.Resource is MachineGroup,
                })
                // Longer prefixes first, as the edge chooses; the one that takes all else is last.
                .OrderByDescending(static one => one.Paths.Max(static path => path.Length))
                .ThenBy(static one => one.Service, StringComparer.Ordinal),
        ];

    private static LoadBalancer Balancer(
        GraphDraft draft,
        List<LoadBalancerRoute> routes,
        IReadOnlyList<string> hosts
    ) =>
        new(
            "load-balancer",
            draft.Network,
            draft.PublicSubnets,
            draft.Front,
            draft.Zone is { } zone ? new("certificate", zone, hosts, IsForCdn: false) : null,
            routes
        )
        {
            IsProtected = draft.IsProtected,
        };

    private static Cdn CdnOf(
        GraphDraft draft,
        (Service Service, bool IsFirst) one,
        LoadBalancer? balancer,
        IReadOnlyList<string> hosts
    )
    {
        var service = one.Service;
        // The files of a release can be made anew at any time.
        var bucket = new Bucket($"{service.Name}-files") { HasVersions = true, IsDisposable = true };
        var own = one.IsFirst ? hosts : [];
        return new(
            $"{service.Name}-cdn",
            bucket,
            draft.Zone is { } zone && own.Count > 0 ? new("cdn-certificate", zone, own, IsForCdn: true) : null,
            own
        )
        {
            IsOnePage = service.Web?.IsSpa ?? false,
            Behind = one.IsFirst ? balancer : null,
            BehindPaths =
                one.IsFirst && balancer is not null
                    ? [.. balancer.Routes.SelectMany(static route => route.Paths).Where(static path => path != "/")]
                    : [],
        };
    }

    private static IEnumerable<DnsRecord> Records(GraphDraft draft, Resource to, IReadOnlyList<string> hosts) =>
        draft.Zone is { } zone ? hosts.Select(host => new DnsRecord($"{Label(host)}-record", zone, host, to)) : [];

    private static string Label(string host) => host.Replace('.', '-');
}
