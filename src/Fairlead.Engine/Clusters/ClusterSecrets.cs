using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Clusters;

/// <summary>
/// Gives values of secrets to clusters, each version as an object of its own that is never changed: pods that are started again get what they
/// were started with, and those of another release what is theirs.
/// </summary>
public sealed class ClusterSecrets(IClusters clusters, ClusterSites sites, World world) : ISecretShelf
{
    // Somebody would have to have removed one by hand.
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(30);
    private static readonly ApplyAs How = new(Marks.Manager);

    private readonly Charges charges = new(sites);
    private readonly Lock gate = new();
    private DateTimeOffset seenAt = DateTimeOffset.MinValue;

    public async Task<IReadOnlyList<SecretVersion>> MissingAsync(CancellationToken stop)
    {
        lock (gate)
        {
            if (world.Now - seenAt < LookEvery)
            {
                return [];
            }
            seenAt = world.Now;
        }
        var missing = new List<SecretVersion>();
        foreach (var (site, place) in await sites.AllAsync(stop))
        {
            var cluster = clusters.Open(place.Context);
            var labels = Marks.Selector(Marks.OfSite(site));
            var there = (await cluster.ListAsync(new("v1", "Secret", place.Namespace), labels, stop))
                .Select(Marks.NameOf)
                .ToHashSet(StringComparer.Ordinal);
            var wanted =
                from deployment in await cluster.ListAsync(new("apps/v1", "Deployment", place.Namespace), labels, stop)
                where !Marks.IsGoing(deployment)
                from use in Marks.OrderOf(deployment)?.Service.Secrets ?? []
                where !there.Contains(ClusterObjects.SecretName(use.Secret, use.Version))
                select new SecretVersion(site, use.Secret, use.Version);
            missing.AddRange(wanted.Distinct());
        }
        return missing;
    }

    public async Task GiveAsync(IReadOnlyList<SecretValue> values, Fence fence, CancellationToken stop)
    {
        foreach (var value in values)
        {
            foreach (var place in await sites.OfAsync(value.Version.Site, stop))
            {
                var cluster = clusters.Open(place.Context);
                await GiveAsync(cluster, place, value, fence, stop);
            }
        }
    }

    private async Task GiveAsync(
        ICluster cluster,
        ClusterPlace place,
        SecretValue value,
        Fence fence,
        CancellationToken stop
    )
    {
        await ClusterTarget.NamespaceAsync(cluster, place.Namespace, stop);
        await charges.CheckAsync(cluster, place.Namespace, fence, stop);
        var wanted = ClusterObjects.Secret(value, place.Namespace);
        var name = new ObjectName("v1", "Secret", place.Namespace, Marks.NameOf(wanted));
        var found = await cluster.FindAsync(name, stop);
        if (found is not null && Marks.NoteOf(found, Marks.Secret) != value.Version.Label)
        {
            throw new ProblemException(ClusterProblems.NotOurs($"{name}", place.Namespace));
        }
        if (found is null)
        {
            await cluster.ApplyAsync(wanted, How, stop);
        }
    }
}
