using System.Collections.Concurrent;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Aws;

/// <summary>Sends what belongs to AWS there, and all else to where it belongs. To the engine each part at AWS is one replica.</summary>
/// <param name="others">Whatever is not at AWS.</param>
public sealed class AwsTarget(ITarget others, AwsPorts ports) : ITarget, IDisposable
{
    private readonly AwsWorks works = new();

    // Where something was told to end that takes its time to. A server that does not know it looks there for nothing, and at nothing.
    private readonly ConcurrentDictionary<(Site, string Identity), AwsService> ending = new();

    public TargetAbilities Abilities => others.Abilities;

    /// <remarks>AWS is told with the first look at it: one that is away must not keep a server from what is elsewhere.</remarks>
    public async Task TakeChargeAsync(Fence fence, CancellationToken stop)
    {
        ports.Looks.Rise(fence);
        await others.TakeChargeAsync(fence, stop);
    }

    public async Task<IReadOnlyList<Instance>> ObserveAsync(Site site, CancellationToken stop)
    {
        var elsewhere = await others.ObserveAsync(site, stop);
        var working = await works.OfAsync(site, stop);
        var seen = await ports.Looks.OfAsync(site, stop);
        foreach (var (spot, sight) in seen)
        {
            if (IsEmpty(sight) && ending.TryRemove((site, IdentityOf(spot.Service, spot.Place)), out var over))
            {
                await ports.Sites.ForgetAsync(site, over, ports.Looks.Fence, stop);
            }
        }
        if (seen.Count == 0 && working.Count == 0)
        {
            return elsewhere;
        }
        var parts = seen.SelectMany(static one => one.Sight.Parts).DistinctBy(static one => one.Key).ToList();
        // One that is being placed is not ready before all of it is done, whatever is seen of it already.
        var going = working.Select(static one => one.Key).ToHashSet();
        return [.. elsewhere, .. parts.Where(one => !going.Contains(one.Key)), .. working];
    }

    public async Task EnsureAsync(InstanceOrder order, Fence fence, CancellationToken stop)
    {
        if (order.Service.Aws is not { } place)
        {
            await others.EnsureAsync(order, fence, stop);
            return;
        }
        var key = order.Key;
        ports.Looks.Rise(fence);
        ending.TryRemove((key.Site, IdentityOf(key.Part.Service, place)), out _);
        await ports.Sites.AddAsync(key.Site, new(key.Part.Service, place), fence, stop);
        var charge = await ports.Looks.ChargeAsync(fence, stop);
        var kind = ports.KindOf(place);
        works.Begin(
            key,
            async end =>
            {
                try
                {
                    await kind.PlaceAsync(order, charge, end);
                }
                finally
                {
                    ports.Looks.Forget(key.Site, key.Part.Service);
                }
            }
        );
    }

    public async Task StopAsync(InstanceKey key, Fence fence, CancellationToken stop)
    {
        ports.Looks.Rise(fence);
        await works.EndAsync(key, stop);
        var places = (await ports.Sites.OfAsync(key.Site, stop)).Where(one => one.Service == key.Part.Service).ToList();
        if (places.Count == 0)
        {
            await others.StopAsync(key, fence, stop);
            return;
        }
        var charge = await ports.Looks.ChargeAsync(fence, stop);
        foreach (var one in places)
        {
            var spot = new AwsSpot(key.Site, one.Service, one.Place);
            await ports.KindOf(one.Place).RemoveAsync(spot, key.Part, charge, stop);
            ports.Looks.Forget(key.Site, one.Service);
            var left = await ports.Looks.LookAsync(spot, stop);
            if (IsEmpty(left))
            {
                await ports.Sites.ForgetAsync(key.Site, one, fence, stop);
            }
            else
            {
                ending[(key.Site, IdentityOf(one.Service, one.Place))] = one;
            }
        }
        await others.StopAsync(key, fence, stop);
    }

    public void Dispose() => works.Dispose();

    private static bool IsEmpty(AwsSight sight) => sight is { Parts.Count: 0, Shares.Count: 0 };

    private static string IdentityOf(string service, AwsPlace place) => $"{service}/{place.Identity}";
}
