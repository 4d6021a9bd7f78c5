using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;

namespace Fairlead.Engine.Operations;

/// <summary>Takes a backup now.</summary>
public static class RunBackup
{
    public sealed record Input
    {
        [Description("App name, as in the manifest.")]
        [Positional]
        [Names("app")]
        public string? App { get; init; }

        [Description("Environment.")]
        public string? Environment { get; init; }

        [Description("The database, as in the manifest; left out where the app has only one.")]
        public string? Database { get; init; }
    }

    public static Operation Operation { get; } =
        new Operation<Input, BackupView>("backup.run", "Take a backup of a database now.", Effect.Changes, RunAsync)
        {
            Examples = ["fairlead backup run shop", "fairlead backup run shop --database db"],
            Needs = Need.Of(Permission.Deploy),
            AnswerMax = TimeSpan.FromHours(2),
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
        var taken = await engine.Server.Backups.TakeAsync(site, database, stop);
        return BackupView.Of(taken, database.Backup, engine.World.Now);
    }
}
