using System.Text.Json.Nodes;
using Fairlead.Engine.Guarding.Detecting;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;
using Fairlead.Model.Security;
using Microsoft.Extensions.Logging;

namespace Fairlead.Engine.Clusters;

/// <summary>
/// Sees to it that a cluster holds what was ordered: what somebody changed by hand is found and put back, and
/// what nobody needs any more is removed.
/// </summary>
/// <param name="routers">The cluster's own.</param>
public sealed class ClusterKeeper(
    ClusterPorts ports,
    ClusterRouter routers,
    FindingBook findings,
    Func<Fence> fence,
    ILogger log
) : IBackgroundWork
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(2);
    private static readonly ApplyAs Put = new(Marks.Manager) { TakesOver = true };
    private static readonly string[] AroundKinds = ["ServiceAccount", "Service"];

    private readonly Charges charges = new(ports.Sites);

    public string Name => "clusters";

    public async Task RunAsync(CancellationToken stop)
    {
        while (true)
        {
            await Task.Delay(LookEvery, ports.World.Clock, stop);
            foreach (var (site, place) in await ports.Sites.AllAsync(stop))
            {
                try
                {
                    await KeepAsync(site, place, stop);
                }
                catch (ProblemException caught)
                {
                    Log.ClusterNotKept(log, site, caught.Problem.Code, caught.Problem.What);
                }
            }
        }
    }

    /// <summary>One look at a site's namespace.</summary>
    public async Task KeepAsync(Site site, ClusterPlace place, CancellationToken stop)
    {
        var cluster = ports.Clusters.Open(place.Context);
        await charges.CheckAsync(cluster, place.Namespace, fence(), stop);
        var labels = Marks.Selector(Marks.OfSite(site));
        var deployments = await cluster.ListAsync(new("apps/v1", "Deployment", place.Namespace), labels, stop);
        var pods = await cluster.ListAsync(new("v1", "Pod", place.Namespace), labels, stop);
        foreach (var deployment in deployments.Where(one => !Marks.IsGoing(one)))
        {
            if (IsOver(deployment, pods))
            {
                var name = new ObjectName("apps/v1", "Deployment", place.Namespace, Marks.NameOf(deployment));
                await cluster.DeleteAsync(name, Marks.VersionOf(deployment), stop);
                continue;
            }
            await PutBackAsync(cluster, site, deployment, stop);
        }
        await routers.KeepAsync(site, place, fence(), stop);
        await PruneAsync(cluster, (site, place.Namespace), deployments, stop);
        if (ports.Fairlead is not null)
        {
            await PolicedAsync(cluster, (site, place), deployments, stop);
        }
        if (deployments.Count == 0 && pods.Count == 0)
        {
            await ports.Sites.EmptyAsync(site, place, fence(), stop);
        }
    }

    // Nothing of it is wanted, and nothing runs any more.
    private static bool IsOver(JsonObject deployment, IReadOnlyList<JsonObject> pods) =>
        Marks.OrderOf(deployment) is not null
        && Marks.NumbersOf(deployment, Marks.Slots).Count == 0
        && !pods.Any(pod => Marks.PartOf(pod) == Marks.PartOf(deployment));

    private async Task PutBackAsync(ICluster cluster, Site site, JsonObject live, CancellationToken stop)
    {
        if (Marks.OrderOf(live) is not { } order || Marks.NoteOf(live, Marks.Image) is not { } image)
        {
            return; // It is placed anew by whoever wants it.
        }
        var space = Marks.Text(live["metadata"]!["namespace"])!; // A Deployment is always in one.
        var minor = await cluster.MinorAsync(stop);
        var wanted = ClusterObjects.Deployment(
            order,
            image,
            (Marks.NumbersOf(live, Marks.Slots), Marks.NumbersOf(live, Marks.Stopping)),
            (space, minor)
        );
        wanted["metadata"]!["resourceVersion"] = Marks.VersionOf(live);
        if (Marks.IsScaledByCluster(live))
        {
            wanted["spec"]!.AsObject().Remove("replicas"); // What its autoscaler says is no drift.
        }
        if (
            await cluster.ApplyAsync(wanted.DeepClone().AsObject(), Put with { IsTrial = true }, stop) is not { } would
            || Drift.Between(live, would) is not { Count: > 0 } drifted
        )
        {
            return;
        }
        var isPutBack =
            ClusterTarget.PlaceOf(order).Drift is DriftPolicy.Repair
            && await cluster.ApplyAsync(wanted, Put, stop) is not null;
        await findings.RaiseAsync(Found(site, $"Deployment {space}/{Marks.NameOf(live)}", drifted, isPutBack), stop);
        if (isPutBack)
        {
            Log.DriftPutBack(log, site, Marks.NameOf(live));
        }
    }

    /// <summary>All that says who may come to the pods of a part.</summary>
    internal static IEnumerable<JsonObject> PoliciesOf(
        InstanceOrder order,
        FairleadPlace? fairlead,
        MeshVersions mesh
    ) => new[] { ClusterPolicy.Of(order, fairlead) }.OfType<JsonObject>().Concat(MeshPolicy.Of(order, fairlead, mesh));

    // Each part with policies of its own has them, as it was ordered; those of a part that is gone go too.
    private async Task PolicedAsync(
        ICluster cluster,
        (Site Site, ClusterPlace Place) at,
        IReadOnlyList<JsonObject> deployments,
        CancellationToken stop
    )
    {
        var mesh = await MeshVersions.OfAsync(cluster, at.Place, stop);
        var live = new Dictionary<(string Kind, string Name), (ObjectName Name, JsonObject One)>();
        foreach (var kind in MeshPolicy.KindsOf(mesh).Prepend(new(ClusterPolicy.Version, ClusterPolicy.Kind)))
        {
            var of = new ObjectName(kind.Version, kind.Kind, at.Place.Namespace);
            foreach (var one in await cluster.ListAsync(of, Marks.Selector(Marks.OfSite(at.Site)), stop))
            {
                live[(kind.Kind, Marks.NameOf(one))] = (of with { Name = Marks.NameOf(one) }, one);
            }
        }
        // One whose order cannot be read may need any of them.
        var isKnown = deployments.All(one => Marks.OrderOf(one) is not null);
        foreach (
            var order in deployments.Where(one => !Marks.IsGoing(one)).Select(Marks.OrderOf).OfType<InstanceOrder>()
        )
        {
            foreach (var wanted in PoliciesOf(order, ports.Fairlead, mesh))
            {
                live.Remove((Marks.Text(wanted["kind"])!, Marks.NameOf(wanted)), out var one); // It was made here.
                await PutBackAsync(cluster, (at.Site, order), (one.One, wanted), stop);
            }
        }
        foreach (var (name, one) in live.Values.Where(one => isKnown && IsOld(one.One) && !Marks.IsGoing(one.One)))
        {
            await cluster.DeleteAsync(name, Marks.VersionOf(one), stop);
        }
    }

    private async Task PutBackAsync(
        ICluster cluster,
        (Site Site, InstanceOrder Order) of,
        (JsonObject? Live, JsonObject Wanted) policy,
        CancellationToken stop
    )
    {
        var (live, wanted) = policy;
        var would = await cluster.ApplyAsync(wanted.DeepClone().AsObject(), Put with { IsTrial = true }, stop);
        IReadOnlyList<string> drifted =
            live is null ? ["it was not there"]
            : would is null ? []
            : Drift.Between(live, would);
        if (drifted.Count == 0)
        {
            return;
        }
        // Fairlead itself moved: nobody else changed anything.
        var isOurs = live is not null && Marks.NoteOf(live, Marks.Fairlead) != Marks.NoteOf(wanted, Marks.Fairlead);
        var isPutBack =
            (isOurs || ClusterTarget.PlaceOf(of.Order).Drift is DriftPolicy.Repair)
            && await cluster.ApplyAsync(wanted, Put, stop) is not null;
        if (!isOurs)
        {
            var name =
                $"{Marks.Text(wanted["kind"])} {Marks.Text(wanted["metadata"]!["namespace"])}/{Marks.NameOf(wanted)}";
            await findings.RaiseAsync(Found(of.Site, name, drifted, isPutBack), stop);
        }
    }

    private Finding Found(Site site, string name, IReadOnlyList<string> drifted, bool isPutBack) =>
        FindingBook.New(
            "drift",
            // As it was called when there were only Deployments.
            $"{site} {name.Replace("Deployment ", "", StringComparison.Ordinal)}",
            Gravity.Medium,
            $"{name} of {site} was changed by hand{(isPutBack ? ", and is as ordered again" : "")}",
            isPutBack
                ? "Change it in fairlead.yaml and deploy; see who may write there: kubectl auth can-i --list"
                : "Deploy what you want, or say cluster: { drift: repair } to have it put back."
        ) with
        {
            // What stays as it is would be news at each look if the time was said.
            Evidence = [$"{(isPutBack ? $"{ports.World.Now:yyyy-MM-dd HH:mm:ss}Z " : "")}{string.Join("; ", drifted)}"],
        };

    private async Task PruneAsync(
        ICluster cluster,
        (Site Site, string Namespace) at,
        IReadOnlyList<JsonObject> deployments,
        CancellationToken stop
    )
    {
        var labels = Marks.Selector(Marks.OfSite(at.Site));
        var services = deployments.Select(one => Marks.LabelOf(one, Marks.Service)).ToHashSet(StringComparer.Ordinal);
        var secrets = deployments
            .SelectMany(one => Marks.OrderOf(one)?.Service.Secrets ?? [])
            .Select(use => ClusterObjects.SecretName(use.Secret, use.Version))
            .ToHashSet(StringComparer.Ordinal);
        // One whose order cannot be read may need any of them.
        var isKnown = deployments.All(one => Marks.OrderOf(one) is not null);
        var budgets = await cluster.ServesAsync("policy/v1", "PodDisruptionBudget", stop)
            ? "policy/v1"
            : "policy/v1beta1";
        IEnumerable<ObjectName> kinds =
        [
            .. AroundKinds.Select(kind => new ObjectName("v1", kind, at.Namespace)),
            new(budgets, "PodDisruptionBudget", at.Namespace),
            await ClusterScaler.NameOfAsync(cluster, at.Namespace, part: null, stop),
            new("v1", "Secret", at.Namespace),
        ];
        foreach (var kind in kinds)
        {
            // What leads requests is kept and removed by the routers alone.
            var all = await cluster.ListAsync(kind, labels, stop);
            foreach (var one in all.Where(one => Marks.LabelOf(one, RouteObjects.Mark) is null))
            {
                var isNeeded = kind.Kind is "Secret"
                    ? !isKnown || secrets.Contains(Marks.NameOf(one))
                    : services.Contains(Marks.LabelOf(one, Marks.Service));
                if (!isNeeded && IsOld(one))
                {
                    await cluster.DeleteAsync(kind with { Name = Marks.NameOf(one) }, Marks.VersionOf(one), stop);
                }
            }
        }
    }

    // What is new may be made for what comes next.
    private bool IsOld(JsonObject one) =>
        Marks.Time(one["metadata"]?["creationTimestamp"]) is { } made && ports.World.Now - made > Grace;
}
