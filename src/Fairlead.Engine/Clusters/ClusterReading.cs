using System.Text.Json.Nodes;
using Fairlead.Model.Apps;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Clusters;

/// <summary>A replica and the pod that it is; no pod yet where that is null.</summary>
internal sealed record SeenReplica(Instance Instance, string? Pod = null, bool HasEnded = false);

/// <summary>
/// Which replicas there are. The cluster knows how many pods a part has, not which replica each is: the oldest pod is the first one,
/// as those that came last are removed first. Pure.
/// </summary>
internal static class ClusterReading
{
    /// <exception cref="ProblemException">What is said is not what a cluster says.</exception>
    public static IReadOnlyList<SeenReplica> Of(
        Site site,
        IReadOnlyList<JsonObject> deployments,
        IReadOnlyList<JsonObject> pods,
        DateTimeOffset now
    )
    {
        try
        {
            return Read(site, deployments, pods, now);
        }
        catch (InvalidOperationException caught) // A word stands where an object should.
        {
            throw new ProblemException(ClusterProblems.Strange(site, caught.Message), caught);
        }
    }

    private static IReadOnlyList<SeenReplica> Read(
        Site site,
        IReadOnlyList<JsonObject> deployments,
        IReadOnlyList<JsonObject> pods,
        DateTimeOffset now
    )
    {
        var byPart = pods.Where(IsAlive)
            .Where(pod => Marks.PartOf(pod) is not null)
            .GroupBy(pod => Marks.PartOf(pod)!)
            .ToDictionary(
                group => group.Key,
                group =>
                    group
                        .OrderBy(pod => Marks.Time(pod["metadata"]?["creationTimestamp"]))
                        .ThenBy(Marks.NameOf, StringComparer.Ordinal)
                        .ToList()
            );
        var seen = new List<SeenReplica>();
        var known = new HashSet<Part>();
        foreach (var deployment in deployments)
        {
            if (Marks.PartOf(deployment) is { } part && known.Add(part))
            {
                seen.AddRange(OfPart((site, part), deployment, byPart.GetValueOrDefault(part) ?? [], now));
            }
        }
        // Nobody keeps these any more: they are on their way out.
        foreach (var (part, orphans) in byPart.Where(one => !known.Contains(one.Key)))
        {
            seen.AddRange(orphans.Select((pod, slot) => Going(new(site, part, slot), pod)));
        }
        return [.. seen.OrderBy(one => one.Instance.Key.ToString(), StringComparer.Ordinal)];
    }

    // What ended for good stays as an object for a while; another one is in its place.
    private static bool IsAlive(JsonObject pod) => Marks.Text(pod["status"]?["phase"]) is not ("Failed" or "Succeeded");

    private static IEnumerable<SeenReplica> OfPart(
        (Site Site, Part Part) of,
        JsonObject deployment,
        List<JsonObject> pods,
        DateTimeOffset now
    )
    {
        InstanceKey Key(int slot) => new(of.Site, of.Part, slot);

        if (Marks.IsScaledByCluster(deployment) && !Marks.IsGoing(deployment))
        {
            return OfScaled(of, deployment, pods, now);
        }
        var slots = Marks.NumbersOf(deployment, Marks.Slots);
        var stopping = Marks.NumbersOf(deployment, Marks.Stopping);
        stopping.ExceptWith(slots);
        if (Marks.IsGoing(deployment))
        {
            slots.UnionWith(stopping);
            return slots.Select((slot, at) => Going(Key(slot), pods.ElementAtOrDefault(at)));
        }
        if (Marks.OrderOf(deployment) is not { } order)
        {
            return slots.Select(slot => new SeenReplica(
                new Instance
                {
                    Key = Key(slot),
                    State = InstanceState.Failed,
                    Problem = ClusterProblems.Unreadable(Key(slot)),
                }
            ));
        }
        var alive = pods.Where(pod => !Marks.IsGoing(pod)).ToList();
        var going = alive.Skip(slots.Count).Concat(pods.Where(Marks.IsGoing));
        return
        [
            .. slots.Select(
                (slot, at) =>
                    at < alive.Count
                        ? Running(Key(slot), alive[at], order.Service, now)
                        : Missing(Key(slot), deployment, order.Service, now)
            ),
            .. stopping.Zip(going).Select(pair => Going(Key(pair.First), pair.Second)),
        ];
    }

    // As many as the cluster's own autoscaler says, whatever was ordered.
    private static IEnumerable<SeenReplica> OfScaled(
        (Site Site, Part Part) of,
        JsonObject deployment,
        List<JsonObject> pods,
        DateTimeOffset now
    )
    {
        InstanceKey Key(int slot) => new(of.Site, of.Part, slot);

        if (Marks.OrderOf(deployment) is not { } order)
        {
            return
            [
                new(
                    new()
                    {
                        Key = Key(0),
                        State = InstanceState.Failed,
                        Problem = ClusterProblems.Unreadable(Key(0)),
                    }
                ),
            ];
        }
        var replicas = Marks.ReplicasOf(deployment);
        var alive = pods.Where(pod => !Marks.IsGoing(pod)).ToList();
        var wanted = Enumerable
            .Range(0, replicas)
            .Select(slot =>
                slot < alive.Count
                    ? Running(Key(slot), alive[slot], order.Service, now)
                    : Missing(Key(slot), deployment, order.Service, now)
            )
            .Select(one => one with { Instance = one.Instance with { IsScaledByTarget = true } });
        var going = alive.Skip(replicas).Concat(pods.Where(Marks.IsGoing));
        return [.. wanted, .. going.Select((pod, at) => Going(Key(replicas + at), pod))];
    }

    private static SeenReplica Running(InstanceKey key, JsonObject pod, Service service, DateTimeOffset now)
    {
        var sight = PodReading.Of(pod, key, service, now);
        return new(
            new()
            {
                Key = key,
                State = sight.State,
                Endpoint = sight.Endpoint,
                Problem = sight.Problem,
                Restarts = sight.Restarts,
            },
            sight.Pod,
            sight.HasEnded
        );
    }

    private static SeenReplica Going(InstanceKey key, JsonObject? pod) =>
        new(new() { Key = key, State = InstanceState.Stopping }, pod is null ? null : Marks.NameOf(pod));

    private static SeenReplica Missing(InstanceKey key, JsonObject deployment, Service service, DateTimeOffset now)
    {
        var refused = (deployment["status"]?["conditions"] as JsonArray)
            ?.OfType<JsonObject>()
            .FirstOrDefault(one => Marks.Text(one["type"]) is "ReplicaFailure" && Marks.Text(one["status"]) is "True");
        if (refused is null)
        {
            return new(new() { Key = key, State = InstanceState.Starting });
        }
        Problem problem = ClusterProblems.NoPods(key, Marks.Text(refused["message"]) ?? "");
        var isLate = Marks.Time(refused["lastTransitionTime"]) is { } since && now - since >= service.Health.StartGrace;
        return new(
            new()
            {
                Key = key,
                State = isLate ? InstanceState.Failed : InstanceState.Starting,
                Problem = problem,
            }
        );
    }
}
