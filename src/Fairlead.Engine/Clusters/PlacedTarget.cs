using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Clusters;

/// <summary>Sends each replica to where its service belongs: a cluster, or this machine. An app may have both, as its files are served here.</summary>
/// <param name="here">This machine.</param>
/// <param name="clusters">Those that say so.</param>
public sealed class PlacedTarget(ITarget here, ITarget clusters, ClusterSites sites) : ITarget
{
    public TargetAbilities Abilities => here.Abilities;

    public async Task TakeChargeAsync(Fence fence, CancellationToken stop)
    {
        await here.TakeChargeAsync(fence, stop);
        await clusters.TakeChargeAsync(fence, stop);
    }

    public async Task<IReadOnlyList<Instance>> ObserveAsync(Site site, CancellationToken stop)
    {
        var local = await here.ObserveAsync(site, stop);
        return await IsInClusterAsync(site, stop) ? [.. local, .. await clusters.ObserveAsync(site, stop)] : local;
    }

    public async Task EnsureAsync(InstanceOrder order, Fence fence, CancellationToken stop)
    {
        if (order.Service.Container?.Cluster is not { } place)
        {
            await here.EnsureAsync(order, fence, stop);
            return;
        }
        // First of all, as its secrets are handed over before it is.
        await sites.AddAsync(order.Key.Site, place, fence, stop);
        await clusters.EnsureAsync(order, fence, stop);
    }

    public async Task StopAsync(InstanceKey key, Fence fence, CancellationToken stop)
    {
        await here.StopAsync(key, fence, stop);
        if (await IsInClusterAsync(key.Site, stop))
        {
            await clusters.StopAsync(key, fence, stop);
        }
    }

    private async Task<bool> IsInClusterAsync(Site site, CancellationToken stop) =>
        (await sites.OfAsync(site, stop)).Count > 0;
}
