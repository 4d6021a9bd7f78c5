using System.Collections.Concurrent;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Operations;
using Fairlead.Model.Alerting;
using Fairlead.Model.Apps;
using Fairlead.Model.Incidents;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Responding.Incidents;

/// <summary>Finds out what is known of a site where something is wrong.</summary>
public sealed class Scenes(IStore store, World world)
{
    private const int PageMax = 1_000;

    private readonly ConcurrentDictionary<Site, (long Sequence, DateTimeOffset At)> old = new();

    /// <summary>What is known of a site now.</summary>
    public async Task<Scene> OfAsync(Site? site, CancellationToken stop)
    {
        if (site is null || await store.ReadAsync(Records.Sites, $"{site}", stop) is not { } document)
        {
            return new(null, RollbackPolicy.Never, [], world.Now);
        }
        var record = Records.Read<SiteRecord>(document);
        var live = await ReleaseAsync(site, record.Live, stop);
        return new(record, live?.Watch?.Rollback ?? RollbackPolicy.Ask, await DeploymentsAsync(site, stop), world.Now)
        {
            Runbooks = live?.Watch?.Runbooks ?? [],
        };
    }

    /// <summary>What changed there before a moment, the likeliest cause first.</summary>
    public async Task<IReadOnlyList<Suspect>> SuspectsAsync(
        Site site,
        Scene scene,
        IReadOnlyList<string> services,
        DateTimeOffset startedAt,
        CancellationToken stop
    )
    {
        var changed = new Dictionary<int, IReadOnlyList<string>>();
        foreach (var deployment in scene.Deployments.Where(one => one.Phase is DeploymentPhase.Promoted).TakeLast(10))
        {
            var before = await ReleaseAsync(site, deployment.Replaces, stop);
            var after = await ReleaseAsync(site, deployment.Release, stop);
            changed[deployment.Release] =
            [
                .. (after?.Services ?? [])
                    .Where(one => before?.Find(one.Service.Name)?.Part != one.Part)
                    .Select(static one => one.Service.Name),
            ];
        }
        var journal = await RecentAsync(site, startedAt - Suspects.Window, stop);
        return Suspects.Of(
            scene.Deployments,
            release => changed.GetValueOrDefault(release) ?? [],
            journal,
            services,
            startedAt
        );
    }

    private async Task<IReadOnlyList<JournalEntry>> RecentAsync(Site site, DateTimeOffset since, CancellationToken stop)
    {
        var found = new List<JournalEntry>();
        foreach (var place in new[] { site, AccessBook.Platform })
        {
            // A journal is read from its beginning once; later from a line that was too old the last time, and is too old now.
            var after = old.TryGetValue(place, out var known) && known.At < since ? known.Sequence : 0;
            while (true)
            {
                var page = await store.ReadJournalAsync(after, new JournalFilter(place), PageMax, stop);
                found.AddRange(page.Where(one => one.At >= since));
                if (page.LastOrDefault(one => one.At < since) is { } last)
                {
                    old[place] = (last.Sequence, last.At);
                }
                if (page.Count < PageMax)
                {
                    break;
                }
                after = page[^1].Sequence;
            }
        }
        return found;
    }

    /// <summary>All deployments there, in the order in which they were asked for.</summary>
    public async Task<IReadOnlyList<Deployment>> DeploymentsAsync(Site site, CancellationToken stop) =>
        [
            .. (await store.ListAsync(Records.Deployments, $"{site}/", stop))
                .Select(Records.Read<Deployment>)
                .OrderBy(static one => one.RequestedAt),
        ];

    private async Task<Release?> ReleaseAsync(Site site, int? release, CancellationToken stop) =>
        release is { } wanted
        && await store.ReadAsync(Records.Releases, Memory.ReleaseKey(site, wanted), stop) is { } document
            ? Records.Read<Release>(document)
            : null;
}
