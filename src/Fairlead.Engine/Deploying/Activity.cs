using Fairlead.Model.Ports;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Deploying;

/// <summary>
/// Since when each service of a site has had no request, told from what the router counts: nothing is asked of the path that
/// requests take.
/// </summary>
internal sealed class Activity
{
    private readonly Dictionary<string, DateTimeOffset> quietSince = [];
    private Dictionary<string, long> counted = [];
    private string epoch = "";

    public IReadOnlyDictionary<string, DateTimeOffset> QuietSince => quietSince;

    public void Look(RouterView router, DateTimeOffset now)
    {
        var counts = Counts(router);
        // Counters that began anew say nothing about requests.
        var isSameRouter = epoch == router.Epoch;
        foreach (var gone in quietSince.Keys.Where(name => router.Routing.Find(name) is null).ToList())
        {
            quietSince.Remove(gone);
        }
        foreach (var service in router.Routing.Services)
        {
            var isBusy =
                router.Parked.GetValueOrDefault(service.Service) is { Now: > 0 } || IsInFlight(router, service);
            if (isBusy || (isSameRouter && HasGrown(counts, router, service.Service)))
            {
                quietSince[service.Service] = now;
            }
            else
            {
                // Seen for the first time: who sleeps has not been asked for, who is awake may have been just now.
                quietSince.TryAdd(service.Service, service.IsAsleep ? DateTimeOffset.MinValue : now);
            }
        }
        counted = counts;
        epoch = router.Epoch;
    }

    // A part that left is no request, so each is compared with itself.
    private bool HasGrown(Dictionary<string, long> counts, RouterView router, string service) =>
        router
            .Traffic.Where(one => one.Part.Service == service)
            .Select(one => one.Part.ToString())
            .Append(service)
            .Any(key => counts.GetValueOrDefault(key) > counted.GetValueOrDefault(key));

    private static Dictionary<string, long> Counts(RouterView router)
    {
        var counts = router.Parked.ToDictionary(one => one.Key, one => one.Value.Ever);
        foreach (var traffic in router.Traffic)
        {
            counts[traffic.Part.ToString()] = traffic.Total.Requests;
        }
        return counts;
    }

    private static bool IsInFlight(RouterView router, ServiceRouting service) =>
        service.Backends.SelectMany(one => one.Destinations).Any(one => router.InFlightOf(one.Instance) > 0);
}
