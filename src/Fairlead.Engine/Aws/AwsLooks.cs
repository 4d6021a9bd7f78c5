using System.Collections.Concurrent;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Aws;

/// <summary>
/// Looks at AWS, but not at every turn of a site's loop: an account has few requests a second for everybody who uses it, and each is seldom
/// news. What this server changes itself is looked at anew at once.
/// </summary>
internal sealed class AwsLooks(AwsPorts ports)
{
    private static readonly TimeSpan Moving = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Counted = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<(Site, string), (AwsSight Sight, DateTimeOffset At, Fence Fence)> kept =
        new();
    private readonly ConcurrentDictionary<
        (Site, string),
        (IReadOnlyList<PartTraffic> Traffic, DateTimeOffset At)
    > traffic = new();
    private long fence;

    /// <summary>The highest that this server was given.</summary>
    public Fence Fence => new(Interlocked.Read(ref fence));

    public void Rise(Fence given)
    {
        for (var known = Interlocked.Read(ref fence); given.Number > known; known = Interlocked.Read(ref fence))
        {
            Interlocked.CompareExchange(ref fence, given.Number, known);
        }
    }

    public async Task<AwsCharge> ChargeAsync(Fence of, CancellationToken stop) =>
        new(await ports.Sites.OwnerAsync(of, stop), of);

    /// <summary>All places of a site.</summary>
    public async Task<IReadOnlyList<(AwsSpot Spot, AwsSight Sight)>> OfAsync(Site site, CancellationToken stop)
    {
        var all = new List<(AwsSpot, AwsSight)>();
        foreach (var (service, place) in await ports.Sites.OfAsync(site, stop))
        {
            var spot = new AwsSpot(site, service, place);
            all.Add((spot, await LookAsync(spot, stop)));
        }
        return all;
    }

    public async Task<AwsSight> LookAsync(AwsSpot spot, CancellationToken stop)
    {
        var (key, now, by) = ((spot.Site, $"{spot.Service}/{spot.Place.Identity}"), ports.World.Now, Fence);
        if (
            kept.TryGetValue(key, out var known)
            && known.Fence == by
            && now - known.At < (known.Sight.IsMoving ? Moving : Calm)
        )
        {
            return known.Sight;
        }
        var charge = await ChargeAsync(by, stop);
        var sight = await ports.KindOf(spot.Place).LookAsync(spot, charge, stop);
        kept[key] = (sight, now, by);
        return sight;
    }

    /// <summary>What parts did; only asked while two of them share, or the shares changed not long ago.</summary>
    public async Task<IReadOnlyList<PartTraffic>> TrafficAsync(AwsSpot spot, AwsSight sight, CancellationToken stop)
    {
        var (key, now) = ((spot.Site, $"{spot.Service}/{spot.Place.Identity}"), ports.World.Now);
        if (sight.Since is not { } since || (sight.Shares.Count < 2 && now - since > TimeSpan.FromHours(1)))
        {
            return [];
        }
        if (traffic.TryGetValue(key, out var known) && now - known.At < Counted && known.At >= since)
        {
            return known.Traffic;
        }
        var counted = await ports.KindOf(spot.Place).TrafficAsync(spot, sight, stop);
        traffic[key] = (counted, now);
        return counted;
    }

    /// <summary>Something was changed: what was seen before counts no more.</summary>
    public void Forget(Site site, string service)
    {
        foreach (var key in kept.Keys.Where(one => one.Item1 == site && IsOf(one.Item2, service)).ToList())
        {
            kept.TryRemove(key, out _);
        }
        foreach (var key in traffic.Keys.Where(one => one.Item1 == site && IsOf(one.Item2, service)).ToList())
        {
            traffic.TryRemove(key, out _);
        }
    }

    private static bool IsOf(string key, string service) => key.StartsWith($"{service}/", StringComparison.Ordinal);
}
