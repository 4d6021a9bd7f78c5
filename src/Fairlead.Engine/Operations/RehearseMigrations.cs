using System.ComponentModel;
using System.Globalization;
using Fairlead.Engine.Data.Migrations;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Operations;

/// <summary>Runs pending migrations on a copy made of the newest backup: how long they take there, and what they lock.</summary>
public static class RehearseMigrations
{
    private static readonly TimeSpan QueueMax = TimeSpan.FromSeconds(30);

    public sealed record Input
    {
        [Description("Folder with the fairlead.yaml and the migrations.")]
        [Positional]
        [Folder]
        public required string Folder { get; init; }

        [Description("App name, as in the manifest; it must be live, since its backups are used.")]
        [Names("app")]
        public string? App { get; init; }

        [Description("Environment.")]
        public string? Environment { get; init; }

        [Description("The database, as in the manifest; left out where the app has only one.")]
        public string? Database { get; init; }

        [Description("Folder of the migrations, from the app's folder; that of the live release when left out.")]
        public string? Migrations { get; init; }

        [Description(
            "A contract to run too, which would wait for the next release, by its file's name; 'all' for all of them."
        )]
        public IReadOnlyList<string> Contract { get; init; } = [];

        [Description("Take a backup first where there is none yet.")]
        public bool Save { get; init; }
    }

    /// <param name="Milliseconds">How long it held its locks, where it is in a transaction.</param>
    /// <param name="Locks">Strong locks that others would wait for.</param>
    public sealed record FileView(string Migration, int Milliseconds, string Locks, long Rows);

    /// <param name="Backup">Of which the copy was made.</param>
    public sealed record Output(string Summary, string Backup, DateTimeOffset At, IReadOnlyList<FileView> Files);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "migration.rehearse",
            "Run pending migrations on a copy of the newest backup, and see how long they take and what they lock.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead migration rehearse --app shop"],
            // It adds a backup at most; what is in use is not touched.
            Agents = AgentUse.Freely,
            Needs = Need.Of(Permission.Deploy),
            AnswerMax = TimeSpan.FromHours(2),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var (site, database) = await BackupDatabases.OfAsync(
            engine,
            input.App,
            input.Environment,
            input.Database,
            stop
        );
        var tree = engine.OpenFolder(input.Folder);
        var folder =
            input.Migrations?.TrimEnd('/')
            ?? database.Migrations?.Folder
            ?? MigrationFolder.Find(tree)
            ?? MigrationFolder.Customary[0];
        var files = MigrationFolder.Read(tree, folder);
        var desk = engine.Server.Backups;
        if (
            input.Save
            && !(await desk.Book.ListAsync(site, database.Name, stop)).Any(static one => one.Digest is not null)
        )
        {
            await desk.TakeAsync(site, database, stop);
        }
        var backup = BackupDatabases.Choose(
            await desk.Book.ListAsync(site, database.Name, stop),
            id: null,
            before: null,
            database
        );
        var limits = new MigrationLimits(
            database.Migrations?.LockTimeout ?? TimeSpan.FromSeconds(5),
            database.Migrations?.StatementTimeout ?? TimeSpan.FromMinutes(5),
            QueueMax
        );
        var views = await desk.OnCopyAsync(
            database,
            backup,
            (url, end) => TryAsync(engine, (url, limits), files, input.Contract, end),
            stop
        );
        var summary = string.Create(
            CultureInfo.InvariantCulture,
            $"{(views.Count == 0 ? "Nothing is pending" : $"{views.Count} ran")} on a copy of {engine.World.Now - backup.At:hh\\:mm\\:ss} ago, in {views.Sum(static one => one.Milliseconds)} ms; the copy is gone."
        );
        return new(summary, backup.Id, backup.At, views);
    }

    private static async Task<IReadOnlyList<FileView>> TryAsync(
        EngineContext engine,
        (string Url, MigrationLimits Limits) place,
        IReadOnlyList<MigrationFile> files,
        IReadOnlyList<string> named,
        CancellationToken stop
    )
    {
        var views = new List<FileView>();
        await using var session = await engine.Migrator.OpenAsync(place.Url, place.Limits, stop);
        IReadOnlyList<string> contracts = named is ["all"] ? [.. files.Select(static one => one.Name)] : named;
        foreach (var file in PendingMigrations.Of(files, session.Applied, contracts))
        {
            var result = await session.RunAsync(PendingMigrations.Order(file, "rehearsal"), engine.Say, stop);
            views.Add(new(file.Name, (int)result.Took.TotalMilliseconds, string.Join(", ", result.Locks), result.Rows));
        }
        return views;
    }
}
