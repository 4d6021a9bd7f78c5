using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fairlead.Engine.Manifests.Forms;
using Fairlead.Model.Data;

namespace Fairlead.Engine.Manifests;

/// <summary>Data that an app keeps, as the manifest says it.</summary>
[Description(
    "Data that the app keeps: how its schema changes with releases, and how it is saved and proven. A rollout never replaces it."
)]
public sealed record DataStoreEntry
{
    [Description("What it is kept in: postgres, mysql, redis, sqlite, or files for a folder.")]
    [Elsewhere("type", "engine", "driver")]
    public required DatabaseKind Kind { get; init; }

    [Description(
        "The secret that holds its address, such as DATABASE_URL; for postgres, mysql and redis. When left out, Fairlead runs its server itself, on the machine of the server."
    )]
    [Shaped(Shape.Variable), Elsewhere("secret", "dsn", "connection", "address")]
    public string? Url { get; init; }

    [Description(
        "The secret that is given the address of a server that Fairlead runs; DATABASE_URL or REDIS_URL when left out."
    )]
    [Shaped(Shape.Variable), Elsewhere("variable", "env")]
    public string? As { get; init; }

    [Description("The port of loopback of a server that Fairlead runs; one that is free when left out.")]
    [Range(1, 65535), Elsewhere("listen")]
    public int? Port { get; init; }

    [Description("How many connections a server that Fairlead runs takes at once; 100 when left out.")]
    [
        Range(ProvidedServer.ConnectionsMin, ProvidedServer.ConnectionsMost),
        Elsewhere("max_connections", "maxConnections", "poolSize", "pool")
    ]
    public int? Connections { get; init; }

    [Description(
        "True for a second server that follows a PostgreSQL that Fairlead runs, to take its place: fairlead database failover."
    )]
    [Elsewhere("replica", "ha", "follower")]
    public bool? Standby { get; init; }

    [Description("The file of SQLite, or the folder, absolute or from this file; for sqlite and files.")]
    [Elsewhere("file", "folder", "volume")]
    public string? Path { get; init; }

    [Description(
        "The instance of RDS that it is, such as '{app}-{environment}-db': a snapshot of it is taken before its schema is changed; none is when left out."
    )]
    [Elsewhere("snapshot", "dbInstanceIdentifier", "aurora")]
    public RdsEntry? Rds { get; init; }

    [Description(
        "How its schema is changed before new code gets traffic: a folder of SQL, or a tool; nobody changes it when left out."
    )]
    [Elsewhere("migrate", "migration", "release_command", "releaseCommand", "preDeployCommand")]
    public MigrationsEntry? Migrations { get; init; }

    [Description("How it is saved: { every: 15m, keep: 14d, rpo: 15m, rto: 30m }; it is not when left out.")]
    [Elsewhere("backups", "snapshots")]
    public BackupEntry? Backup { get; init; }
}

/// <summary>A database that RDS runs, as the manifest says it.</summary>
[Description(
    "Where RDS runs the database, as exactly one of instance and cluster. In texts, {app} and {environment} stand for their names."
)]
public sealed record RdsEntry
{
    [Description("Identifier of the instance.")]
    [Alone, Elsewhere("identifier", "dbInstanceIdentifier")]
    public string? Instance { get; init; }

    [Description("Identifier of the cluster, as those of Aurora have.")]
    [Elsewhere("dbClusterIdentifier")]
    public string? Cluster { get; init; }

    [Description("Such as eu-central-1; the one of the server's own settings when left out.")]
    public string? Region { get; init; }

    [Description("How many of the snapshots that Fairlead took are kept; 5 when left out.")]
    [Range(1, RdsPlace.KeepMax), Elsewhere("retention", "max")]
    public int? Keep { get; init; }

    [Description("The environments whose database is there; all of them when left out.")]
    [Shaped(Shape.Name), Elsewhere("environments", "only")]
    public IReadOnlyList<string>? In { get; init; }
}

/// <summary>How a schema is changed, as the manifest says it.</summary>
[Description("How the schema is changed: a folder of SQL files, or one of the tools that are recognised.")]
public sealed record MigrationsEntry
{
    [Description("Folder of the migrations, relative to this file.")]
    [Alone, Shaped(Shape.Folder), Elsewhere("path", "dir", "location")]
    public string? Folder { get; init; }

    [Description(
        "What runs them: sql for Fairlead's own runner, or alembic, atlas, django, drizzle, ef, flyway, knex, liquibase, prisma, rails; recognised when left out."
    )]
    [Elsewhere("runner", "with")]
    public string? Tool { get; init; }

    [Description(
        "A command that runs them instead, in this folder. It finds the address in the variable of the secret's name."
    )]
    [Elsewhere("cmd", "run")]
    public CommandLine? Command { get; init; }

    [Description("How long a statement may wait for its lock, at most 5m; 5s when left out.")]
    [Elsewhere("lock_timeout")]
    public TimeSpan? LockTimeout { get; init; }

    [Description("How long a statement may take; 5m when left out.")]
    [Elsewhere("statement_timeout")]
    public TimeSpan? StatementTimeout { get; init; }

    [Description(
        "True to run them on a copy of the newest backup first, in each deployment: how long they take and what they lock is told, and a failure ends it before anything was changed."
    )]
    [Elsewhere("dryRun", "shadow", "rehearsal")]
    public bool? Rehearse { get; init; }

    [Description("How long all of them may take, at most 6h; 30m when left out.")]
    public TimeSpan? Timeout { get; init; }
}

/// <summary>How data is saved, as the manifest says it.</summary>
[Description("When data is saved, how long that is kept, and what is promised of it.")]
public sealed record BackupEntry
{
    [Description("How often, such as 15m; 1h when left out.")]
    [Alone, Elsewhere("interval", "schedule", "cron")]
    public TimeSpan? Every { get; init; }

    [Description(
        "How often the log of a PostgreSQL is saved, such as 30s, so that any moment between two backups can be had back; at least 5s. Only the backups can when left out."
    )]
    [Elsewhere("pointInTime", "pitr", "wal", "point_in_time")]
    public TimeSpan? Points { get; init; }

    [Description("How long all of them are kept; 14d when left out.")]
    [Elsewhere("retention")]
    public TimeSpan? Keep { get; init; }

    [Description("How many days keep their last one; 14 when left out.")]
    [Range(0, 3650), Elsewhere("daily", "keep_daily")]
    public int? Days { get; init; }

    [Description("How many weeks keep their last one; 8 when left out.")]
    [Range(0, 520), Elsewhere("weekly", "keep_weekly")]
    public int? Weeks { get; init; }

    [Description("How many months keep their last one; 12 when left out.")]
    [Range(0, 120), Elsewhere("monthly", "keep_monthly")]
    public int? Months { get; init; }

    [Description("How much of the newest work may be lost at most; people are told when more would be.")]
    [Elsewhere("recoveryPointObjective")]
    public TimeSpan? Rpo { get; init; }

    [Description("How long it may take until all is there again; people are told when a drill took longer.")]
    [Elsewhere("recoveryTimeObjective")]
    public TimeSpan? Rto { get; init; }

    [Description(
        "The secret with the repository's address, such as s3:https://s3.example.com/bucket; a folder of Fairlead's own when left out."
    )]
    [Shaped(Shape.Variable), Elsewhere("to", "destination", "target", "bucket")]
    public string? Repository { get; init; }

    [Description("KiB each second that may be sent at most; no limit when left out.")]
    [Range(1, 10_000_000), Elsewhere("bandwidth", "limit")]
    public int? KibPerSecondMax { get; init; }

    [Description("How often the newest backup is restored somewhere else to prove it; 1d when left out.")]
    [Elsewhere("verify", "restoreTest")]
    public TimeSpan? DrillEvery { get; init; }

    [Description(
        "What must hold of what was restored, beside that the server takes it: { table: orders, rowsMin: 1 }."
    )]
    [Elsewhere("assertions", "tests")]
    public IReadOnlyList<RestoreCheckEntry>? Checks { get; init; }

    [Description(
        "A service of this app whose live release must come up on what was restored, or { service: api, command: ./smoke.sh }; for postgres."
    )]
    [Elsewhere("smokeTest", "smoke_test", "boot")]
    public SmokeEntry? Smoke { get; init; }
}

/// <summary>Something that must hold of restored data, as the manifest says it.</summary>
[Description("Something that must hold of restored data.")]
public sealed record RestoreCheckEntry
{
    [Description("The table, or with files a file in the folder.")]
    [Elsewhere("file")]
    public required string Table { get; init; }

    [Description("Least rows; 0 when left out.")]
    [Elsewhere("min")]
    public int? RowsMin { get; init; }

    [Description("Most rows; no limit when left out.")]
    [Elsewhere("max")]
    public int? RowsMax { get; init; }

    [Description("A column of time: its newest value is looked at.")]
    public string? Newest { get; init; }

    [Description("How old the newest value may be when the backup was taken.")]
    public TimeSpan? Within { get; init; }
}

/// <summary>How the app is tried on restored data, as the manifest says it.</summary>
[Description("How the app is tried on what was restored: one instance of it, reached by nobody.")]
public sealed record SmokeEntry
{
    [Description("The service that is tried.")]
    [Alone, Shaped(Shape.Name), Elsewhere("app", "name")]
    public string? Service { get; init; }

    [Description("A command that must exit with 0 there; its start and its health decide when left out.")]
    [Elsewhere("run", "cmd", "test")]
    public CommandLine? Command { get; init; }

    [Description("How long it may take, at most 1h; 2m when left out.")]
    public TimeSpan? Timeout { get; init; }
}
