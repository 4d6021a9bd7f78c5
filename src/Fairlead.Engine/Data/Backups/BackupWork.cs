using System.Globalization;
using Fairlead.Model.Apps;
using Fairlead.Model.Data;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Data.Backups;

/// <summary>Takes a backup, tries one, brings one back: each once, and says how it went.</summary>
public sealed class BackupWork
{
    private const string Whole = "sha256";
    private const int IdLetters = 8;
    private readonly BackupPorts ports;
    private readonly BackupBook book;
    private readonly World world;
    private readonly PointWork points;
    private readonly SmokeWork smoke;

    public BackupWork(BackupPorts ports, BackupBook book, World world)
    {
        (this.ports, this.book, this.world) = (ports, book, world);
        points = new(ports, book, RepositoryAsync, PlaceAsync);
        smoke = new(ports);
    }

    /// <summary>Takes one. It is remembered however it ends.</summary>
    /// <exception cref="ProblemException">It could not be taken.</exception>
    public async Task<Backup> TakeAsync(Site site, Database database, CancellationToken stop)
    {
        var at = world.Now;
        var began = world.Clock.GetTimestamp();
        var draft = new Backup
        {
            Id = world.NewId()[..IdLetters],
            Site = site,
            Database = database.Name,
            Kind = database.Kind,
            At = at,
        };
        try
        {
            var repository = await RepositoryAsync(site, database, stop);
            var place = await PlaceAsync(site, database, stop);
            var (facts, bytes, digest, log) = (new DataFacts(0, 0), 0L, "", (LogPlace?)null);
            var id = await repository.KeepAsync(
                Tags(draft),
                async (stream, end) =>
                {
                    await using var hashing = new HashingStream(stream);
                    (facts, log) = await SaveAsync(database, place, hashing, end);
                    (bytes, digest) = (hashing.Bytes, hashing.Digest);
                    return bytes == 0 ? throw new ProblemException(Empty(database)) : Ends(facts, bytes, digest, log);
                },
                database.Backup?.KibPerSecondMax,
                stop
            );
            var taken = draft with
            {
                Id = id,
                Took = world.Clock.GetElapsedTime(began),
                Bytes = bytes,
                Digest = digest,
                Facts = facts,
                Log = log,
            };
            await book.WriteAsync(
                taken,
                "backup-taken",
                $"{database.Name}: backup {id} of {bytes} bytes was taken in {taken.Took.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s",
                stop
            );
            return taken;
        }
        catch (ProblemException caught)
        {
            var failed = draft with { Took = world.Clock.GetElapsedTime(began), Problem = caught.Problem };
            await book.WriteAsync(
                failed,
                "backup-failed",
                $"{database.Name}: no backup was taken. {caught.Problem.What} {caught.Problem.Why}",
                stop
            );
            throw;
        }
    }

    private async Task<(DataFacts Facts, LogPlace? Log)> SaveAsync(
        Database database,
        DataPlace place,
        Stream into,
        CancellationToken stop
    ) =>
        database.Backup?.Points is null
            ? (await DriverOf(database.Kind).SaveAsync(place, into, stop), null)
            : await points.DriverOf(database.Kind).SaveAsync(place, into, stop);

    /// <summary>Restores a backup where nobody uses it, looks at it, and remembers what was seen. Whatever goes wrong is the drill's outcome.</summary>
    public async Task<Backup> DrillAsync(Database database, Backup backup, CancellationToken stop)
    {
        var (at, began) = (world.Now, world.Clock.GetTimestamp());
        var (restored, problem) = (new Restored(new(0, 0), []), (Problem?)null);
        var (newest, took) = (backup.At, (TimeSpan?)null);
        try
        {
            (restored, newest) = await TriedAsync(database, backup, stop);
            problem = Compared(backup, restored);
            took = world.Clock.GetElapsedTime(began);
            // How long the app takes is no part of how long a restore does.
            if (problem is null && database.Backup?.Smoke is not null)
            {
                var look = await OnCopyAsync(
                    database,
                    backup,
                    (url, end) => smoke.TryAsync((backup.Site, database), url, end),
                    stop
                );
                restored = restored with { Looks = [.. restored.Looks, look] };
            }
        }
        catch (ProblemException caught)
        {
            problem = caught.Problem;
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
        {
            problem = NoRoom(caught.Message);
        }
        var drill = Signed(
            backup,
            new()
            {
                At = at,
                Took = took ?? world.Clock.GetElapsedTime(began),
                Lost = at - newest,
                Facts = restored.Facts,
                Looks = restored.Looks,
                Problem = problem,
            }
        );
        var tried = backup with { Drill = drill };
        var seconds = drill.Took.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        await book.WriteAsync(
            tried,
            problem is null ? "backup-verified" : "backup-failed",
            problem is null
                ? $"{backup.Database}: backup {backup.Id} was restored in {seconds} s and is whole"
                : $"{backup.Database}: backup {backup.Id} is not good. {problem.What} {problem.Why}",
            stop
        );
        return tried;
    }

    /// <returns>What was seen, and the moment of the newest that came back.</returns>
    private async Task<(Restored Restored, DateTimeOffset Newest)> TriedAsync(
        Database database,
        Backup backup,
        CancellationToken stop
    )
    {
        var checks = database.Backup?.Checks ?? [];
        if (backup.Log is not null)
        {
            return await points.RecoveredAsync(
                database,
                backup,
                until: null,
                async (server, chain, end) =>
                {
                    var seen = await server.LookAsync(checks, chain.At, end);
                    var told = string.Create(
                        CultureInfo.InvariantCulture,
                        $"the log was read on from the copy in {chain.Pieces.Count} pieces, to {chain.At:u}"
                    );
                    return (seen with { Looks = [told, .. seen.Looks] }, chain.At);
                },
                stop
            );
        }
        var (folder, remove) = ports.NewFolder();
        try
        {
            var repository = await RepositoryAsync(backup.Site, database, stop);
            var restored = await repository.ReadAsync(
                backup.Id,
                async (stream, end) =>
                {
                    await using var hashing = new HashingStream(stream);
                    var seen = await DriverOf(database.Kind).TryAsync(folder, hashing, checks, backup.At, end);
                    await hashing.CopyToAsync(Stream.Null, end);
                    var (bytes, digest) = (hashing.Bytes, hashing.Digest);
                    return digest == backup.Digest ? seen : throw new ProblemException(OtherBytes(backup, bytes));
                },
                stop
            );
            return (restored, backup.At);
        }
        finally
        {
            remove();
        }
    }

    /// <summary>Brings a backup back for real, into a new place beside what is in use.</summary>
    /// <param name="into">What the new one is called, and the moment that is wanted of one that its log leads on from; null for all there is.</param>
    /// <returns>The new one's address or path, and how long it took.</returns>
    /// <exception cref="ProblemException">It cannot be put back; nothing is left of it.</exception>
    public async Task<(string Address, TimeSpan Took)> RestoreAsync(
        Database database,
        Backup backup,
        (string Name, DateTimeOffset? Until) into,
        CancellationToken stop
    )
    {
        var began = world.Clock.GetTimestamp();
        var name = into.Name;
        var place = await PlaceAsync(backup.Site, database, stop);
        var address = backup.Log is null
            ? await RestoredAsync((database, place), backup, name, stop)
            : await points.RecoveredAsync(
                database,
                backup,
                into.Until,
                (server, _, end) => server.CopyAsync(place, name, end),
                stop
            );
        var took = world.Clock.GetElapsedTime(began);
        await book.WriteAsync(
            backup,
            "backup-restored",
            $"{backup.Database}: backup {backup.Id} was restored into {name} in {took.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s",
            stop
        );
        return (address, took);
    }

    private async Task<string> RestoredAsync(
        (Database Database, DataPlace Place) of,
        Backup backup,
        string name,
        CancellationToken stop
    )
    {
        var repository = await RepositoryAsync(backup.Site, of.Database, stop);
        return await repository.ReadAsync(
            backup.Id,
            async (stream, end) =>
            {
                await using var hashing = new HashingStream(stream);
                var made = await DriverOf(of.Database.Kind).RestoreAsync(of.Place, name, hashing, end);
                await hashing.CopyToAsync(Stream.Null, end);
                var (bytes, digest) = (hashing.Bytes, hashing.Digest);
                return backup.Digest is null || digest == backup.Digest
                    ? made
                    : throw new ProblemException(OtherBytes(backup, bytes));
            },
            stop
        );
    }

    /// <summary>Does something on a copy made of a backup, which is gone afterwards.</summary>
    /// <exception cref="ProblemException">The backup cannot be put back, or its kind has no copies.</exception>
    public async Task<T> OnCopyAsync<T>(
        Database database,
        Backup backup,
        Func<string, CancellationToken, Task<T>> act,
        CancellationToken stop
    )
    {
        if (backup.Log is not null)
        {
            return await points.RecoveredAsync(
                database,
                backup,
                until: null,
                (server, _, end) => act(server.Address, end),
                stop
            );
        }
        if (DriverOf(database.Kind) is not IBackupCopies copies)
        {
            throw new ProblemException(
                new Problem(
                    "backup.no-copy",
                    What: $"There is no copy of '{database.Name}' to try something on.",
                    Why: $"Only PostgreSQL has copies, and this is {database.Kind.ToString().ToLowerInvariant()}.",
                    Fix: "Restore it beside the one in use, and try it there: fairlead backup restore"
                )
                {
                    Trouble = Trouble.WrongUse,
                }
            );
        }
        var repository = await RepositoryAsync(backup.Site, database, stop);
        var (folder, remove) = ports.NewFolder();
        try
        {
            return await repository.ReadAsync(
                backup.Id,
                (stream, end) => copies.OnCopyAsync(folder, stream, act, end),
                stop
            );
        }
        finally
        {
            remove();
        }
    }

    /// <summary>Takes up what is in the repository and was not known here, such as after a loss of the state.</summary>
    /// <returns>How many.</returns>
    public async Task<int> FindAsync(Site site, Database database, CancellationToken stop)
    {
        var known = (await book.ListAsync(site, database.Name, stop)).Select(static one => one.Id).ToHashSet();
        var found = 0;
        var pieces = (await book.LogAsync(site, database.Name, stop)).ToDictionary(static one => one.Key);
        foreach (var kept in await (await RepositoryAsync(site, database, stop)).ListAsync(stop))
        {
            // Of pieces that begin at one place the longest, and the last of those, has what the others have.
            if (
                PointWork.Read(kept, site, database.Name) is { } piece
                && (!pieces.TryGetValue(piece.Key, out var other) || other.To <= piece.To)
            )
            {
                pieces[piece.Key] = piece;
                await book.WriteLogAsync(piece, stop);
            }
            if (
                !known.Contains(kept.Id)
                && Read(kept) is { } backup
                && backup.Site == site
                && backup.Database == database.Name
            )
            {
                await book.WriteAsync(
                    backup with
                    {
                        WasFound = true,
                    },
                    "backup-found",
                    $"{database.Name}: backup {kept.Id} was found in the repository",
                    stop
                );
                found++;
            }
        }
        return found;
    }

    /// <summary>Removes what is kept long enough.</summary>
    public async Task TidyAsync(Site site, Database database, CancellationToken stop)
    {
        var there = (await book.ListAsync(site, database.Name, stop))
            .Where(static one => one.Digest is not null)
            .ToList();
        var spent = Retention.Spent(there, database.Backup ?? new(), world.Now);
        var pieces = await book.LogAsync(site, database.Name, stop);
        var gone = LogChain.Spent([.. there.Except(spent).Select(static one => one.Log).OfType<LogPlace>()], pieces);
        // Also without any: what killed writers left goes with it.
        await (await RepositoryAsync(site, database, stop)).RemoveAsync(
            [
                .. spent.Select(static one => one.Id),
                .. pieces.SelectMany(static one => one.Spent),
                .. gone.Select(static one => one.Id),
            ],
            stop
        );
        await book.ForgetAsync(spent, "it was kept long enough", stop);
        await book.ForgetLogAsync(gone, stop);
        foreach (var piece in pieces.Except(gone).Where(static one => one.Spent.Count > 0))
        {
            await book.WriteLogAsync(piece with { Spent = [] }, stop);
        }
    }

    /// <summary>Something that holds a log while it grows.</summary>
    internal LogFollower NewFollower(DatabaseKind kind) => new(points.DriverOf(kind), world);

    /// <summary>Follows a log, from where the last piece of it ended.</summary>
    internal async Task FollowAsync(Site site, Database database, LogFollower follower, CancellationToken stop)
    {
        var place = await PlaceAsync(site, database, stop);
        var now = await points.DriverOf(database.Kind).PlaceAsync(place, stop);
        var last = (await book.LogAsync(site, database.Name, stop)).LastOrDefault(one => one.From.IsOfOne(now));
        await follower.FollowAsync(place, last is null ? null : last.From with { At = last.To }, stop);
    }

    /// <summary>Where a server's log ends now.</summary>
    internal async Task<LogPlace> LogEndAsync(Site site, Database database, CancellationToken stop) =>
        await points.DriverOf(database.Kind).PlaceAsync(await PlaceAsync(site, database, stop), stop);

    /// <inheritdoc cref="PointWork.KeepAsync"/>
    internal Task<LogPiece> KeepLogAsync(
        (Site Site, Database Database) of,
        (LogPlace From, byte[] Bytes, DateTimeOffset At) what,
        LogPiece? before,
        CancellationToken stop
    ) => points.KeepAsync(of, what, before, stop);

    private IBackupDriver DriverOf(DatabaseKind kind) => ports.Drivers.First(one => one.Kind == kind);

    private async Task<IBackupRepository> RepositoryAsync(Site site, Database database, CancellationToken stop)
    {
        if (database.Backup?.Repository is not { } secret)
        {
            return ports.Repositories.Open(settings: null, password: null);
        }
        var value =
            await ports.SecretAsync(site, secret, stop) ?? throw new ProblemException(NoSecret(site, database, secret));
        return ports.Repositories.Open(new Secret(value), password: null);
    }

    private async Task<DataPlace> PlaceAsync(Site site, Database database, CancellationToken stop) =>
        new(
            database.Name,
            database.Url is { } secret
                ? await ports.SecretAsync(site, secret, stop)
                    ?? throw new ProblemException(NoSecret(site, database, secret))
                : database.Path ?? ""
        );

    private Drill Signed(Backup backup, Drill drill) =>
        ports.Signer is { } signer
            ? drill with
            {
                Signature = Convert.ToBase64String(
                    signer.Sign(System.Text.Encoding.UTF8.GetBytes(drill.Statement(backup)))
                ),
            }
            : drill;

    // Estimates are not compared closely: a server that was just filled knows its rows better.
    private static Problem? Compared(Backup backup, Restored restored) =>
        // What a log leads on from has changed since.
        backup.Log
            is null
        && restored.Facts.Things != backup.Facts.Things
            ? NotTheSame(
                $"{backup.Facts.Things} tables, keys or files were saved, and {restored.Facts.Things} came back."
            )
        : backup.Facts.Rows > 0 && restored.Facts.Rows == 0
            ? NotTheSame($"About {backup.Facts.Rows} rows were there, and none came back.")
        : null;

    private static Dictionary<string, string> Tags(Backup backup) =>
        new(StringComparer.Ordinal)
        {
            ["app"] = backup.Site.App,
            ["environment"] = backup.Site.Environment,
            ["database"] = backup.Database,
            ["kind"] = backup.Kind.ToString().ToLowerInvariant(),
            ["at"] = backup.At.ToString("O", CultureInfo.InvariantCulture),
        };

    private static Dictionary<string, string> Ends(DataFacts facts, long bytes, string digest, LogPlace? log) =>
        new(StringComparer.Ordinal)
        {
            ["log"] = log?.ToString() ?? "",
            [Whole] = digest,
            ["bytes"] = bytes.ToString(CultureInfo.InvariantCulture),
            ["things"] = facts.Things.ToString(CultureInfo.InvariantCulture),
            ["rows"] = facts.Rows.ToString(CultureInfo.InvariantCulture),
        };

    // What somebody else put into the repository is not ours.
    internal static Backup? Read(KeptBackup kept)
    {
        long Number(string tag) =>
            long.TryParse(kept.Tags.GetValueOrDefault(tag), NumberStyles.None, CultureInfo.InvariantCulture, out var n)
                ? n
                : 0;
        return
            kept.Tags.TryGetValue("app", out var app)
            && kept.Tags.TryGetValue("environment", out var environment)
            && kept.Tags.TryGetValue("database", out var database)
            && Enum.TryParse<DatabaseKind>(kept.Tags.GetValueOrDefault("kind"), ignoreCase: true, out var kind)
            && DateTimeOffset.TryParse(kept.Tags.GetValueOrDefault("at"), CultureInfo.InvariantCulture, out var at)
            && kept.Tags.TryGetValue(Whole, out var digest)
            ? new()
            {
                Id = kept.Id,
                Site = new(app, environment),
                Database = database,
                Kind = kind,
                At = at,
                Digest = digest,
                Bytes = Number("bytes"),
                Facts = new(Number("things"), Number("rows")),
                Log = LogPlace.TryParse(kept.Tags.GetValueOrDefault("log")),
            }
            : null;
    }

    private static Problem Empty(Database database) =>
        new(
            "backup.empty",
            What: $"The backup of '{database.Name}' would be empty.",
            Why: "What was to be saved gave not one byte.",
            Fix: "See that the address leads where the data is, and that its user may read it."
        );

    private static Problem OtherBytes(Backup backup, long bytes) =>
        new(
            "backup.other-bytes",
            What: $"The backup {backup.Id} is not what was written.",
            Why: $"{backup.Bytes} bytes were written and {bytes} came back, or others than those.",
            Fix: "Do not trust this backup. Take another one and try it: fairlead backup run, fairlead backup drill"
        );

    private static Problem NotTheSame(string why) =>
        new(
            "backup.not-the-same",
            What: "What was restored is not what was saved.",
            Why: why,
            Fix: "Do not trust this backup. Take another one and try it: fairlead backup run, fairlead backup drill"
        );

    private static Problem NoRoom(string why) =>
        new(
            "backup.no-room",
            What: "The backup could not be tried.",
            Why: why,
            Fix: "Make room in the state folder, which holds what is tried for a while, then: fairlead backup drill"
        );

    private static Problem NoSecret(Site site, Database database, string secret) =>
        new(
            "database.no-address",
            What: $"The database '{database.Name}' of {site.App} cannot be reached.",
            Why: $"The secret {secret} has no value in {site.Environment}.",
            Fix: $"fairlead secret set {secret} --app {site.App} --environment {site.Environment} < url.txt"
        );
}
