using System.Collections.Concurrent;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Secrets;
using Fairlead.Model.Apps;
using Fairlead.Model.Data;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;
using Fairlead.Model.Security;
using Fairlead.Model.Telemetry;
using Microsoft.Extensions.Logging;

namespace Fairlead.Engine.Data.Serving;

/// <summary>What databases that Fairlead runs need of the world.</summary>
/// <param name="Servers">One for each kind that is run here.</param>
/// <param name="FreePort">A port of loopback at which nobody listens.</param>
/// <param name="NewPassword">Made by chance that nobody can guess, of letters and digits.</param>
public sealed record DatabasePorts(
    IStore Store,
    Func<Fence> Fence,
    IReadOnlyList<IDatabaseServer> Servers,
    Func<int> FreePort,
    Func<string> NewPassword
);

/// <summary>
/// Databases that Fairlead runs itself: made before the first deployment that names them, kept running whatever else is deployed, and gone only a week after
/// somebody who may said so.
/// </summary>
public sealed class DatabaseDesk(DatabasePorts ports, Vault vault, World world, ILogger<DatabaseDesk> log)
    : IBackgroundWork
{
    /// <summary>The store's collection, each under <c>app/environment/name</c>.</summary>
    public const string Collection = "databases";

    /// <summary>Where the version of a secret comes from that Fairlead made for a database.</summary>
    public const string Origin = "provided";

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan RetryMax = TimeSpan.FromMinutes(1);

    // One at a time for each: a deployment makes what the loop would start.
    private readonly ConcurrentDictionary<string, SemaphoreSlim> turns = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Sight> sights = new(StringComparer.Ordinal);

    public string Name => "databases";

    /// <summary>All of them, those that are to go too.</summary>
    public async Task<IReadOnlyList<(ProvidedDatabase Database, ServerState State, string? Why)>> ListAsync(
        Site? site,
        CancellationToken stop
    ) =>
        [
            .. (await RecordsAsync(site, stop)).Select(one =>
                one.RemovedAfter is not null ? (one, ServerState.Removed, null)
                : sights.GetValueOrDefault(one.Key) is { } sight
                    ? (one, sight.Problem is null ? ServerState.Ready : ServerState.Down, sight.Problem?.Why)
                : (one, ServerState.Unknown, (string?)null)
            ),
        ];

    /// <summary>Sees to it that what a release names is there and answers, before anything of the release is started.</summary>
    /// <exception cref="ProblemException">One cannot be made or started, or its secret has a value of somebody's own.</exception>
    public async Task EnsureAsync(Site site, IReadOnlyList<Database>? databases, CancellationToken stop)
    {
        foreach (var database in (databases ?? []).Where(static one => one.Provided is not null))
        {
            await InTurnAsync(
                ProvidedDatabase.KeyOf(site, database.Name),
                async () =>
                {
                    var record = await FindAsync(site, database.Name, stop);
                    if (record is null)
                    {
                        await MakeAsync(site, database, stop);
                    }
                    else if (record.FailingOverSince is null)
                    {
                        await KeepAsync(await AsSaidAsync(record, database, stop), stop);
                    }
                },
                stop
            );
        }
    }

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            foreach (var record in await RecordsAsync(site: null, stop))
            {
                if (sights.GetValueOrDefault(record.Key) is { Problem: not null } sight && world.Now < sight.Again)
                {
                    continue;
                }
                await InTurnAsync(record.Key, () => LookAfterAsync(record.Site, record.Name, stop), stop);
            }
            await Task.Delay(Look, world.Clock, stop);
        }
    }

    /// <summary>Lets a database go: it stands still at once, and its data goes in a week.</summary>
    /// <exception cref="ProblemException">There is none of that name, or a live release names it.</exception>
    public Task<ProvidedDatabase> RemoveAsync(Site site, string name, string by, CancellationToken stop) =>
        ChangeAsync(
            (site, name),
            async record =>
            {
                await ThrowIfInUseAsync(site, name, stop);
                var gone = record with { RemovedAfter = record.RemovedAfter ?? world.Now + DatabaseLife.Tombstone };
                await CommitAsync(
                    gone,
                    "database-removing",
                    $"{by} lets the database {name} go after {gone.RemovedAfter:u}",
                    stop
                );
                await StopAsync(record, stop);
                return gone;
            },
            stop
        );

    /// <summary>Makes a database anew whose data is lost: empty, at the same address, so that a backup can be brought back into it.</summary>
    /// <exception cref="ProblemException">There is none of that name, its data is there, or its secret leads elsewhere by now.</exception>
    public Task<ProvidedDatabase> RemakeAsync(Site site, string name, string by, CancellationToken stop) =>
        ChangeAsync(
            (site, name),
            async record =>
            {
                var server = ServerOf(record.Kind);
                if (!await IsGoneAsync(record, stop))
                {
                    throw new ProblemException(DatabaseProblems.NotGone(site, name));
                }
                var password = await PasswordAsync(record, stop);
                if (password is null)
                {
                    throw new ProblemException(DatabaseProblems.SecretTaken(site, name, record.Url));
                }
                var sight = await server.EnsureAsync(OrderOf(record) with { Password = password }, stop);
                record = record with { Version = sight.Version, RemovedAfter = null, FailingOverSince = null };
                await CommitAsync(record, "database-made", $"{by} had {name} made anew: it is empty", stop);
                sights[record.Key] = new(record, Problem: null, default, TimeSpan.Zero);
                return record;
            },
            stop
        );

    /// <summary>Removes all databases of a site at once, with their data: of a preview that ended.</summary>
    public async Task ForgetAsync(Site site, CancellationToken stop)
    {
        foreach (var record in await RecordsAsync(site, stop))
        {
            await InTurnAsync(record.Key, () => GoneAsync(record, stop), stop);
        }
    }

    /// <exception cref="ProblemException">A live release names it.</exception>
    public async Task ThrowIfInUseAsync(Site site, string name, CancellationToken stop)
    {
        if (await IsNamedAsync(site, name, stop))
        {
            throw new ProblemException(DatabaseProblems.InUse(site, name));
        }
    }

    /// <summary>Lets the server that follows take the place of the other, which never writes again.</summary>
    /// <returns>The database, and how long nobody could write to it.</returns>
    /// <exception cref="ProblemException">None follows; or it did not come up yet, and is gone on with.</exception>
    public async Task<(ProvidedDatabase Database, TimeSpan Took)> FailOverAsync(
        Site site,
        string name,
        string by,
        CancellationToken stop
    )
    {
        var began = world.Clock.GetTimestamp();
        var done = await ChangeAsync(
            (site, name),
            async record =>
            {
                if (
                    record is not { RemovedAfter: null, StandbyPort: not null }
                    || ServerOf(record.Kind) is not IStandbyServer standby
                    || (record.FailingOverSince is null && !standby.HasStandby(OrderOf(record)))
                )
                {
                    throw new ProblemException(DatabaseProblems.NoStandby(site, name));
                }
                if (record.FailingOverSince is null)
                {
                    // Remembered first: whatever is killed, it is gone on with, and nobody starts the old one again.
                    record = record with
                    {
                        FailingOverSince = world.Now,
                    };
                    await CommitAsync(
                        record,
                        "database-failover",
                        $"{by} lets the standby of {name} take its place",
                        stop
                    );
                }
                return await GoOnAsync(record, standby, stop);
            },
            stop
        );
        return (done, world.Clock.GetElapsedTime(began));
    }

    /// <summary>Keeps a database that was to go.</summary>
    /// <exception cref="ProblemException">There is none of that name any more.</exception>
    public Task<ProvidedDatabase> KeepAgainAsync(Site site, string name, string by, CancellationToken stop) =>
        ChangeAsync(
            (site, name),
            async record =>
            {
                var kept = record with { RemovedAfter = null };
                await CommitAsync(kept, "database-kept", $"{by} keeps the database {name}", stop);
                return kept;
            },
            stop
        );

    /// <summary>Adds how they stand.</summary>
    public void Measure(MetricPage page)
    {
        foreach (var sight in sights.Values)
        {
            page.Gauge(
                "fairlead_database_up",
                "1 while a database that Fairlead runs answers.",
                sight.Problem is null ? 1 : 0,
                [
                    ("app", sight.Database.Site.App),
                    ("environment", sight.Database.Site.Environment),
                    ("database", sight.Database.Name),
                    ("kind", sight.Database.Kind.ToString().ToLowerInvariant()),
                ]
            );
        }
    }

    private async Task MakeAsync(Site site, Database database, CancellationToken stop)
    {
        var secret = database.Url!; // What is provided has one.
        var server = ServerOf(database.Kind);
        var (port, password) = await AddressAsync(site, database, server, stop);
        var record = new ProvidedDatabase
        {
            Site = site,
            Name = database.Name,
            Kind = database.Kind,
            Url = secret,
            Port = port,
            ConnectionsMax = database.Provided!.ConnectionsMax,
            StandbyPort = database.Provided.HasStandby ? ports.FreePort() : null,
            MadeAt = world.Now,
        };
        var sight = await server.EnsureAsync(OrderOf(record) with { Password = new(password) }, stop);
        record = record with { Version = sight.Version };
        await CommitAsync(
            record,
            "database-made",
            $"{database.Name}: a {Word(database.Kind)} {sight.Version} was made at 127.0.0.1:{port}; its address is the secret {secret}",
            stop
        );
        sights[record.Key] = new(record, Problem: null, default, TimeSpan.Zero);
    }

    // The secret is first: killed before the server is made, the next one goes on with the same address.
    private async Task<(int Port, string Password)> AddressAsync(
        Site site,
        Database database,
        IDatabaseServer server,
        CancellationToken stop
    )
    {
        var secret = database.Url!; // What is provided has one.
        if (await vault.FindAsync(site, secret, stop) is { Newest: { } newest } known)
        {
            var value = newest.Origin == Origin ? (await vault.OpenAsync(known, newest, stop)).Reveal() : "";
            return
                Uri.TryCreate(value, UriKind.Absolute, out var address)
                && address.UserInfo.Split(':') is [_, var kept]
                && server.AddressOf(address.Port, kept) == value
                ? (address.Port, kept)
                : throw new ProblemException(DatabaseProblems.SecretTaken(site, database.Name, secret));
        }
        var (port, password) = (database.Provided!.Port ?? ports.FreePort(), ports.NewPassword());
        await vault.AddAsync(
            (site, secret),
            new Secret(server.AddressOf(port, password)),
            ("fairlead", Origin),
            change: null,
            stop
        );
        return (port, password);
    }

    // Of what a manifest says of a server that is there only the connections can change; the rest would be another server.
    private async Task<ProvidedDatabase> AsSaidAsync(ProvidedDatabase record, Database database, CancellationToken stop)
    {
        if (DatabaseLife.Conflict(record, database) is { } conflict)
        {
            throw new ProblemException(conflict);
        }
        var said = record with
        {
            ConnectionsMax = database.Provided!.ConnectionsMax,
            StandbyPort = database.Provided.HasStandby ? record.StandbyPort ?? ports.FreePort() : null,
            RemovedAfter = null,
        };
        if (said == record)
        {
            return record;
        }
        await CommitAsync(
            said,
            record.RemovedAfter is null ? "database-changed" : "database-kept",
            record.RemovedAfter is null
                ? $"{record.Name}: takes {said.ConnectionsMax} connections, from its next start on"
                : $"{record.Name}: a release names it again, so it stays",
            stop
        );
        return said;
    }

    private async Task LookAfterAsync(Site site, string name, CancellationToken stop)
    {
        // Read again: somebody may have changed it while it was waited for.
        if (await FindAsync(site, name, stop) is not { } record)
        {
            return;
        }
        try
        {
            if (record.RemovedAfter is null)
            {
                if (record.FailingOverSince is not null && ServerOf(record.Kind) is IStandbyServer standby)
                {
                    record = await GoOnAsync(record, standby, stop);
                }
                await KeepAsync(record, stop);
                await FollowedAsync(record, stop);
                return;
            }
            sights.TryRemove(record.Key, out _);
            if (DatabaseLife.IsOver(record, world.Now))
            {
                await GoneAsync(record, stop);
            }
            else
            {
                await StopAsync(record, stop);
            }
        }
        catch (ProblemException caught)
        {
            Log.NotKept(log, record.Site, record.Name, caught.Problem.What, caught.Problem.Why);
        }
    }

    private async Task GoneAsync(ProvidedDatabase record, CancellationToken stop)
    {
        await ServerOf(record.Kind).RemoveAsync(OrderOf(record), stop);
        sights.TryRemove(record.Key, out _);
        await ports.Store.CommitAsync(
            new Change(ports.Fence())
            {
                Entries = [new NewEntry(record.Site, null, "database-removed", $"The data of {record.Name} is gone")],
                Writes = [new Write(Collection, record.Key, Body: null)],
            },
            stop
        );
    }

    private async Task<bool> IsGoneAsync(ProvidedDatabase record, CancellationToken stop)
    {
        try
        {
            await ServerOf(record.Kind).EnsureAsync(OrderOf(record), stop);
            return false;
        }
        catch (ProblemException caught) when (caught.Problem.Code == "database.data-gone")
        {
            return true;
        }
    }

    /// <returns>Null where the secret is no address of this server any more.</returns>
    private async Task<Secret?> PasswordAsync(ProvidedDatabase record, CancellationToken stop) =>
        Uri.TryCreate(await vault.NewestAsync(record.Site, record.Url, stop), UriKind.Absolute, out var address)
        && address.IsLoopback
        && address.Port == record.Port
        && address.UserInfo.Split(':') is [_, { Length: >= Secret.CharsMin } said]
            ? new(said)
            : null;

    private async Task KeepAsync(ProvidedDatabase record, CancellationToken stop)
    {
        try
        {
            var sight = await ServerOf(record.Kind).EnsureAsync(OrderOf(record), stop);
            if (sight.WasStarted || sight.Version != record.Version)
            {
                record = record with { Version = sight.Version };
                await CommitAsync(
                    record,
                    "database-started",
                    $"{record.Name}: {Word(record.Kind)} {sight.Version} was started at 127.0.0.1:{record.Port}",
                    stop
                );
            }
            sights[record.Key] = new(record, Problem: null, default, TimeSpan.Zero);
        }
        catch (ProblemException caught)
        {
            var pause = DatabaseLife.Pause(
                sights.GetValueOrDefault(record.Key)?.Pause ?? TimeSpan.Zero,
                Look,
                RetryMax
            );
            sights[record.Key] = new(record, caught.Problem, world.Now + pause, pause);
            throw;
        }
    }

    private async Task<ProvidedDatabase> GoOnAsync(
        ProvidedDatabase record,
        IStandbyServer standby,
        CancellationToken stop
    )
    {
        await standby.FailOverAsync(OrderOf(record), record.StandbyPort!.Value, stop); // Only those with one begin.
        var since = record.FailingOverSince ?? world.Now;
        var done = record with { FailingOverSince = null };
        await CommitAsync(
            done,
            "database-failover",
            string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"{record.Name}: its standby answers in its place after {(world.Now - since).TotalSeconds:0.0} s; the old one was put aside"
            ),
            stop
        );
        sights[record.Key] = new(done, Problem: null, default, TimeSpan.Zero);
        return done;
    }

    // One that cannot follow harms nobody: it is told, and tried again.
    private async Task FollowedAsync(ProvidedDatabase record, CancellationToken stop)
    {
        if (ServerOf(record.Kind) is not IStandbyServer standby)
        {
            return;
        }
        try
        {
            if (record.StandbyPort is not { } port)
            {
                if (standby.HasStandby(OrderOf(record)))
                {
                    await standby.EndStandbyAsync(OrderOf(record), stop);
                }
                return;
            }
            await standby.EnsureStandbyAsync(
                OrderOf(record) with
                {
                    Password = await PasswordAsync(record, stop),
                },
                port,
                stop
            );
        }
        catch (ProblemException caught)
        {
            Log.NotFollowed(log, record.Site, record.Name, caught.Problem.What, caught.Problem.Why);
        }
    }

    private async Task<bool> IsNamedAsync(Site site, string name, CancellationToken stop)
    {
        if (await ports.Store.ReadAsync(Records.Sites, site.ToString(), stop) is not { } document)
        {
            return false;
        }
        return Records.Read<SiteRecord>(document).Live is { } number
            && await ports.Store.ReadAsync(Records.Releases, Memory.ReleaseKey(site, number), stop) is { } release
            && Records.Read<Release>(release) is { Services.Count: > 0 } live
            && live.Databases?.Any(one => one.Name == name && one.Provided is not null) is true;
    }

    private async Task<ProvidedDatabase> ChangeAsync(
        (Site Site, string Name) of,
        Func<ProvidedDatabase, Task<ProvidedDatabase>> change,
        CancellationToken stop
    )
    {
        ProvidedDatabase? changed = null;
        await InTurnAsync(
            ProvidedDatabase.KeyOf(of.Site, of.Name),
            async () =>
                changed = await change(
                    await FindAsync(of.Site, of.Name, stop)
                        ?? throw new ProblemException(DatabaseProblems.Unknown(of.Site, of.Name))
                ),
            stop
        );
        return changed!; // It was changed, or something was thrown.
    }

    private async Task InTurnAsync(string key, Func<Task> act, CancellationToken stop)
    {
        var turn = turns.GetOrAdd(key, static _ => new(1));
        await turn.WaitAsync(stop);
        try
        {
            await act();
        }
        finally
        {
            turn.Release();
        }
    }

    private Task StopAsync(ProvidedDatabase record, CancellationToken stop) =>
        ServerOf(record.Kind).StopAsync(OrderOf(record), stop);

    private Task<IReadOnlyList<JournalEntry>> CommitAsync(
        ProvidedDatabase record,
        string kind,
        string text,
        CancellationToken stop
    ) =>
        ports.Store.CommitAsync(
            new Change(ports.Fence())
            {
                Entries = [new NewEntry(record.Site, Deployment: null, kind, text)],
                Writes = [new Write(Collection, record.Key, Records.Body(record))],
            },
            stop
        );

    private async Task<IReadOnlyList<ProvidedDatabase>> RecordsAsync(Site? site, CancellationToken stop) =>
        [
            .. (await ports.Store.ListAsync(Collection, site is null ? "" : $"{site}/", stop)).Select(
                Records.Read<ProvidedDatabase>
            ),
        ];

    private async Task<ProvidedDatabase?> FindAsync(Site site, string name, CancellationToken stop) =>
        await ports.Store.ReadAsync(Collection, ProvidedDatabase.KeyOf(site, name), stop) is { } document
            ? Records.Read<ProvidedDatabase>(document)
            : null;

    private IDatabaseServer ServerOf(DatabaseKind kind) => ports.Servers.First(one => one.Kind == kind);

    private static ServerOrder OrderOf(ProvidedDatabase record) =>
        new(record.Key, record.Port, record.ConnectionsMax, Password: null);

    private static string Word(DatabaseKind kind) => kind.ToString().ToLowerInvariant();

    /// <param name="Again">When it is tried again.</param>
    private sealed record Sight(ProvidedDatabase Database, Problem? Problem, DateTimeOffset Again, TimeSpan Pause);
}
