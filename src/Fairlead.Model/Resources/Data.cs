using System.Text.Json.Serialization;

namespace Fairlead.Model.Resources;

/// <summary>A relational database that the cloud runs.</summary>
/// <remarks>Its password is made and kept by the cloud: nobody types it, and no state or plan holds it.</remarks>
/// <param name="Subnets">Private ones, in at least two zones.</param>
/// <param name="Storage">In bytes.</param>
public sealed record Database(
    string Name,
    DatabaseEngine Engine,
    MachineSize Size,
    long Storage,
    IReadOnlyList<Subnet> Subnets,
    Firewall Firewall
) : Resource(Name)
{
    /// <summary>The engine's version, such as <c>16</c>.</summary>
    public required string Version { get; init; }

    /// <summary>What the database in it is called; letters, digits and underscores.</summary>
    public required string Schema { get; init; }

    /// <summary>A second one in another zone takes over when it fails.</summary>
    public bool HasStandby { get; init; }

    /// <summary>How many days backups are kept; 0 for none.</summary>
    public int BackupDays { get; init; }

    /// <summary>Whether it can only be removed once this was taken away.</summary>
    public bool IsProtected { get; init; }

    public int Port => Engine is DatabaseEngine.Postgres ? 5432 : 3306;

    public override IReadOnlyList<Resource> Needs => [.. Subnets, Firewall];

    public override bool HoldsData => true;

    public override string Word => "database";
}

/// <summary>Which database it is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DatabaseEngine>))]
public enum DatabaseEngine
{
    [JsonStringEnumMemberName("postgres")]
    Postgres,

    [JsonStringEnumMemberName("mysql")]
    Mysql,
}

/// <summary>A cache that the cloud runs: Redis or what speaks like it.</summary>
/// <param name="Replicas">How many beside the first, 0 to 5.</param>
public sealed record Cache(
    string Name,
    string Version,
    MachineSize Size,
    int Replicas,
    IReadOnlyList<Subnet> Subnets,
    Firewall Firewall
) : Resource(Name)
{
    public const int Port = 6379;

    public override IReadOnlyList<Resource> Needs => [.. Subnets, Firewall];

    public override string Word => "cache";
}

/// <summary>Files by name. Encrypted, and nobody from outside reads it but through what is put before it.</summary>
public sealed record Bucket(string Name) : Resource(Name)
{
    /// <summary>Whether what is written over or deleted stays for a while.</summary>
    public bool HasVersions { get; init; }

    /// <summary>After how many days files are deleted; null for never.</summary>
    public int? ExpireDays { get; init; }

    /// <summary>How many days what was written over or deleted stays, where it has versions.</summary>
    public int OldDays { get; init; } = 30;

    /// <summary>Whether it can be removed while there are files in it.</summary>
    public bool IsDisposable { get; init; }

    public override IReadOnlyList<Resource> Needs => [];

    public override bool HoldsData => !IsDisposable;

    public override string Word => "bucket";
}

/// <summary>Messages that wait for a worker.</summary>
/// <param name="Hidden">How long a message that was taken is hidden from others.</param>
/// <param name="Kept">How long a message waits at most.</param>
/// <param name="Attempts">How often a message is handed out before it is put aside, 1 to 1,000.</param>
public sealed record Messages(string Name, TimeSpan Hidden, TimeSpan Kept, int Attempts) : Resource(Name)
{
    public override IReadOnlyList<Resource> Needs => [];

    public override bool HoldsData => true;

    public override string Word => "queue";
}

/// <summary>A place for a secret's value, which is put there apart from all code.</summary>
/// <param name="Secret">What the app calls it, such as <c>STRIPE_KEY</c>.</param>
public sealed record SecretSlot(string Name, string Secret) : Resource(Name)
{
    public override IReadOnlyList<Resource> Needs => [];

    public override bool HoldsData => true;

    public override string Word => "secret";
}
