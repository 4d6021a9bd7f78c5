using System.Collections.Concurrent;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Aws;

/// <summary>
/// The router of everything else, and AWS's own for what is there. The edge is told of services at AWS, but not of their parts: their
/// requests do not come by. So the words of a routing are on its disk, and parts and shares are what AWS has.
/// </summary>
/// <param name="others">What carries traffic to whatever is not at AWS.</param>
public sealed class AwsRouter(IRouter others, AwsPorts ports) : IRouter
{
    // AWS's shares have no order, and the engine's have one. A server that does not know it says the same once more.
    private readonly ConcurrentDictionary<(Site, string), IReadOnlyList<Part>> orders = new();

    public Task TakeChargeAsync(Fence fence, CancellationToken stop)
    {
        ports.Looks.Rise(fence);
        return others.TakeChargeAsync(fence, stop);
    }

    public async Task<RouterView> ObserveAsync(Site site, CancellationToken stop)
    {
        var view = await others.ObserveAsync(site, stop);
        var seen = await ports.Looks.OfAsync(site, stop);
        if (seen.Count == 0)
        {
            return view;
        }
        var parts = seen.SelectMany(static one => one.Sight.Parts.Select(static part => part.Key.Part)).ToHashSet();
        var traffic = view.Traffic.Where(one => !parts.Contains(one.Part)).ToList();
        foreach (var (spot, sight) in seen)
        {
            traffic.AddRange(await ports.Looks.TrafficAsync(spot, sight, stop));
        }
        return view with
        {
            Routing = AwsRouting.Seen(view.Routing, seen, service => orders.GetValueOrDefault((site, service)) ?? []),
            Traffic = traffic,
        };
    }

    public async Task ApplyAsync(Routing routing, Fence fence, CancellationToken stop)
    {
        ports.Looks.Rise(fence);
        var seen = await ports.Looks.OfAsync(routing.Site, stop);
        if (seen.Count == 0)
        {
            await others.ApplyAsync(routing, fence, stop);
            return;
        }
        var charge = await ports.Looks.ChargeAsync(fence, stop);
        // Where parts come to before where they leave from, so that somebody answers all the time.
        foreach (var (spot, sight) in seen.OrderByDescending(one => AwsRouting.SharesIn(one, routing).Count))
        {
            var shares = AwsRouting.SharesIn((spot, sight), routing);
            if (AwsRouting.IsSame(shares, sight.Shares) || routing.Find(spot.Service) is { IsHeld: true })
            {
                continue;
            }
            await ports.KindOf(spot.Place).RouteAsync(spot, shares, charge, stop);
            ports.Looks.Forget(spot.Site, spot.Service);
        }
        await others.ApplyAsync(AwsRouting.Elsewhere(routing, seen), fence, stop);
        foreach (var service in routing.Services)
        {
            orders[(routing.Site, service.Service)] = [.. service.Backends.Select(static one => one.Part)];
        }
    }

    public Task<WakeCall> ListenAsync(long after, CancellationToken stop) => others.ListenAsync(after, stop);

    public Task CutAsync(Site site, IReadOnlyList<InstanceKey> instances, Fence fence, CancellationToken stop) =>
        others.CutAsync(site, instances, fence, stop);
}

/// <summary>Which shares of a routing are AWS's, and which routing AWS's shares are. Pure.</summary>
internal static class AwsRouting
{
    /// <summary>Of the parts that are at one place. They sum to 100, or there are none.</summary>
    public static IReadOnlyList<(Part Part, Share Share)> SharesIn((AwsSpot Spot, AwsSight Sight) at, Routing routing)
    {
        var here = (routing.Find(at.Spot.Service)?.Backends ?? [])
            .Where(one => one.Share > Share.None && at.Sight.Parts.Any(part => part.Key.Part == one.Part))
            .ToList();
        var sum = here.Sum(static one => one.Share.Percent);
        if (sum == 0)
        {
            return [];
        }
        // A service that moves from one place to another has parts in both; each place gives all that it gets.
        var shares = here.Select(one => (one.Part, Percent: one.Share.Percent * 100 / sum)).ToList();
        var rest = 100 - shares.Sum(static one => one.Percent);
        return [.. shares.Select((one, index) => (one.Part, new Share(one.Percent + (index == 0 ? rest : 0))))];
    }

    public static bool IsSame(
        IReadOnlyList<(Part Part, Share Share)> left,
        IReadOnlyList<(Part Part, Share Share)> right
    ) => left.ToHashSet().SetEquals(right);

    /// <summary>The routing without the parts that are at AWS: what is routed there is known by its words alone.</summary>
    public static Routing Elsewhere(Routing routing, IReadOnlyList<(AwsSpot Spot, AwsSight Sight)> seen)
    {
        var parts = PartsOf(seen);
        return routing with
        {
            Services = [.. routing.Services.Select(one => one with { Backends = Left(one, parts) })],
        };
    }

    /// <summary>The routing that was said last, with the parts and shares that AWS has.</summary>
    /// <param name="order">The order in which parts of a service were said last; those that were not come last.</param>
    public static Routing Seen(
        Routing said,
        IReadOnlyList<(AwsSpot Spot, AwsSight Sight)> seen,
        Func<string, IReadOnlyList<Part>> order
    )
    {
        var parts = PartsOf(seen);
        var services = new List<ServiceRouting>();
        foreach (var service in said.Services)
        {
            var places = seen.Where(one => one.Spot.Service == service.Service).ToList();
            if (places.Count == 0 || service.IsHeld)
            {
                services.Add(service);
                continue;
            }
            var known = order(service.Service).ToList();
            Backend[] backends =
            [
                .. service.Backends,
                .. places
                    .SelectMany(static one => one.Sight.Shares)
                    .OrderBy(one => known.IndexOf(one.Part) is >= 0 and var at ? at : known.Count)
                    .ThenBy(static one => one.Part.Since)
                    .Select(one => Found(new Backend(one.Part, one.Share, []), parts)),
            ];
            // Where nobody has a share, nothing is routed: whoever comes next gets it anew.
            if (backends.Length > 0)
            {
                services.Add(service with { Backends = backends });
            }
        }
        return said with { Services = services };
    }

    // Of a service that moves here from AWS or there from here, each side gives all that it gets.
    private static IReadOnlyList<Backend> Left(ServiceRouting service, Dictionary<Part, Instance> parts)
    {
        var left = service.Backends.Where(one => !parts.ContainsKey(one.Part)).ToList();
        var rest = 100 - left.Sum(static one => one.Share.Percent);
        return left.Count == service.Backends.Count
            ? service.Backends
            : [.. left.Select((one, index) => index == 0 ? one with { Share = new(one.Share.Percent + rest) } : one)];
    }

    private static Backend Found(Backend backend, Dictionary<Part, Instance> parts) =>
        parts.GetValueOrDefault(backend.Part) is { Endpoint: { } endpoint } one
            ? backend with
            {
                Destinations = [new(one.Key, endpoint)],
            }
            : backend;

    private static Dictionary<Part, Instance> PartsOf(IReadOnlyList<(AwsSpot Spot, AwsSight Sight)> seen) =>
        seen.SelectMany(static one => one.Sight.Parts)
            .GroupBy(static one => one.Key.Part)
            .ToDictionary(static group => group.Key, static group => group.First());
}
