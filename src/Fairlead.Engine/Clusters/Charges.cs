using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Clusters;

/// <summary>
/// Who is in charge of a namespace: an object there says the highest fence. Whoever takes charge also touches everything of ours, so
/// that a change which an earlier server had begun meets another version than it looked at, and fails.
/// </summary>
internal sealed class Charges(ClusterSites sites)
{
    public const string ObjectName = "fairlead-charge";
    private const int TriesMax = 5;

    private static readonly ApplyAs How = new(Marks.Manager) { TakesOver = true };

    private readonly ConcurrentDictionary<(string Cluster, string Namespace), Fence> taken = new();

    /// <summary>Takes charge of a namespace, once for each fence, before anything in it is looked at.</summary>
    /// <exception cref="FencedException">Another server is in charge.</exception>
    public async Task TakeAsync(ICluster cluster, string space, Fence fence, CancellationToken stop)
    {
        if (taken.TryGetValue((cluster.Name, space), out var known) && known == fence)
        {
            return;
        }
        await CheckAsync(cluster, space, fence, stop);
        foreach (var one in await cluster.ListAsync(new("apps/v1", "Deployment", space), Selector, stop))
        {
            await cluster.AnnotateAsync(
                new("apps/v1", "Deployment", space, Marks.NameOf(one)),
                new Dictionary<string, string?> { [Marks.Charge] = fence.ToString() },
                stop
            );
        }
        taken[(cluster.Name, space)] = fence;
    }

    /// <summary>To be called before each effect. Where nobody has charge yet, we take it.</summary>
    /// <exception cref="FencedException">Another server is in charge.</exception>
    /// <exception cref="ProblemException">Another Fairlead is.</exception>
    public async Task CheckAsync(ICluster cluster, string space, Fence fence, CancellationToken stop)
    {
        var owner = await sites.OwnerAsync(fence, stop);
        // Others of this server may say the same at the same moment.
        for (var tries = 0; tries < TriesMax; tries++)
        {
            if (await IsOursAsync(cluster, space, (owner, fence), stop))
            {
                return;
            }
        }
        throw new ProblemException(ClusterProblems.Overtaken($"ConfigMap {space}/{ObjectName}"));
    }

    /// <returns>False when it was changed meanwhile.</returns>
    private static async Task<bool> IsOursAsync(
        ICluster cluster,
        string space,
        (string Owner, Fence Fence) us,
        CancellationToken stop
    )
    {
        var seen = await cluster.FindAsync(new("v1", "ConfigMap", space, ObjectName), stop);
        if (seen is null && await cluster.FindAsync(new("v1", "Namespace", null, space), stop) is null)
        {
            return true; // Nothing is there to be in charge of.
        }
        var highest = long.TryParse(
            Marks.Text(seen?["data"]?["fence"]),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var number
        )
            ? number
            : 0;
        if (Marks.Text(seen?["data"]?["owner"]) is { } other && other != us.Owner)
        {
            throw new ProblemException(ClusterProblems.OtherFairlead(space));
        }
        if (highest > us.Fence.Number)
        {
            throw new FencedException(us.Fence, new(highest));
        }
        if (seen is not null && highest == us.Fence.Number)
        {
            return true;
        }
        var wanted = ClusterObjects.Object(
            "v1",
            "ConfigMap",
            ObjectName,
            space,
            new Dictionary<string, string> { [Marks.ManagedBy] = Marks.Manager }
        );
        if (seen is not null)
        {
            wanted["metadata"]!["resourceVersion"] = Marks.VersionOf(seen);
        }
        wanted["data"] = new JsonObject { ["owner"] = us.Owner, ["fence"] = us.Fence.ToString() };
        return await cluster.ApplyAsync(wanted, How, stop) is not null;
    }

    private static string Selector { get; } =
        Marks.Selector(new Dictionary<string, string> { [Marks.ManagedBy] = Marks.Manager });
}
