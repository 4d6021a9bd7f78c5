using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Clusters;

/// <summary>
/// The edge, with a cluster's own routers told the same shares. They come first: what the edge has in force is what was done everywhere,
/// and a part that is to end has lost its share everywhere.
/// </summary>
/// <param name="edge">What carries traffic, counts it and drains.</param>
public sealed class ClusterRouter(IRouter edge, ClusterPorts ports) : IRouter
{
    private const string GatewayGroup = "gateway.networking.k8s.io";
    private const string IstioGroup = "networking.istio.io";
    private static readonly ApplyAs How = new(Marks.Manager);

    private readonly Charges charges = new(ports.Sites);
    private readonly ConcurrentDictionary<Site, SemaphoreSlim> turns = new();

    public Task TakeChargeAsync(Fence fence, CancellationToken stop) => edge.TakeChargeAsync(fence, stop);

    public Task<RouterView> ObserveAsync(Site site, CancellationToken stop) => edge.ObserveAsync(site, stop);

    public async Task ApplyAsync(Routing routing, Fence fence, CancellationToken stop)
    {
        var places = (await ports.Sites.OfAsync(routing.Site, stop)).Where(place => place.Routes is not null).ToList();
        if (places.Count == 0)
        {
            await edge.ApplyAsync(routing, fence, stop);
            return;
        }
        await InTurnAsync(
            routing.Site,
            async () =>
            {
                foreach (var place in places)
                {
                    await PutAsync(routing, place, (fence, IsTurning: true), stop);
                }
                await edge.ApplyAsync(routing, fence, stop);
            },
            stop
        );
    }

    public Task<WakeCall> ListenAsync(long after, CancellationToken stop) => edge.ListenAsync(after, stop);

    public Task CutAsync(Site site, IReadOnlyList<InstanceKey> instances, Fence fence, CancellationToken stop) =>
        edge.CutAsync(site, instances, fence, stop);

    /// <summary>Has the cluster's routers know what is in force; changes nothing where they do.</summary>
    public Task KeepAsync(Site site, ClusterPlace place, Fence fence, CancellationToken stop) =>
        place.Routes is null
            ? Task.CompletedTask
            : InTurnAsync(
                site,
                async () =>
                    await PutAsync(
                        (await edge.ObserveAsync(site, stop)).Routing,
                        place,
                        (fence, IsTurning: false),
                        stop
                    ),
                stop
            );

    // What was in force a moment ago must not come after what is in force now.
    private async Task InTurnAsync(Site site, Func<Task> work, CancellationToken stop)
    {
        var turn = turns.GetOrAdd(site, static _ => new SemaphoreSlim(1));
        await turn.WaitAsync(stop);
        try
        {
            await work();
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task PutAsync(
        Routing routing,
        ClusterPlace place,
        (Fence Fence, bool IsTurning) how,
        CancellationToken stop
    )
    {
        if (place.Routes is not { } routes)
        {
            return;
        }
        var cluster = ports.Clusters.Open(place.Context);
        await charges.CheckAsync(cluster, place.Namespace, how.Fence, stop);
        var versions = new RouteVersions(
            await NewestAsync(cluster, GatewayGroup, "HTTPRoute", stop),
            await NewestAsync(cluster, IstioGroup, "VirtualService", stop)
        );
        var wanted = RouteObjects.Of(routing, routes, place.Namespace, versions);
        foreach (var one in wanted)
        {
            if (how.IsTurning && Marks.Text(one["kind"]) is "DestinationRule")
            {
                await KeepSubsetsAsync(cluster, one, stop);
            }
            await cluster.ApplyAsync(one, How, stop);
        }
        await PruneAsync(
            cluster,
            (routing.Site, place.Namespace),
            RouteObjects.KindsOf(routes.By, versions),
            wanted.Select(one => (Marks.Text(one["kind"]), Marks.NameOf(one))).ToHashSet(),
            stop
        );
    }

    // Rules that still name a part read this before those that do not any more: it is forgotten by a later look.
    private static async Task KeepSubsetsAsync(ICluster cluster, JsonObject rule, CancellationToken stop)
    {
        var name = new ObjectName(
            Marks.Text(rule["apiVersion"])!,
            "DestinationRule",
            Marks.Text(rule["metadata"]!["namespace"]),
            Marks.NameOf(rule)
        ); // It was made here.
        var subsets = rule["spec"]!["subsets"]!.AsArray();
        var wanted = subsets.Select(one => Marks.Text(one!["name"])).ToHashSet();
        var live = await cluster.FindAsync(name, stop);
        foreach (var one in (live?["spec"]?["subsets"] as JsonArray)?.OfType<JsonObject>() ?? [])
        {
            if (!wanted.Contains(Marks.Text(one["name"])))
            {
                subsets.Add(one.DeepClone());
            }
        }
    }

    private static async Task PruneAsync(
        ICluster cluster,
        (Site Site, string Namespace) at,
        IReadOnlyList<ObjectKind> kinds,
        HashSet<(string? Kind, string Name)> wanted,
        CancellationToken stop
    )
    {
        var labels = Marks.OfSite(at.Site);
        labels[RouteObjects.Mark] = "true";
        foreach (var kind in kinds)
        {
            var all = new ObjectName(kind.Version, kind.Kind, at.Namespace);
            foreach (var one in await cluster.ListAsync(all, Marks.Selector(labels), stop))
            {
                if (!wanted.Contains((kind.Kind, Marks.NameOf(one))))
                {
                    await cluster.DeleteAsync(all with { Name = Marks.NameOf(one) }, Marks.VersionOf(one), stop);
                }
            }
        }
    }

    private static async Task<string> NewestAsync(
        ICluster cluster,
        string group,
        string kind,
        CancellationToken stop
    ) => await cluster.ServesAsync($"{group}/v1", kind, stop) ? $"{group}/v1" : $"{group}/v1beta1";
}
