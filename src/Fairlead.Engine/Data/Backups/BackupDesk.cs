using Fairlead.Engine.Deploying;
using Fairlead.Model.Apps;
using Fairlead.Model.Data;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;
using Fairlead.Model.Telemetry;
using Microsoft.Extensions.Logging;

namespace Fairlead.Engine.Data.Backups;

/// <summary>Sees to it that what manifests promise of data is kept: backups in time, drills in time, nothing kept too long.</summary>
/// <param name="points">Brings logs along, where any moment shall be had.</param>
public sealed class BackupDesk(
    (IStore Store, BackupBook Book) kept,
    BackupWork work,
    PointDesk points,
    World world,
    ILogger<BackupDesk> log
) : IBackgroundWork
{
    private readonly IStore store = kept.Store;
    private readonly BackupBook book = kept.Book;
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RetryMin = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RetryMax = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan TidyEvery = TimeSpan.FromHours(6);

    // One at a time for each database, whether a clock or a person asks.
    private readonly Dictionary<string, SemaphoreSlim> turns = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> tidied = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> tried = new(StringComparer.Ordinal);
    private IReadOnlyList<(
        Site Site,
        Database Database,
        IReadOnlyList<Backup> Backups,
        DateTimeOffset? LogAt
    )> sights = [];

    public string Name => "backups";

    public BackupBook Book => book;

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var seen = new List<(Site, Database, IReadOnlyList<Backup>, DateTimeOffset?)>();
            var live = await LiveAsync(stop);
            await points.FollowAsync(live, stop);
            foreach (var (site, database) in live)
            {
                try
                {
                    await KeepAsync(site, database, stop);
                }
                catch (ProblemException caught)
                {
                    Log.NotKept(log, site, database.Name, caught.Problem.What, caught.Problem.Why);
                }
                seen.Add(await SeenAsync(site, database, stop));
            }
            sights = seen;
            await Task.Delay(Look, world.Clock, stop);
        }
    }

    /// <summary>Takes a backup now.</summary>
    /// <exception cref="ProblemException">It could not be taken.</exception>
    public Task<Backup> TakeAsync(Site site, Database database, CancellationToken stop) =>
        InTurnAsync(
            site,
            database,
            async () =>
            {
                if (database.Backup?.Points is null)
                {
                    return await work.TakeAsync(site, database, stop);
                }
                // The log first: a copy is worth nothing without what was written while it was made.
                await points.ReadyAsync(site, database, stop);
                var taken = await work.TakeAsync(site, database, stop);
                await points.ShipAsync(site, database, stop);
                return taken;
            },
            stop
        );

    /// <summary>Tries a backup now.</summary>
    public Task<Backup> DrillAsync(Site site, Database database, Backup backup, CancellationToken stop) =>
        InTurnAsync(site, database, () => work.DrillAsync(database, backup, stop), stop);

    /// <inheritdoc cref="BackupWork.RestoreAsync"/>
    public Task<(string Address, TimeSpan Took)> RestoreAsync(
        Site site,
        Database database,
        (Backup Backup, string Name, DateTimeOffset? Until) what,
        CancellationToken stop
    ) =>
        InTurnAsync(
            site,
            database,
            async () =>
            {
                if (what.Backup.Log is not null)
                {
                    await TryShipAsync(site, database, stop);
                }
                return await work.RestoreAsync(database, what.Backup, (what.Name, what.Until), stop);
            },
            stop
        );

    // What is still to be had of a server that is in use. One that is lost is what restores are for.
    private async Task TryShipAsync(Site site, Database database, CancellationToken stop)
    {
        try
        {
            await points.ShipAsync(site, database, stop);
        }
        catch (ProblemException caught)
        {
            Log.NotShipped(log, site, database.Name, caught.Problem.What, caught.Problem.Why);
        }
    }

    /// <inheritdoc cref="BackupWork.OnCopyAsync"/>
    public Task<T> OnCopyAsync<T>(
        Database database,
        Backup backup,
        Func<string, CancellationToken, Task<T>> act,
        CancellationToken stop
    ) => work.OnCopyAsync(database, backup, act, stop);

    /// <inheritdoc cref="BackupWork.FindAsync"/>
    public Task<int> FindAsync(Site site, Database database, CancellationToken stop) =>
        InTurnAsync(site, database, () => work.FindAsync(site, database, stop), stop);

    /// <summary>Databases of all live releases that are saved.</summary>
    public async Task<IReadOnlyList<(Site Site, Database Database)>> LiveAsync(CancellationToken stop)
    {
        var live = new List<(Site, Database)>();
        foreach (var document in await store.ListAsync(Records.Sites, "", stop))
        {
            var record = Records.Read<SiteRecord>(document);
            if (
                record.Live is { } number
                && await store.ReadAsync(Records.Releases, Memory.ReleaseKey(record.Site, number), stop) is { } release
            )
            {
                live.AddRange(
                    (Records.Read<Release>(release).Databases ?? [])
                        .Where(static one => one.Backup is not null)
                        .Select(one => (record.Site, one))
                );
            }
        }
        return live;
    }

    /// <summary>Adds how backups stand.</summary>
    public void Measure(MetricPage page)
    {
        foreach (var (site, database, backups, logAt) in sights)
        {
            (string, string)[] labels =
            [
                ("app", site.App),
                ("environment", site.Environment),
                ("database", database.Name),
            ];
            var rules = database.Backup!; // Only those are seen.
            var taken = backups.FirstOrDefault(static one => one.Digest is not null);
            var proven = backups.FirstOrDefault(static one => one.Drill is { Problem: null });
            page.Gauge(
                "fairlead_backup_last_success_timestamp_seconds",
                "When the newest backup was taken, or of which moment the newest of its log is; 0 for never.",
                Seconds(logAt ?? taken?.At),
                labels
            );
            page.Gauge(
                "fairlead_backup_verified_timestamp_seconds",
                "When a backup was last restored and found whole; 0 for never.",
                Seconds(proven?.Drill!.At),
                labels
            );
            page.Gauge(
                "fairlead_backup_last_failed",
                "1 while the newest attempt to take or restore a backup failed.",
                backups is [{ Problem: not null } or { Drill.Problem: not null }, ..] ? 1 : 0,
                labels
            );
            MeasureRules(page, rules, proven, labels);
        }
    }

    private static void MeasureRules(MetricPage page, BackupRules rules, Backup? proven, (string, string)[] labels)
    {
        page.Gauge(
            "fairlead_backup_rpo_seconds",
            "How old the newest backup may be.",
            (rules.Rpo ?? rules.Every * 3).TotalSeconds,
            labels
        );
        page.Gauge(
            "fairlead_backup_drill_interval_seconds",
            "How often a backup is to be restored.",
            rules.DrillEvery.TotalSeconds,
            labels
        );
        if (rules.Rto is { } rto)
        {
            page.Gauge("fairlead_backup_rto_seconds", "How long a restore may take.", rto.TotalSeconds, labels);
        }
        if (proven?.Drill is { } drill)
        {
            page.Gauge(
                "fairlead_backup_restore_seconds",
                "How long the newest good drill took.",
                drill.Took.TotalSeconds,
                labels
            );
            page.Gauge(
                "fairlead_backup_size_bytes",
                "Of the newest one that was restored, before compression.",
                proven.Bytes,
                labels
            );
        }
    }

    private async Task<(Site, Database, IReadOnlyList<Backup>, DateTimeOffset?)> SeenAsync(
        Site site,
        Database database,
        CancellationToken stop
    )
    {
        var backups = await book.ListAsync(site, database.Name, stop);
        var pieces = await book.LogAsync(site, database.Name, stop);
        var chain = backups.FirstOrDefault(static one => one.Digest is not null) is { Log: { } from }
            ? LogChain.Of(from, pieces, out _)
            : null;
        return (site, database, backups, chain?.At);
    }

    private async Task KeepAsync(Site site, Database database, CancellationToken stop)
    {
        var rules = database.Backup!; // Only those are kept.
        var key = $"{site}/{database.Name}";
        var backups = await book.ListAsync(site, database.Name, stop);
        if (IsDue(backups, rules, key) || await IsCutOffAsync(site, database, backups, stop))
        {
            tried[key] = world.Now;
            await TakeAsync(site, database, stop);
            backups = await book.ListAsync(site, database.Name, stop);
        }
        var newest = backups.FirstOrDefault(static one => one.Digest is not null);
        var drilled = backups
            .Where(static one => one.Drill is not null)
            .Select(static one => one.Drill!.At)
            .DefaultIfEmpty(DateTimeOffset.MinValue)
            .Max();
        if (newest is { Drill: null } && world.Now - drilled >= rules.DrillEvery)
        {
            await DrillAsync(site, database, newest, stop);
        }
        if (world.Now - tidied.GetValueOrDefault(key) >= TidyEvery)
        {
            tidied[key] = world.Now;
            await InTurnAsync(
                site,
                database,
                async () =>
                {
                    await work.TidyAsync(site, database, stop);
                    return 0;
                },
                stop
            );
        }
    }

    // Any moment shall be had, and from the newest copy the log does not lead to now.
    private async Task<bool> IsCutOffAsync(
        Site site,
        Database database,
        IReadOnlyList<Backup> backups,
        CancellationToken stop
    )
    {
        if (
            database.Backup?.Points is null
            || world.Now - tried.GetValueOrDefault($"{site}/{database.Name}") < RetryMin
        )
        {
            return false;
        }
        var newest = backups.FirstOrDefault(static one => one.Digest is not null);
        if (newest is not { Log: { } log })
        {
            return true;
        }
        _ = LogChain.Of(log, await book.LogAsync(site, database.Name, stop), out var gap);
        return gap is not null;
    }

    // After one that failed it is tried again sooner, but not at once: what is wrong may be that the database is busy.
    private bool IsDue(IReadOnlyList<Backup> backups, BackupRules rules, string key)
    {
        var last = backups
            .Where(static one => one.Digest is not null)
            .Select(static one => one.At)
            .DefaultIfEmpty(DateTimeOffset.MinValue)
            .Max();
        var pause = TimeSpan.FromTicks(Math.Clamp(rules.Every.Ticks / 4, RetryMin.Ticks, RetryMax.Ticks));
        return world.Now - last >= rules.Every && world.Now - tried.GetValueOrDefault(key) >= pause;
    }

    private async Task<T> InTurnAsync<T>(Site site, Database database, Func<Task<T>> act, CancellationToken stop)
    {
        SemaphoreSlim? turn;
        lock (turns)
        {
            if (!turns.TryGetValue($"{site}/{database.Name}", out turn))
            {
                turns[$"{site}/{database.Name}"] = turn = new(1);
            }
        }
        await turn.WaitAsync(stop);
        try
        {
            return await act();
        }
        finally
        {
            turn.Release();
        }
    }

    private static double Seconds(DateTimeOffset? at) => at?.ToUnixTimeSeconds() ?? 0;
}
