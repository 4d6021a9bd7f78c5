using System.Text.Json.Serialization;

namespace Fairlead.Model.Data;

/// <summary>Data that an app keeps, as its manifest says it under <c>databases</c>. A rollout never replaces it.</summary>
public sealed record Database
{
    /// <summary>Unique in its app.</summary>
    public required string Name { get; init; }

    public required DatabaseKind Kind { get; init; }

    /// <summary>The secret that holds its address; null for what is in files.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Url { get; init; }

    /// <summary>The file of SQLite, or the folder, absolute; null for a server.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Path { get; init; }

    /// <summary>How Fairlead itself runs its server; null where somebody else does.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ProvidedServer? Provided { get; init; }

    /// <summary>Where AWS runs it, so that a snapshot is taken before its schema is changed; null where none is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RdsPlace? Rds { get; init; }

    /// <summary>How its schema is changed; null where Fairlead does not change it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Migrations? Migrations { get; init; }

    /// <summary>How it is saved; null where it is not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BackupRules? Backup { get; init; }
}

/// <summary>A database that RDS runs.</summary>
public sealed record RdsPlace
{
    /// <summary>How many of the snapshots that Fairlead took of it are kept, when nothing else is said.</summary>
    public const int KeepUsually = 5;

    /// <summary>AWS takes 100 by hand of all databases of a region together.</summary>
    public const int KeepMax = 50;

    /// <summary>Identifier of the instance, or of the cluster: lower-case letters, digits and hyphens, at most 63.</summary>
    public required string Name { get; init; }

    /// <summary>It is a cluster, as those of Aurora.</summary>
    public bool IsCluster { get; init; }

    /// <summary>Such as <c>eu-central-1</c>; null for the server's own.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Region { get; init; }

    /// <summary>1 to <see cref="KeepMax"/>; older ones that Fairlead took are deleted, and no others.</summary>
    public int Keep { get; init; } = KeepUsually;

    /// <inheritdoc />
    public override string ToString() => $"the {(IsCluster ? "cluster" : "instance")} {Name} of RDS";
}

/// <summary>A snapshot that a deployment took before it changed a schema.</summary>
/// <param name="Name">Its identifier at the cloud.</param>
/// <param name="At">When it was seen to be complete.</param>
public sealed record TakenSnapshot(string Database, string Name, DateTimeOffset At);

/// <summary>What data is kept in.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DatabaseKind>))]
public enum DatabaseKind
{
    [JsonStringEnumMemberName("postgres")]
    Postgres,

    [JsonStringEnumMemberName("mysql")]
    Mysql,

    [JsonStringEnumMemberName("redis")]
    Redis,

    [JsonStringEnumMemberName("sqlite")]
    Sqlite,

    /// <summary>A folder, such as one of uploads.</summary>
    [JsonStringEnumMemberName("files")]
    Files,
}

/// <summary>How a database's schema is changed, before new code gets traffic.</summary>
public sealed record Migrations
{
    /// <summary>Such as <c>sql</c> for Fairlead's own runner, or <c>flyway</c>.</summary>
    public required string Tool { get; init; }

    /// <summary>Folder of the migrations, from the app's folder.</summary>
    public required string Folder { get; init; }

    /// <summary>What is run, in the app's folder; empty for Fairlead's own runner. No shell reads it.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>How long one statement may wait for its lock, while others wait behind it.</summary>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long one statement may take.</summary>
    public TimeSpan StatementTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long all of them may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>They are run on a copy of the newest backup first, and a deployment ends there where they fail.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsRehearsed { get; init; }

    /// <summary>The files that the release knows, in the order in which they run; empty for tools that are not ours.</summary>
    public IReadOnlyList<MigrationMark> Files { get; init; } = [];

    /// <summary>A digest of the folder, for tools that are not ours; null for our own.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Digest { get; init; }
}

/// <summary>A migration as a release knows it.</summary>
/// <param name="Digest">SHA-256 of its text in hex.</param>
/// <param name="IsContract">It takes away what an earlier release reads.</param>
public sealed record MigrationMark(string Name, string Digest, bool IsContract);

/// <summary>When data is saved, how long that is kept, and what is promised of it.</summary>
public sealed record BackupRules
{
    /// <summary>The secret with the repository's address; null for a folder of Fairlead's own.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Repository { get; init; }

    /// <summary>How often.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromHours(1);

    /// <summary>
    /// How often the server's log is brought to the repository, so that any moment between two backups can be had back; null where only the backups can. PostgreSQL
    /// alone: its backups are copies of the whole server then.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TimeSpan? Points { get; init; }

    /// <summary>All of them are kept for so long; after it the last of each day, week and month.</summary>
    public TimeSpan Keep { get; init; } = TimeSpan.FromDays(14);

    /// <summary>How many days, weeks and months keep their last one.</summary>
    public int Days { get; init; } = 14;

    /// <inheritdoc cref="Days"/>
    public int Weeks { get; init; } = 8;

    /// <inheritdoc cref="Days"/>
    public int Months { get; init; } = 12;

    /// <summary>How much of the newest work may be lost at most; null where nothing is promised.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TimeSpan? Rpo { get; init; }

    /// <summary>How long it may take until it is there again; null where nothing is promised.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TimeSpan? Rto { get; init; }

    /// <summary>KiB each second that a backup may send at most; null for no limit.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? KibPerSecondMax { get; init; }

    /// <summary>How often a backup is restored somewhere else, to prove it.</summary>
    public TimeSpan DrillEvery { get; init; } = TimeSpan.FromDays(1);

    /// <summary>What must hold of what was restored.</summary>
    public IReadOnlyList<RestoreCheck> Checks { get; init; } = [];

    /// <summary>How the app is tried on it; null where it is not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SmokeRules? Smoke { get; init; }
}

/// <summary>How the app itself says whether it can live on what was restored.</summary>
public sealed record SmokeRules
{
    /// <summary>Whose live release is tried; null for the only one that is given the address.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Service { get; init; }

    /// <summary>A command of its artifact that must exit with 0; empty for its start and its health.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(2);
}

/// <summary>Something that must hold of restored data.</summary>
public sealed record RestoreCheck
{
    /// <summary>The table, or the file; <c>schema.table</c> where it is not in the usual schema.</summary>
    public required string Table { get; init; }

    /// <summary>Least rows.</summary>
    public long RowsMin { get; init; }

    /// <summary>Most rows; null for no limit.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? RowsMax { get; init; }

    /// <summary>The column of time whose newest value is asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Newest { get; init; }

    /// <summary>How old that may be when the backup was taken.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TimeSpan? Within { get; init; }
}
