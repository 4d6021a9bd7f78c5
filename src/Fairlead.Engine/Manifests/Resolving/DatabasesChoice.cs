using Fairlead.Engine.Data.Migrations;
using Fairlead.Engine.Manifests.Reading;
using Fairlead.Model.Data;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Manifests.Resolving;

/// <summary>Completes what a manifest says of data.</summary>
internal static class DatabasesChoice
{
    private static readonly TimeSpan LockMax = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan RunMax = TimeSpan.FromHours(6);
    private static readonly TimeSpan SmokeMax = TimeSpan.FromHours(1);
    private static readonly TimeSpan EveryMin = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan PointsMin = TimeSpan.FromSeconds(5);

    /// <returns>Null where the manifest says nothing of it.</returns>
    public static IReadOnlyList<Database>? Of(
        IReadOnlyDictionary<string, DataStoreEntry>? entries,
        (Node Node, Place Place) at,
        IFileTree tree,
        Findings findings
    )
    {
        if (entries is not { Count: > 0 })
        {
            return null;
        }
        DatabaseUses.Check(entries, (at.Node, at.Place.Entry.Target), findings);
        return [.. entries.Select(one => One(one.Key, one.Value, at.Node.At(one.Key), (at.Place, tree, findings)))];
    }

    private static Database One(
        string name,
        DataStoreEntry entry,
        Node node,
        (Place Place, IFileTree Tree, Findings Findings) with
    )
    {
        var isServer = DatabaseUses.IsServer(entry);
        if (!isServer && entry.Path is null)
        {
            with.Findings.Add(
                node,
                "database-place",
                (
                    $"Nothing says where the database '{name}' is.",
                    "What is kept in files is at a path.",
                    "Add: path: data/shop.db"
                )
            );
        }
        if (entry.Migrations is not null && entry.Kind is DatabaseKind.Redis or DatabaseKind.Files)
        {
            with.Findings.Add(
                node.At("migrations"),
                "database-schema",
                (
                    $"The database '{name}' has no schema.",
                    "Redis and folders have none that could be changed.",
                    "Remove 'migrations'."
                )
            );
            return new() { Name = name, Kind = entry.Kind };
        }
        return new()
        {
            Name = name,
            Kind = entry.Kind,
            Url = isServer ? DatabaseUses.SecretOf(entry) : null,
            Provided = DatabaseUses.IsProvided(entry)
                ? new()
                {
                    Port = entry.Port,
                    ConnectionsMax = entry.Connections ?? new ProvidedServer().ConnectionsMax,
                    HasStandby = entry.Standby ?? false,
                }
                : null,
            Path = isServer || entry.Path is null ? null : Path.GetFullPath(entry.Path, with.Tree.Root),
            Rds = RdsChoice.Of(name, entry, node.At("rds"), (with.Place, with.Findings)),
            Migrations = MigrationsOf(name, entry, node.At("migrations"), (with.Tree, with.Findings)),
            Backup = BackupOf(entry, node.At("backup"), with.Findings),
        };
    }

    private static Migrations? MigrationsOf(
        string database,
        DataStoreEntry said,
        Node node,
        (IFileTree Tree, Findings Findings) with
    )
    {
        if (said.Migrations is not { } entry)
        {
            return null;
        }
        var tool = ToolOf(entry, node, with);
        var folder = Folders.Plain(
            entry.Folder ?? tool?.Folder ?? MigrationFolder.Find(with.Tree) ?? MigrationFolder.Customary[0]
        );
        var usual = new Migrations { Tool = tool?.Name ?? MigrationTools.Own, Folder = folder };
        var isOwn = tool is null && entry.Command is null;
        if (isOwn && said.Kind is not (DatabaseKind.Postgres or DatabaseKind.Mysql or DatabaseKind.Sqlite))
        {
            with.Findings.Add(
                node,
                "migration-runner",
                (
                    $"Nothing runs the migrations of '{database}'.",
                    "Fairlead's own runner speaks to PostgreSQL, MySQL, MariaDB and SQLite, and no tool that it knows was recognised.",
                    "Say the command that runs them, for example: migrations: { folder: db/migrations, command: ./migrate.sh }"
                )
            );
        }
        CheckTimes(entry, node, with.Findings);
        if (entry.Rehearse is true && (!isOwn || said.Kind is not DatabaseKind.Postgres || said.Backup is null))
        {
            with.Findings.Add(node.At("rehearse"), "migration-rehearsal", NoRehearsal(database, said, isOwn));
        }
        return usual with
        {
            Tool = entry.Command is null ? usual.Tool : "command",
            Command = entry.Command?.Words ?? tool?.Command ?? [],
            IsRehearsed = entry.Rehearse is true,
            LockTimeout = entry.LockTimeout ?? usual.LockTimeout,
            StatementTimeout = entry.StatementTimeout ?? usual.StatementTimeout,
            Timeout = entry.Timeout ?? usual.Timeout,
            Files = isOwn ? Marks(with.Tree, folder, node, with.Findings) : [],
            Digest = isOwn ? null : MigrationTools.DigestOf(with.Tree, folder),
        };
    }

    private static (string What, string Why, string Fix) NoRehearsal(string name, DataStoreEntry said, bool isOwn) =>
        (
            $"The migrations of '{name}' cannot be rehearsed.",
            said.Backup is null
                ? "A rehearsal runs on a copy of the newest backup, and it is not saved."
                : $"A rehearsal is by Fairlead's own runner on a PostgreSQL, and {(isOwn ? "it is none" : "another tool runs them")}.",
            said.Backup is null
                ? $"Add to databases.{name}: backup: 1h"
                : "Remove 'rehearse', and try them on a database of your own first."
        );

    private static MigrationTool? ToolOf(MigrationsEntry entry, Node node, (IFileTree Tree, Findings Findings) with)
    {
        if (entry.Command is not null || entry.Tool is MigrationTools.Own)
        {
            return null;
        }
        if (entry.Tool is not { } name)
        {
            // A folder of SQL that was named is for the runner that reads SQL.
            return entry.Folder is { } folder && HasSql(with.Tree, Folders.Plain(folder))
                ? null
                : MigrationTools.Find(with.Tree);
        }
        if (MigrationTools.Named(name) is { } tool)
        {
            return tool;
        }
        string[] names = [MigrationTools.Own, .. MigrationTools.Entries.Select(static one => one.Name)];
        with.Findings.Add(
            node.At("tool"),
            "migration-tool",
            (
                $"Nobody knows the tool {Shown.Quoted(name)}.",
                $"There are: {string.Join(", ", names)}.",
                Nearest.To(name, names) is { } near
                    ? $"Did you mean '{near}'? Write: tool: {near}"
                    : "Say the command instead, for example: command: ./migrate.sh"
            )
        );
        return null;
    }

    private static bool HasSql(IFileTree tree, string folder) =>
        tree.List(folder).Any(static name => name.EndsWith(".sql", StringComparison.OrdinalIgnoreCase));

    private static IReadOnlyList<MigrationMark> Marks(IFileTree tree, string folder, Node node, Findings findings)
    {
        try
        {
            return [.. MigrationFolder.Read(tree, folder).Select(static one => one.Mark)];
        }
        catch (ProblemException caught)
        {
            findings.Add(node, "migrations", (caught.Problem.What, caught.Problem.Why, caught.Problem.Fix));
            return [];
        }
    }

    private static void CheckTimes(MigrationsEntry entry, Node node, Findings findings)
    {
        if (entry.LockTimeout is { } wait && (wait <= TimeSpan.Zero || wait > LockMax))
        {
            findings.Add(
                node.At("lockTimeout"),
                "migration-time",
                (
                    "A statement would wait too long for its lock.",
                    "Everybody who comes later waits behind it: at least 1s and at most 5m are taken.",
                    "Write for example: lockTimeout: 5s"
                )
            );
        }
        if (entry.Timeout is { } all && (all <= TimeSpan.Zero || all > RunMax))
        {
            findings.Add(
                node.At("timeout"),
                "migration-time",
                (
                    "The migrations would take too long.",
                    "At least 1s and at most 6h are taken.",
                    "Write for example: timeout: 30m"
                )
            );
        }
    }

    private static SmokeRules? SmokeOf(DataStoreEntry database, SmokeEntry? entry, Node node, Findings findings)
    {
        if (entry is null)
        {
            return null;
        }
        if (database.Kind is not DatabaseKind.Postgres)
        {
            findings.Add(
                node,
                "backup-smoke",
                (
                    "The app cannot be tried on what was restored of this.",
                    "Only a PostgreSQL is restored into a server that an app could use.",
                    "Remove 'smoke', and say what must hold as 'checks'."
                )
            );
        }
        var usual = new SmokeRules();
        if (entry.Timeout < TimeSpan.FromSeconds(1) || entry.Timeout > SmokeMax)
        {
            findings.Add(
                node.At("timeout"),
                "backup-smoke-timeout",
                (
                    "The app is tried on restored data for 1s to 1h.",
                    "A drill that never ends proves nothing.",
                    "Write for example: timeout: 2m"
                )
            );
        }
        return usual with
        {
            Service = entry.Service,
            Command = entry.Command?.Words ?? [],
            Timeout = entry.Timeout ?? usual.Timeout,
        };
    }

    private static BackupRules? BackupOf(DataStoreEntry database, Node node, Findings findings)
    {
        if (database.Backup is not { } entry)
        {
            return null;
        }
        CheckPoints(database, node, findings);
        var usual = new BackupRules();
        var every = entry.Every ?? usual.Every;
        if (every < EveryMin)
        {
            findings.Add(
                node.At("every"),
                "backup-every",
                (
                    "Backups would be taken too often.",
                    "Each one reads all of the data; 1m is the least.",
                    "Write for example: every: 15m"
                )
            );
        }
        if (entry.Rpo is { } rpo && rpo < (entry.Points ?? every))
        {
            findings.Add(
                node.At("rpo"),
                "backup-rpo",
                (
                    "What is promised cannot be kept.",
                    $"What is saved every {entry.Points ?? every} loses up to that much, which is more than the {rpo} that may be lost.",
                    "Save more often than 'rpo', for example: every: 5m, or of a PostgreSQL its log: points: 30s"
                )
            );
        }
        return usual with
        {
            Repository = entry.Repository,
            Every = every,
            Points = entry.Points,
            Keep = entry.Keep ?? usual.Keep,
            Days = entry.Days ?? usual.Days,
            Weeks = entry.Weeks ?? usual.Weeks,
            Months = entry.Months ?? usual.Months,
            Rpo = entry.Rpo,
            Rto = entry.Rto,
            KibPerSecondMax = entry.KibPerSecondMax,
            DrillEvery = entry.DrillEvery ?? usual.DrillEvery,
            Smoke = SmokeOf(database, entry.Smoke, node.At("smoke"), findings),
            Checks = [.. (entry.Checks ?? []).Select(CheckOf)],
        };
    }

    private static void CheckPoints(DataStoreEntry database, Node node, Findings findings)
    {
        if (database.Backup?.Points is { } points && (points < PointsMin || database.Kind is not DatabaseKind.Postgres))
        {
            findings.Add(
                node.At("points"),
                "backup-points",
                (
                    "Moments cannot be saved so.",
                    database.Kind is DatabaseKind.Postgres
                        ? "The log is brought to the repository every 5s at most."
                        : "Only the log of a PostgreSQL is followed.",
                    database.Kind is DatabaseKind.Postgres
                        ? "Write for example: points: 30s"
                        : "Remove 'points', and take backups more often."
                )
            );
        }
    }

    private static RestoreCheck CheckOf(RestoreCheckEntry entry) =>
        new()
        {
            Table = entry.Table ?? "",
            RowsMin = entry.RowsMin ?? 0,
            RowsMax = entry.RowsMax,
            Newest = entry.Newest,
            Within = entry.Within,
        };
}
