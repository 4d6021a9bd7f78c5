using System.Globalization;
using System.Security.Cryptography;
using Fairlead.Model.Apps;
using Fairlead.Model.Data;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Data.Backups;

/// <summary>What is done with copies that a log leads on from: keeps pieces of logs, and brings a moment back.</summary>
/// <param name="repositoryAsync">Where a database's backups are.</param>
/// <param name="placeAsync">Where a database is.</param>
internal sealed class PointWork(
    BackupPorts ports,
    BackupBook book,
    Func<Site, Database, CancellationToken, Task<IBackupRepository>> repositoryAsync,
    Func<Site, Database, CancellationToken, Task<DataPlace>> placeAsync
)
{
    private const string LogTag = "log";

    // The last record may be cut off where it was sent; a block of the log is 8 KiB, a record may have many.
    private const long TornBytesMax = 1024 * 1024;

    public IPointsInTime DriverOf(DatabaseKind kind) =>
        ports.Points.FirstOrDefault(one => one.Kind == kind)
        ?? throw new InvalidOperationException("The manifest takes 'points' for PostgreSQL alone.");

    /// <summary>Keeps a piece of a log.</summary>
    /// <param name="before">The one before; where it had less of the same, it may go.</param>
    /// <returns>Null where nothing came since.</returns>
    public async Task<LogPiece> KeepAsync(
        (Site Site, Database Database) of,
        (LogPlace From, byte[] Bytes, DateTimeOffset At) what,
        LogPiece? before,
        CancellationToken stop
    )
    {
        var to = what.From.At + what.Bytes.Length;
        if (before is not null && before.From == what.From && before.To == to)
        {
            var later = before with { At = what.At };
            await book.WriteLogAsync(later, stop);
            return later;
        }
        var piece = new LogPiece
        {
            Site = of.Site,
            Database = of.Database.Name,
            Id = "",
            From = what.From,
            To = to,
            At = what.At,
            Digest = Convert.ToHexStringLower(SHA256.HashData(what.Bytes)),
            Spent = before?.From == what.From ? [.. before.Spent, before.Id] : [],
        };
        var repository = await repositoryAsync(of.Site, of.Database, stop);
        var id = await repository.KeepWholeAsync(Tags(piece), what.Bytes, of.Database.Backup?.KibPerSecondMax, stop);
        piece = piece with { Id = id };
        await book.WriteLogAsync(piece, stop);
        return piece;
    }

    /// <summary>Brings a copy and its log back on a server of its own, and does something there.</summary>
    /// <param name="until">The moment; null for all there is.</param>
    /// <exception cref="ProblemException">Something of it is not there or not whole, or the moment cannot be had.</exception>
    public async Task<T> RecoveredAsync<T>(
        Database database,
        Backup backup,
        DateTimeOffset? until,
        Func<IRecoveredServer, LogChain, CancellationToken, Task<T>> act,
        CancellationToken stop
    )
    {
        var driver = DriverOf(database.Kind);
        var chain = await ChainAsync(backup, until, stop);
        var repository = await repositoryAsync(backup.Site, database, stop);
        var place = await placeAsync(backup.Site, database, stop);
        var (folder, remove) = ports.NewFolder();
        try
        {
            await ReadAsync(
                repository,
                (backup.Id, backup.Digest),
                (stream, end) => driver.UnpackAsync(folder, stream, end),
                stop
            );
            foreach (var piece in chain.Pieces)
            {
                await ReadAsync(
                    repository,
                    (piece.Id, piece.Digest),
                    (stream, end) => driver.AddAsync(folder, piece.From, stream, end),
                    stop
                );
            }
            await using var server = await driver.RecoverAsync(folder, place, until, stop);
            return until is null && server.Log.At + TornBytesMax < chain.To
                ? throw new ProblemException(StoppedEarly(server.Log, chain))
                : await act(server, chain, stop);
        }
        finally
        {
            remove();
        }
    }

    /// <summary>What leads on from a copy, as far as a moment.</summary>
    private async Task<LogChain> ChainAsync(Backup backup, DateTimeOffset? until, CancellationToken stop)
    {
        var pieces = await book.LogAsync(backup.Site, backup.Database, stop);
        var chain = LogChain.Of(backup.Log!, pieces, out var gap); // Only those with one come here.
        if (chain is null || (until is null && gap is not null))
        {
            throw new ProblemException(gap!); // What is not there has a reason.
        }
        if (until is not { } moment)
        {
            return chain;
        }
        return moment > chain.At
            ? throw new ProblemException(
                gap
                    ?? new Problem(
                        "backup.log-ends",
                        What: $"The moment {moment:u} cannot be had.",
                        Why: $"What was brought to the repository ends at {chain.At:u}.",
                        Fix: string.Create(
                            CultureInfo.InvariantCulture,
                            $"Take an earlier one: fairlead backup restore --to {chain.At.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}"
                        )
                    )
                    {
                        Trouble = Trouble.NotFound,
                    }
            )
            : chain.Until(moment);
    }

    private static Task<int> ReadAsync(
        IBackupRepository repository,
        (string Id, string? Digest) what,
        Func<Stream, CancellationToken, Task> use,
        CancellationToken stop
    ) =>
        repository.ReadAsync(
            what.Id,
            async (stream, end) =>
            {
                await using var hashing = new HashingStream(stream);
                await use(hashing, end);
                await hashing.CopyToAsync(Stream.Null, end);
                return hashing.Digest == what.Digest
                    ? 0
                    : throw new ProblemException(
                        new Problem(
                            "backup.other-bytes",
                            What: $"{what.Id} in the repository is not what was written.",
                            Why: "Other bytes came back than went there.",
                            Fix: "Do not trust this backup. Take another one and try it: fairlead backup run, fairlead backup drill"
                        )
                    );
            },
            stop
        );

    private static Dictionary<string, string> Tags(LogPiece piece) =>
        new(StringComparer.Ordinal)
        {
            ["app"] = piece.Site.App,
            ["environment"] = piece.Site.Environment,
            ["database"] = piece.Database,
            ["kind"] = LogTag,
            ["at"] = piece.At.ToString("O", CultureInfo.InvariantCulture),
            ["from"] = piece.From.ToString(),
            ["to"] = piece.To.ToString(CultureInfo.InvariantCulture),
            ["sha256"] = piece.Digest,
        };

    /// <summary>A piece as its repository knows it; null for something else.</summary>
    internal static LogPiece? Read(KeptBackup kept, Site site, string database) =>
        kept.Tags.GetValueOrDefault("kind") == LogTag
        && kept.Tags.GetValueOrDefault("app") == site.App
        && kept.Tags.GetValueOrDefault("environment") == site.Environment
        && kept.Tags.GetValueOrDefault("database") == database
        && LogPlace.TryParse(kept.Tags.GetValueOrDefault("from")) is { } from
        && long.TryParse(kept.Tags.GetValueOrDefault("to"), NumberStyles.None, CultureInfo.InvariantCulture, out var to)
        && DateTimeOffset.TryParse(kept.Tags.GetValueOrDefault("at"), CultureInfo.InvariantCulture, out var at)
        && kept.Tags.GetValueOrDefault("sha256") is { } digest
            ? new()
            {
                Site = site,
                Database = database,
                Id = kept.Id,
                From = from,
                To = to,
                At = at,
                Digest = digest,
            }
            : null;

    private static Problem StoppedEarly(LogPlace here, LogChain chain) =>
        new(
            "backup.log-broken",
            What: "The log that leads on from the backup could not be read to its end.",
            Why: $"The server stopped at {here}, and the log goes on to {here with { At = chain.To }}.",
            Fix: "Moments after it cannot be had from this backup. Take another one: fairlead backup run"
        );
}
