using System.Text.Json.Nodes;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Deploying.Scaling;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;
using Microsoft.Extensions.Logging;

namespace Fairlead.Engine.Clusters;

/// <summary>
/// Lets a cluster's own autoscaler follow processors and memory of what is live, while nothing is under way: it goes on without any
/// server. A rollout needs numbers of its own, so whoever changes them takes them back first (<see cref="ClusterTarget"/>).
/// </summary>
/// <param name="looks">The latest look at every site.</param>
public sealed class ClusterScaler(
    ClusterPorts ports,
    Func<IReadOnlyList<Snapshot>> looks,
    Func<Fence> fence,
    ILogger log
) : IBackgroundWork
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AgainAfter = TimeSpan.FromMinutes(1);
    private static readonly ApplyAs Shared = new(ClusterTarget.ScalingManager);

    private readonly Charges charges = new(ports.Sites);
    private readonly Dictionary<(Site Site, Part Part), (ScaleRules Rules, DateTimeOffset At)> applied = [];

    public string Name => "cluster-scaling";

    public async Task RunAsync(CancellationToken stop)
    {
        while (true)
        {
            await Task.Delay(LookEvery, ports.World.Clock, stop);
            foreach (var seen in looks())
            {
                try
                {
                    await KeepAsync(seen, stop);
                }
                catch (ProblemException caught)
                {
                    Log.ClusterNotKept(log, seen.Record.Site, caught.Problem.Code, caught.Problem.What);
                }
            }
        }
    }

    /// <summary>One look at what is live of a site.</summary>
    public async Task KeepAsync(Snapshot seen, CancellationToken stop)
    {
        if (seen.Record.Active is not null || !Counts.MayChange(seen.Deployment?.Phase))
        {
            return;
        }
        foreach (var live in seen.Live?.Services ?? [])
        {
            if (live.Service is { Scale.IsOfResources: true, Container.Cluster: { } place })
            {
                await HandOverAsync(seen.Record.Site, live, place, stop);
            }
        }
    }

    private async Task HandOverAsync(Site site, ReleasedService live, ClusterPlace place, CancellationToken stop)
    {
        var cluster = ports.Clusters.Open(place.Context);
        var name = new ObjectName("apps/v1", "Deployment", place.Namespace, ClusterObjects.NameOf(live.Part));
        var key = (site, live.Part);
        if (
            await cluster.FindAsync(name, stop) is not { } deployment
            || Marks.IsGoing(deployment)
            || Marks.PartOf(deployment) != live.Part
        )
        {
            return;
        }
        var isHandedOver = Marks.IsScaledByCluster(deployment);
        if (
            isHandedOver
                ? applied.TryGetValue(key, out var known)
                    && known.Rules == live.Service.Scale
                    && ports.World.Now - known.At < AgainAfter
                // Not before all are placed that there shall be.
                : Marks.NumbersOf(deployment, Marks.Slots).Count != live.Service.Replicas
        )
        {
            return;
        }
        await charges.CheckAsync(cluster, place.Namespace, fence(), stop);
        if (!isHandedOver)
        {
            // Said by two, the number stays when one of them says nothing of it any more.
            var shared = await cluster.ApplyAsync(Replicas(deployment, live.Service.Replicas), Shared, stop);
            if (shared is null)
            {
                return; // It was changed meanwhile: the next look begins anew.
            }
            await cluster.AnnotateAsync(
                name,
                new Dictionary<string, string?> { [Marks.ScaledBy] = AutoscalerObject.Kind },
                stop
            );
        }
        var target = await NameOfAsync(cluster, place.Namespace, live.Part, stop);
        var autoscaler = ClusterObjects.Object(
            target.Version,
            target.Kind,
            target.Name,
            place.Namespace,
            Marks.OfPart(site, live.Part)
        );
        autoscaler["spec"] = AutoscalerObject.SpecOf(live.Service, (name.Version, name.Kind, name.Name));
        await cluster.ApplyAsync(autoscaler, new(Marks.Manager), stop);
        applied[key] = (live.Service.Scale!, ports.World.Now); // Only those that have rules come here.
    }

    /// <summary>The autoscaler of a part, or all of them, in the version that the cluster knows.</summary>
    internal static async Task<ObjectName> NameOfAsync(
        ICluster cluster,
        string space,
        Part? part,
        CancellationToken stop
    ) =>
        new(
            await cluster.ServesAsync(AutoscalerObject.Version, AutoscalerObject.Kind, stop)
                ? AutoscalerObject.Version
                : AutoscalerObject.OldVersion,
            AutoscalerObject.Kind,
            space,
            part is null ? "" : ClusterObjects.NameOf(part)
        );

    /// <summary>A Deployment's number of replicas and nothing else of it, in the version that was looked at.</summary>
    internal static JsonObject Replicas(JsonObject live, int replicas) =>
        new()
        {
            ["apiVersion"] = "apps/v1",
            ["kind"] = "Deployment",
            ["metadata"] = new JsonObject
            {
                ["name"] = Marks.NameOf(live),
                ["namespace"] = Marks.Text(live["metadata"]!["namespace"]),
                ["resourceVersion"] = Marks.VersionOf(live),
            },
            ["spec"] = new JsonObject { ["replicas"] = replicas },
        };
}
