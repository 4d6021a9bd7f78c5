using System.Text.Json.Nodes;
using Fairlead.Engine.Imaging;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Clusters;

/// <summary>
/// Runs replicas as pods. Each part is a Deployment, so pods are kept alive by the cluster with no server; how many there are is said by
/// the replicas that were ordered. All of it is in the cluster: a server that begins anew needs nothing but to look.
/// </summary>
public sealed class ClusterTarget : ITarget
{
    private const int EvidenceLines = 20;
    private const int TriesMax = 8;
    private const int DeletionCosts = 22;
    private const int StableBudgets = 21;
    internal const string ScalingManager = "fairlead-scaling";

    // When a cluster has to choose which pod of a Deployment goes, it is the one that costs least.
    private const string DeletionCost = "controller.kubernetes.io/pod-deletion-cost";
    private const string FirstToGo = "-1000";

    private static readonly TimeSpan TryPause = TimeSpan.FromMilliseconds(100);

    private readonly ClusterPorts ports;
    private readonly Charges charges;
    private readonly EvidenceKeeper evidence;
    private readonly Lock gate = new();
    private Fence fence;

    public ClusterTarget(ClusterPorts ports)
    {
        this.ports = ports;
        (charges, evidence) = (new(ports.Sites), new(ports.Mask));
    }

    public TargetAbilities Abilities { get; } = new(FixedPortsOverlap: true, ServesStaticFiles: false);

    /// <remarks>A cluster is told before the first look at it: one that is away must not keep a server from what is elsewhere.</remarks>
    public Task TakeChargeAsync(Fence fence, CancellationToken stop)
    {
        Rise(fence);
        return Task.CompletedTask;
    }

    private void Rise(Fence given)
    {
        lock (gate)
        {
            fence = given.Number > fence.Number ? given : fence;
        }
    }

    public async Task<IReadOnlyList<Instance>> ObserveAsync(Site site, CancellationToken stop)
    {
        var all = new List<Instance>();
        foreach (var place in await ports.Sites.OfAsync(site, stop))
        {
            var cluster = ports.Clusters.Open(place.Context);
            await charges.TakeAsync(cluster, place.Namespace, fence, stop);
            var seen = await LookAsync(cluster, place.Namespace, site, stop);
            foreach (var one in seen)
            {
                all.Add(await evidence.WithAsync(cluster, place.Namespace, one, stop));
            }
        }
        return all;
    }

    public async Task EnsureAsync(InstanceOrder order, Fence fence, CancellationToken stop)
    {
        var (key, place) = (order.Key, PlaceOf(order));
        Rise(fence);
        await ports.Sites.AddAsync(key.Site, place, fence, stop);
        var cluster = ports.Clusters.Open(place.Context);
        await NamespaceAsync(cluster, place.Namespace, stop);
        await PersistAsync(
            async () =>
            {
                await charges.CheckAsync(cluster, place.Namespace, fence, stop);
                return await TryEnsureAsync(cluster, order, stop);
            },
            key,
            stop
        );
        // To send an image may take so long that the place was taken for one that nobody needs.
        await ports.Sites.AddAsync(key.Site, place, fence, stop);
    }

    public async Task StopAsync(InstanceKey key, Fence fence, CancellationToken stop)
    {
        Rise(fence);
        foreach (var place in await ports.Sites.OfAsync(key.Site, stop))
        {
            var cluster = ports.Clusters.Open(place.Context);
            int? left = null; // One fewer than at first, however often it is tried.
            await PersistAsync(
                async () =>
                {
                    await charges.CheckAsync(cluster, place.Namespace, fence, stop);
                    return await FindAsync(cluster, place.Namespace, key.Part, stop) is not { } live
                        || Marks.IsGoing(live)
                        || !Has(live, key.Slot)
                        || await TryStopAsync(cluster, live, key, left ??= Marks.ReplicasOf(live) - 1, stop);
                },
                key,
                stop
            );
        }
    }

    private static bool Has(JsonObject deployment, int slot) =>
        Marks.IsScaledByCluster(deployment)
            ? slot < Marks.ReplicasOf(deployment)
            : Marks.NumbersOf(deployment, Marks.Slots).Contains(slot);

    // The cluster itself changes an object all the time while its pods come and go, and each change is another version.
    private async Task PersistAsync(Func<Task<bool>> attempt, InstanceKey key, CancellationToken stop)
    {
        for (var tries = 1; !await attempt(); tries++)
        {
            if (tries == TriesMax)
            {
                throw new ProblemException(ClusterProblems.Overtaken($"Deployment {ClusterObjects.NameOf(key.Part)}"));
            }
            await Task.Delay(TryPause, ports.World.Clock, stop);
        }
    }

    private async Task<bool> TryEnsureAsync(ICluster cluster, InstanceOrder order, CancellationToken stop)
    {
        var key = order.Key;
        var live = await FindAsync(cluster, PlaceOf(order).Namespace, key.Part, stop);
        if (live is null)
        {
            await PlaceAsync(cluster, order, stop);
            return true;
        }
        if (Marks.IsGoing(live))
        {
            return true; // It is placed anew once it is gone.
        }
        if (Marks.IsScaledByCluster(live))
        {
            return Has(live, key.Slot)
                || await TryTakeBackAsync(cluster, live, Marks.OrderOf(live) ?? order, key.Slot + 1, stop);
        }
        var slots = Marks.NumbersOf(live, Marks.Slots);
        if (!slots.Add(key.Slot) && Marks.OrderOf(live) is not null)
        {
            return true;
        }
        var stopping = Marks.NumbersOf(live, Marks.Stopping);
        stopping.Remove(key.Slot);
        return await TryChangeAsync(cluster, live, Marks.OrderOf(live) ?? order, (slots, stopping), stop);
    }

    /// <param name="left">How many there are to be then, where the cluster's autoscaler has the number.</param>
    private async Task<bool> TryStopAsync(
        ICluster cluster,
        JsonObject live,
        InstanceKey key,
        int left,
        CancellationToken stop
    )
    {
        var space = Marks.Text(live["metadata"]!["namespace"])!; // A Deployment is always in one.
        var (slots, stopping) = (Marks.NumbersOf(live, Marks.Slots), Marks.NumbersOf(live, Marks.Stopping));
        slots.Remove(key.Slot);
        if (Marks.OrderOf(live) is not { } order)
        {
            return await cluster.DeleteAsync(DeploymentName(space, key.Part), Marks.VersionOf(live), stop);
        }
        if (await cluster.MinorAsync(stop) >= DeletionCosts && await PodOfAsync(cluster, space, key, stop) is { } pod)
        {
            await cluster.AnnotateAsync(
                new("v1", "Pod", space, pod),
                new Dictionary<string, string?> { [DeletionCost] = FirstToGo },
                stop
            );
        }
        if (Marks.IsScaledByCluster(live))
        {
            return await TryTakeBackAsync(cluster, live, order, left, stop);
        }
        stopping.Add(key.Slot);
        return await TryChangeAsync(cluster, live, order, (slots, stopping), stop);
    }

    // Whoever changes the number has to decide it alone. The mark goes last: until then all of it is done again. The number is taken
    // by force, as it is the autoscaler's; what somebody else changed by hand goes with it.
    private static async Task<bool> TryTakeBackAsync(
        ICluster cluster,
        JsonObject live,
        InstanceOrder order,
        int replicas,
        CancellationToken stop
    )
    {
        var space = Marks.Text(live["metadata"]!["namespace"])!; // A Deployment is always in one.
        await cluster.DeleteAsync(await ClusterScaler.NameOfAsync(cluster, space, order.Key.Part, stop), null, stop);
        var stopping = Enumerable.Range(replicas, Math.Max(0, Marks.ReplicasOf(live) - replicas));
        var wanted = await ChangedAsync(
            cluster,
            live,
            order,
            ([.. Enumerable.Range(0, replicas)], [.. stopping]),
            stop
        );
        return await cluster.ApplyAsync(wanted, new(Marks.Manager) { TakesOver = true }, stop) is not null
            && await cluster.AnnotateAsync(
                DeploymentName(space, order.Key.Part),
                new Dictionary<string, string?> { [Marks.ScaledBy] = null },
                stop
            );
    }

    private async Task PlaceAsync(ICluster cluster, InstanceOrder order, CancellationToken stop)
    {
        var (service, place) = (order.Service, PlaceOf(order));
        var image = await ports.Images.EnsureAsync(order, stop);
        var minor = await cluster.MinorAsync(stop);
        foreach (
            var one in ClusterObjects.Around(
                order.Key.Site,
                service,
                place.Namespace,
                minor >= StableBudgets ? "policy/v1" : "policy/v1beta1"
            )
        )
        {
            await ApplyAsync(cluster, one, stop);
        }
        var versions = await MeshVersions.OfAsync(cluster, place, stop);
        foreach (var policy in ClusterKeeper.PoliciesOf(order, ports.Fairlead, versions))
        {
            await ApplyAsync(cluster, policy, stop);
        }
        await ApplyAsync(
            cluster,
            ClusterObjects.Deployment(order, image, ([order.Key.Slot], []), (place.Namespace, minor)),
            stop
        );
    }

    private static async Task<bool> TryChangeAsync(
        ICluster cluster,
        JsonObject live,
        InstanceOrder order,
        (IReadOnlyCollection<int> Wanted, IReadOnlyCollection<int> Stopping) slots,
        CancellationToken stop
    )
    {
        var wanted = await ChangedAsync(cluster, live, order, slots, stop);
        return await cluster.ApplyAsync(wanted, new(Marks.Manager), stop) is not null;
    }

    private static async Task<JsonObject> ChangedAsync(
        ICluster cluster,
        JsonObject live,
        InstanceOrder order,
        (IReadOnlyCollection<int> Wanted, IReadOnlyCollection<int> Stopping) slots,
        CancellationToken stop
    )
    {
        var space = Marks.Text(live["metadata"]!["namespace"])!; // A Deployment is always in one.
        var image =
            Marks.NoteOf(live, Marks.Image)
            ?? Marks.Text(live["spec"]?["template"]?["spec"]?["containers"]?[0]?["image"])
            ?? "";
        var wanted = ClusterObjects.Deployment(order, image, slots, (space, await cluster.MinorAsync(stop)));
        wanted["metadata"]!["resourceVersion"] = Marks.VersionOf(live);
        return wanted;
    }

    private static async Task ApplyAsync(ICluster cluster, JsonObject wanted, CancellationToken stop)
    {
        if (await cluster.ApplyAsync(wanted, new(Marks.Manager), stop) is null)
        {
            throw new ProblemException(
                ClusterProblems.Overtaken($"{Marks.Text(wanted["kind"])} {Marks.NameOf(wanted)}")
            );
        }
    }

    // A namespace that is there may be somebody's, with rules of its own: it is left as it is.
    internal static async Task NamespaceAsync(ICluster cluster, string space, CancellationToken stop)
    {
        if (await cluster.FindAsync(new("v1", "Namespace", null, space), stop) is null)
        {
            await ApplyAsync(cluster, ClusterObjects.Namespace(space), stop);
        }
    }

    private static async Task<JsonObject?> FindAsync(ICluster cluster, string space, Part part, CancellationToken stop)
    {
        var live = await cluster.FindAsync(DeploymentName(space, part), stop);
        return live is null || Marks.PartOf(live) == part
            ? live
            : throw new ProblemException(ClusterProblems.NotOurs(ClusterObjects.NameOf(part), space));
    }

    private async Task<string?> PodOfAsync(ICluster cluster, string space, InstanceKey key, CancellationToken stop) =>
        (await LookAsync(cluster, space, key.Site, stop)).FirstOrDefault(one => one.Instance.Key == key)?.Pod;

    private Task<IReadOnlyList<SeenReplica>> LookAsync(
        ICluster cluster,
        string space,
        Site site,
        CancellationToken stop
    ) => LookAsync(cluster, space, (site, ports.World), stop);

    internal static async Task<IReadOnlyList<SeenReplica>> LookAsync(
        ICluster cluster,
        string space,
        (Site Site, World World) of,
        CancellationToken stop
    )
    {
        var labels = Marks.Selector(Marks.OfSite(of.Site));
        // Pods after Deployments: a pod that is there has what made it.
        var deployments = await cluster.ListAsync(new("apps/v1", "Deployment", space), labels, stop);
        var pods = await cluster.ListAsync(new("v1", "Pod", space), labels, stop);
        return ClusterReading.Of(of.Site, deployments, pods, of.World.Now);
    }

    private static ObjectName DeploymentName(string space, Part part) =>
        new("apps/v1", "Deployment", space, ClusterObjects.NameOf(part));

    internal static ClusterPlace PlaceOf(InstanceOrder order) =>
        order.Service.Container?.Cluster
        ?? throw new InvalidOperationException($"{order.Key} is not for a cluster: PlacedTarget sends it elsewhere.");

    /// <summary>Shows with a problem what the program wrote before it ended; asked once for each end.</summary>
    private sealed class EvidenceKeeper(LiveMask mask)
    {
        private const int KeptMax = 500;
        private readonly Dictionary<(string Namespace, string Pod, int Restarts), IReadOnlyList<string>> kept = [];
        private readonly Lock gate = new();

        public async Task<Instance> WithAsync(ICluster cluster, string space, SeenReplica seen, CancellationToken stop)
        {
            if (seen is not { HasEnded: true, Pod: { } pod, Instance: { Problem: { } problem } instance })
            {
                return seen.Instance;
            }
            var key = (space, pod, instance.Restarts);
            IReadOnlyList<string>? lines;
            lock (gate)
            {
                lines = kept.GetValueOrDefault(key);
            }
            if (lines is null)
            {
                lines = await ReadAsync(cluster, space, (pod, instance), stop);
                lock (gate)
                {
                    if (kept.Count >= KeptMax)
                    {
                        kept.Clear();
                    }
                    kept[key] = lines;
                }
            }
            return instance with { Problem = problem with { Evidence = lines } };
        }

        private async Task<IReadOnlyList<string>> ReadAsync(
            ICluster cluster,
            string space,
            (string Pod, Instance Instance) of,
            CancellationToken stop
        )
        {
            var query = new ContainerLogQuery(space, of.Pod, of.Instance.Key.Part.Service) { Tail = EvidenceLines };
            try
            {
                IReadOnlyList<string> now = await cluster.LogAsync(query, stop);
                var lines = now.Count > 0 ? now : await cluster.LogAsync(query with { IsPrevious = true }, stop);
                return [.. lines.Select(line => PodReading.Short(mask.Masked(ClusterLogs.TextOf(line))))];
            }
            catch (ProblemException)
            {
                return []; // What failed is said all the same.
            }
        }
    }
}

/// <summary>What is needed to run replicas in clusters.</summary>
public sealed record ClusterPorts(IClusters Clusters, ClusterSites Sites, SentImages Images, World World)
{
    /// <summary>Hides secrets in what pods wrote; a cluster keeps it as it was written.</summary>
    public LiveMask Mask { get; init; } = new();

    /// <summary>From where requests come to pods; null where nobody knows, and then no policy keeps pods apart.</summary>
    public FairleadPlace? Fairlead { get; init; }
}
