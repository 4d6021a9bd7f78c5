using System.Text.Json.Nodes;
using Fairlead.Engine.Deploying;
using Fairlead.Model.Apps;
using Fairlead.Model.Data;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Data.Backups;

/// <summary>What is remembered of backups: those that are there, those that were tried, and those that could not be taken.</summary>
public sealed class BackupBook(IStore store, Func<Fence> fence)
{
    private const string Collection = "backups";
    private const string LogCollection = "backup-logs";
    private const int FailuresMax = 20;

    /// <summary>Of one database, newest first; of a whole site where none is named.</summary>
    public async Task<IReadOnlyList<Backup>> ListAsync(Site site, string? database, CancellationToken stop) =>
        [
            .. (await store.ListAsync(Collection, database is null ? $"{site}/" : $"{site}/{database}/", stop))
                .Select(Records.Read<Backup>)
                .OrderByDescending(static one => one.At),
        ];

    /// <summary>Remembers a backup, or what became of it, with a line in the journal.</summary>
    public async Task WriteAsync(Backup backup, string kind, string text, CancellationToken stop)
    {
        var failures = (await ListAsync(backup.Site, backup.Database, stop))
            .Where(static one => one.Digest is null)
            .Skip(FailuresMax);
        await store.CommitAsync(
            new Change(fence())
            {
                Entries =
                [
                    new NewEntry(backup.Site, Deployment: null, kind, text, new JsonObject { ["backup"] = backup.Id }),
                ],
                Writes =
                [
                    new Write(Collection, backup.Key, Records.Body(backup)),
                    .. failures
                        .Where(one => one.Id != backup.Id)
                        .Select(static one => new Write(Collection, one.Key, Body: null)),
                ],
            },
            stop
        );
    }

    /// <summary>Pieces of a database's log, in the order in which they came.</summary>
    public async Task<IReadOnlyList<LogPiece>> LogAsync(Site site, string database, CancellationToken stop) =>
        [
            .. (await store.ListAsync(LogCollection, $"{site}/{database}/", stop))
                .Select(Records.Read<LogPiece>)
                .OrderBy(static one => one.At),
        ];

    /// <summary>Remembers a piece of a log. Not a line of the journal: one would be written every few seconds, for ever.</summary>
    public Task WriteLogAsync(LogPiece piece, CancellationToken stop) =>
        store.CommitAsync(
            new Change(fence()) { Writes = [new Write(LogCollection, piece.Key, Records.Body(piece))] },
            stop
        );

    /// <summary>Forgets pieces of logs that are in no repository any more.</summary>
    public Task ForgetLogAsync(IReadOnlyList<LogPiece> gone, CancellationToken stop) =>
        store.CommitAsync(
            new Change(fence())
            {
                Writes = [.. gone.Select(static one => new Write(LogCollection, one.Key, Body: null))],
            },
            stop
        );

    /// <summary>Writes down that a log has a hole.</summary>
    public Task NoteLogAsync(Site site, Database database, Problem hole, CancellationToken stop) =>
        store.CommitAsync(
            new Change(fence())
            {
                Entries =
                [
                    new NewEntry(
                        site,
                        Deployment: null,
                        "backup-hole",
                        $"{database.Name}: {hole.What} {hole.Why} Another copy is taken."
                    ),
                ],
            },
            stop
        );

    /// <summary>Forgets what is in no repository any more.</summary>
    public Task ForgetAsync(IReadOnlyList<Backup> gone, string why, CancellationToken stop) =>
        gone.Count == 0
            ? Task.CompletedTask
            : store.CommitAsync(
                new Change(fence())
                {
                    Entries =
                    [
                        .. gone.Select(one => new NewEntry(
                            one.Site,
                            Deployment: null,
                            "backup-removed",
                            $"The backup {one.Id} of {one.Database} is gone: {why}"
                        )),
                    ],
                    Writes = [.. gone.Select(static one => new Write(Collection, one.Key, Body: null))],
                },
                stop
            );
}
