using System.ComponentModel;
using Fairlead.Engine.Data.Backups;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Says that a backup shall go. It goes after a week, and can be brought back until then.</summary>
public static class RemoveBackup
{
    public sealed record Input
    {
        [Description("The backup's id.")]
        [Positional]
        public required string Backup { get; init; }

        [Description("App name, as in the manifest.")]
        [Names("app")]
        public string? App { get; init; }

        [Description("Environment.")]
        public string? Environment { get; init; }

        [Description("The database, as in the manifest; left out where the app has only one.")]
        public string? Database { get; init; }

        [Description("Change your mind: it stays.")]
        public bool Undo { get; init; }
    }

    public static Operation Operation { get; } =
        new Operation<Input, BackupView>(
            "backup.remove",
            "Let a backup go in a week; --undo keeps it. The newest, and the newest that is proven, stay.",
            Effect.Destroys,
            RunAsync
        )
        {
            Examples =
            [
                "fairlead backup remove 4be1a3f0 --app shop",
                "fairlead backup remove 4be1a3f0 --app shop --undo",
            ],
            // Neither who deploys nor an agent: what they may harm must not be what brings it back.
            Needs = Need.Of(Permission.Govern),
        };

    private static async Task<BackupView> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var (site, database) = await BackupDatabases.OfAsync(
            engine,
            input.App,
            input.Environment,
            input.Database,
            stop
        );
        var book = engine.Server.Backups.Book;
        var all = await book.ListAsync(site, database.Name, stop);
        var backup = BackupDatabases.Choose(all, input.Backup, before: null, database);
        var there = all.Where(static one => one.Digest is not null).ToList();
        if (
            !input.Undo
            && (
                there[0].Id == backup.Id
                || there.FirstOrDefault(static one => one.Drill is { Problem: null })?.Id == backup.Id
            )
        )
        {
            throw new ProblemException(
                new Problem(
                    "backup.last",
                    What: $"The backup {backup.Id} stays.",
                    Why: "It is the newest one, or the newest that is proven: without it there may be nothing to come back to.",
                    Fix: "Take another one and prove it first: fairlead backup run, fairlead backup drill"
                )
                {
                    Trouble = Trouble.Conflict,
                }
            );
        }
        var changed = backup with { RemovedAfter = input.Undo ? null : engine.World.Now + Retention.Tombstone };
        var by = engine.Caller.ToString();
        await book.WriteAsync(
            changed,
            input.Undo ? "backup-kept" : "backup-removing",
            input.Undo
                ? $"{by} keeps the backup {backup.Id} of {database.Name}"
                : $"{by} lets the backup {backup.Id} of {database.Name} go after {changed.RemovedAfter:u}",
            stop
        );
        return BackupView.Of(changed, database.Backup, engine.World.Now);
    }
}
