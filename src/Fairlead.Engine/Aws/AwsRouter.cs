using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Aws;

/// <summary>
/// The router of everything else, and AWS's own for what is there. The edge is told which parts of a service at AWS there are, but not where
/// they answer: their requests do not come by. So the words of a routing are on its disk, and the shares are what AWS has.
/// </summary>
/// <param name="others">What carries traffic to whatever is not at AWS.</param>
public sealed class AwsRouter(IRouter others, AwsPorts ports) : IRouter
{
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
        return view with { Routing = AwsRouting.Seen(view.Routing, seen), Traffic = traffic };
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

    /// <summary>The routing with what is at AWS left out: its parts are named, and answer elsewhere.</summary>
    public static Routing Elsewhere(Routing routing, IReadOnlyList<(AwsSpot Spot, AwsSight Sight)> seen)
    {
        var parts = PartsOf(seen);
        return routing with
        {
            Services =
            [
                .. routing.Services.Select(service =>
                    service with
                    {
                        Backends =
                        [
                            .. service.Backends.Select(one =>
                                parts.ContainsKey(one.Part) ? one with { Destinations = [] } : one
                            ),
                        ],
                    }
                ),
            ],
        };
    }

    /// <summary>The routing that was said last, with the shares that AWS has.</summary>
    public static Routing Seen(Routing said, IReadOnlyList<(AwsSpot Spot, AwsSight Sight)> seen)
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
            var isAsSaid = places.All(one => IsSame(SharesIn(one, said), one.Sight.Shares));
            var backends = isAsSaid
                ? service.Backends
                :
                [
                    .. places
                        .Where(static one => one.Sight.Shares.Count > 0)
                        .Take(1)
                        .SelectMany(static one => one.Sight.Shares)
                        .OrderBy(static one => one.Part.Since)
                        .Select(static one => new Backend(one.Part, one.Share, [])),
                ];
            // Where nobody has a share, nothing is routed: whoever comes next gets it anew.
            if (backends.Count > 0)
            {
                services.Add(service with { Backends = [.. backends.Select(one => Found(one, parts))] });
            }
        }
        return said with { Services = services };
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
