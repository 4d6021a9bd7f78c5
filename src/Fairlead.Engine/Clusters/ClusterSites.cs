using System.Collections.Concurrent;
using Fairlead.Engine.Deploying;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Clusters;

/// <summary>
/// Remembers which sites may have something in which cluster: only those are looked for there, so that a cluster that is away holds nobody
/// else up.
/// </summary>
public sealed class ClusterSites(IStore store, World world)
{
    private const string Collection = "cluster-places";
    private const string OwnerKey = "owner";
    private const string OwnerCollection = "cluster-owner";
    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(2);

    private readonly ConcurrentDictionary<(Site, ClusterPlace), DateTimeOffset> saidAt = new();

    /// <summary>None where all of it runs elsewhere.</summary>
    public async Task<IReadOnlyList<ClusterPlace>> OfAsync(Site site, CancellationToken stop) =>
        await store.ReadAsync(Collection, site.ToString(), stop) is { } document
            ? Records.Read<List<ClusterPlace>>(document)
            : [];

    /// <summary>All of them.</summary>
    public async Task<IReadOnlyList<(Site Site, ClusterPlace Place)>> AllAsync(CancellationToken stop) =>
        [
            .. from document in await store.ListAsync(Collection, "", stop)
            let site = Site.TryParse(document.Key)
            where site is not null
            from place in Records.Read<List<ClusterPlace>>(document)
            select (site, place),
        ];

    /// <summary>Says it before anything is placed there.</summary>
    public async Task AddAsync(Site site, ClusterPlace place, Fence fence, CancellationToken stop)
    {
        var known = await OfAsync(site, stop);
        var where = place with { Registry = null, Drift = default, Network = null };
        saidAt[(site, where)] = world.Now;
        if (!known.Contains(where))
        {
            // What is said anew of the same namespace takes the place of what was said before.
            await WriteAsync(
                site,
                [.. known.Where(one => (one.Context, one.Namespace) != (where.Context, where.Namespace)), where],
                fence,
                stop
            );
        }
    }

    /// <summary>Says that nothing was to be seen there; forgotten unless something was placed a moment ago, or is about to be.</summary>
    public async Task EmptyAsync(Site site, ClusterPlace place, Fence fence, CancellationToken stop)
    {
        if (saidAt.TryGetValue((site, place), out var said) && world.Now - said < Settled)
        {
            return;
        }
        var known = await OfAsync(site, stop);
        await WriteAsync(site, [.. known.Where(one => one != place)], fence, stop);
    }

    /// <summary>By which clusters tell this Fairlead from others, whichever of its servers is in charge.</summary>
    public async Task<string> OwnerAsync(Fence fence, CancellationToken stop)
    {
        if (await store.ReadAsync(OwnerCollection, OwnerKey, stop) is { } document)
        {
            return Records.Read<string>(document);
        }
        var owner = world.NewId();
        await store.CommitAsync(
            new Change(fence) { Writes = [new Write(OwnerCollection, OwnerKey, Records.Body(owner), Expected: 0)] },
            stop
        );
        return owner;
    }

    private async Task WriteAsync(Site site, List<ClusterPlace> places, Fence fence, CancellationToken stop) =>
        await store.CommitAsync(
            new Change(fence)
            {
                Writes = [new Write(Collection, site.ToString(), places.Count == 0 ? null : Records.Body(places))],
            },
            stop
        );
}
