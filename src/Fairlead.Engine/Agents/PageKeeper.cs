using Fairlead.Engine.Data.Backups;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Handoffs;
using Fairlead.Engine.Operations;
using Fairlead.Engine.Responding.Drills;
using Fairlead.Engine.Responding.OnCall;
using Fairlead.Model.Agents;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Agents;

/// <summary>Writes an app's operational page anew after each of its deployments; the digest of each is a line of the journal.</summary>
/// <param name="roster">Who can be woken.</param>
public sealed class PageKeeper(IStore store, Func<Fence> fence, Func<Roster> roster, World world) : IBackgroundWork
{
    public const string Collection = "app-pages";

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    public string Name => "operational pages";

    public async Task RunAsync(CancellationToken stop)
    {
        while (true)
        {
            await LookAsync(stop);
            await Task.Delay(Pause, world.Clock, stop);
        }
    }

    /// <summary>One look at all sites.</summary>
    public async Task LookAsync(CancellationToken stop)
    {
        foreach (var document in await store.ListAsync(Records.Sites, "", stop))
        {
            var record = Records.Read<SiteRecord>(document);
            if (record.Active is not null)
            {
                continue;
            }
            var recent = await RecentAsync(store, record.Site, stop);
            var kept = await store.ReadAsync(Collection, record.Key, stop);
            if (
                recent is [{ Phase.IsOver: true } latest, ..]
                && (kept is null || Records.Read<KeptPage>(kept).Deployment != latest.Id)
            )
            {
                await WriteAsync(record.Site, stop);
            }
        }
    }

    /// <summary>The page of a site as it would be written now.</summary>
    /// <returns>Null when there is no such site.</returns>
    public async Task<KeptPage?> ComposeAsync(Site site, CancellationToken stop)
    {
        if (await store.ReadAsync(Records.Sites, site.ToString(), stop) is not { } document)
        {
            return null;
        }
        var record = Records.Read<SiteRecord>(document);
        var live = record.Live is { } number
            ? await store.ReadAsync(Records.Releases, Memory.ReleaseKey(site, number), stop)
            : null;
        var handoffs = await new HandoffBook(store, fence).AllAsync(site, stop);
        return OperationalPage.Of(
            new(
                record,
                live is null ? null : Records.Read<Release>(live),
                await RecentAsync(store, site, stop),
                [.. handoffs.Where(static one => one.State is HandoffState.Accepted)]
            )
            {
                Backups = await new BackupBook(store, fence).ListAsync(site, database: null, stop),
                Drills = await new DrillBook(store, fence).AllAsync(stop),
                Roster = roster(),
            },
            world.Now
        );
    }

    private async Task WriteAsync(Site site, CancellationToken stop)
    {
        if (await ComposeAsync(site, stop) is not { } page)
        {
            return;
        }
        await store.CommitAsync(
            new Change(fence())
            {
                Entries =
                [
                    new NewEntry(
                        site,
                        Deployment: null,
                        "page",
                        $"the operational page was written, SHA-256 {page.Digest}"
                    ),
                ],
                Writes = [new Write(Collection, site.ToString(), Records.Body(page))],
            },
            stop
        );
    }

    private static async Task<IReadOnlyList<Deployment>> RecentAsync(IStore store, Site site, CancellationToken stop) =>
        [
            .. (await store.ListAsync(Records.Deployments, $"{site}/", stop))
                .Select(Records.Read<Deployment>)
                .OrderByDescending(static one => one.RequestedAt)
                .Take(20),
        ];
}
