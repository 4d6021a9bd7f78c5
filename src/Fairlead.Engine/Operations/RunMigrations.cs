using System.ComponentModel;
using System.Globalization;
using Fairlead.Engine.Data.Migrations;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Operations;

/// <summary>Runs migrations in SQL by Fairlead's own runner: what a rollout begins with, and a person's way to do the same.</summary>
public static class RunMigrations
{
    private static readonly TimeSpan QueueMax = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LockMax = TimeSpan.FromMinutes(5);

    public sealed record Input
    {
        [Description("Folder of the migrations, from the app's folder; the usual places when left out.")]
        [Positional]
        public string? Migrations { get; init; }

        [Description("The app's folder.")]
        [Folder]
        public required string Folder { get; init; }

        [Description("The variable that holds the database's address; DATABASE_URL when left out.")]
        public string? UrlFrom { get; init; }

        [Description("How long a statement may wait for its lock, such as 5s.")]
        public string? LockTimeout { get; init; }

        [Description("How long a statement may take, such as 5m.")]
        public string? StatementTimeout { get; init; }

        [Description("A contract that may run now, by its file's name; 'all' for all of them.")]
        public IReadOnlyList<string> Contract { get; init; } = [];

        [Description("The release that brings them, for the table of what was done.")]
        public string? Release { get; init; }

        [Description("Run only if the folder is still the one that this digest names.")]
        public string? Expect { get; init; }

        [Description("Only show what would be run.")]
        public bool DryRun { get; init; }
    }

    /// <param name="State">done, now done, pending, or a contract that waits.</param>
    /// <param name="Locks">Strong locks that it took.</param>
    public sealed record FileView(string Migration, string State, int? Milliseconds, string Locks);

    public sealed record Output(string Summary, IReadOnlyList<FileView> Files);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "migration.run",
            "Run a folder of migrations in SQL at a PostgreSQL, MySQL, MariaDB or SQLite, each once and in order.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples =
            [
                "fairlead migration run db/migrations",
                "fairlead migration run --dry-run --url-from SHOP_DATABASE_URL",
            ],
            Needs = Need.Anybody,
            Runs = Runs.Here,
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var tree = engine.OpenFolder(input.Folder);
        var folder = (input.Migrations ?? MigrationFolder.Find(tree) ?? MigrationFolder.Customary[0]).TrimEnd('/');
        var files = MigrationFolder.Read(tree, folder);
        if (input.Expect is { } expected && MigrationFolder.DigestOf(files.Select(static one => one.Mark)) != expected)
        {
            throw new ProblemException(Moved(folder));
        }
        var variable = input.UrlFrom ?? "DATABASE_URL";
        var url = engine.OpenChecks(input.Folder).Variable(variable) is { Length: > 0 } found
            ? found
            : throw new ProblemException(NoAddress(variable));
        var limits = new MigrationLimits(
            Time("lock-timeout", input.LockTimeout, TimeSpan.FromSeconds(5), LockMax),
            Time("statement-timeout", input.StatementTimeout, TimeSpan.FromMinutes(5), TimeSpan.FromHours(6)),
            QueueMax
        );
        await using var session = await engine.Migrator.OpenAsync(url, limits, stop);
        var contracts = input.Contract is ["all"] ? files.Select(static one => one.Name).ToList() : [.. input.Contract];
        var pending = PendingMigrations.Of(files, session.Applied, contracts);
        PendingMigrations.ThrowIfDangerous(files, pending, session);
        var results = new Dictionary<string, MigrationResult>(StringComparer.Ordinal);
        foreach (var file in input.DryRun ? [] : pending)
        {
            engine.Say($"{file.Name} ...");
            results[file.Name] = await session.RunAsync(
                PendingMigrations.Order(file, input.Release ?? "by hand"),
                engine.Say,
                stop
            );
        }
        var views = files.Select(file => View(file, pending, results.GetValueOrDefault(file.Name))).ToList();
        return new(Summary(files.Count, pending.Count, input.DryRun), views);
    }

    private static FileView View(MigrationFile file, IReadOnlyList<MigrationFile> pending, MigrationResult? result) =>
        new(
            file.Name,
            result is not null ? "now done"
                : pending.Contains(file) ? "pending"
                : file.IsContract ? "done, or waits for the next release"
                : "done",
            result is null ? null : (int)result.Took.TotalMilliseconds,
            result is null ? "" : string.Join(", ", result.Locks)
        );

    private static string Summary(int all, int pending, bool isDry) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{(pending == 0 ? "Nothing is pending" : isDry ? $"{pending} would be run" : $"{pending} were run")}; the folder has {all}."
        );

    private static TimeSpan Time(string name, string? said, TimeSpan usual, TimeSpan max) =>
        said is null ? usual
        : Units.TryParseDuration(said) is { } time && time > TimeSpan.Zero && time <= max ? time
        : throw new ProblemException(
            new Problem(
                "migration.wrong-time",
                What: $"--{name} cannot be '{said}'.",
                Why: $"It takes a time such as 5s, at most {max.Text}.",
                Fix: $"Write for example: --{name} 5s"
            )
            {
                Trouble = Trouble.WrongUse,
            }
        );

    private static Problem Moved(string folder) =>
        new(
            "migration.moved",
            What: $"The migrations in {folder} are not those of the release any more.",
            Why: "A file was added, removed or changed since the release was made.",
            Fix: "Deploy again, so that a release is made of what is there now: fairlead deploy"
        )
        {
            Trouble = Trouble.Conflict,
        };

    private static Problem NoAddress(string variable) =>
        new(
            "migration.no-address",
            What: "Nobody said which database is to be migrated.",
            Why: $"The variable {variable} is not set. An address has a password, so it is no word of a command, which everybody can read.",
            Fix: $"{variable}=\"$(cat url.txt)\" fairlead migration run"
        )
        {
            Trouble = Trouble.WrongUse,
        };
}
