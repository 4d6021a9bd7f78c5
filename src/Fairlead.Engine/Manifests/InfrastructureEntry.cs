using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Fairlead.Engine.Infrastructure.Costs;
using Fairlead.Engine.Infrastructure.Policies;
using Fairlead.Engine.Manifests.Forms;
using Fairlead.Model.Resources;

namespace Fairlead.Engine.Manifests;

/// <summary>What an app needs of a cloud, as the manifest says it.</summary>
[Description("What the app needs of a cloud: 'fairlead infra plan' shows it, 'fairlead infra apply' makes it.")]
public sealed record InfrastructureEntry
{
    [Description("Which cloud.")]
    [Alone, Elsewhere("provider")]
    public CloudKind? Cloud { get; init; }

    [Description("Where in it, as the cloud calls it; eu-central-1, europe-west3 or germanywestcentral when left out.")]
    [Shaped(Shape.Name), Elsewhere("location")]
    public string? Region { get; init; }

    [Description("In how many of the region's zones it runs, 2 or 3; 2 when left out.")]
    [Range(2, 3), Elsewhere("availabilityZones", "azs")]
    public int? Zones { get; init; }

    [Description("Addresses of its private network, a /16 of IPv4; 10.0.0.0/16 when left out.")]
    [Shaped(Shape.Network), Elsewhere("cidr", "vpcCidr")]
    public string? Network { get; init; }

    [Description(
        "How programs reach the internet: 'one' way out for all, one in 'each' zone, or 'none'; 'one' when left out."
    )]
    [Elsewhere("nat", "natGateways")]
    public ExitsEntry? Exits { get; init; }

    [Description(
        "The zone of names in which the environment's hosts are, such as example.com; it must be there already. Without it there are no certificates."
    )]
    [Shaped(Shape.Host), Elsewhere("domain", "hostedZone", "dnsZone")]
    public string? Zone { get; init; }

    [Description("Where services run, by name; as 'containers', and files behind a CDN, when left out.")]
    [Elsewhere("compute", "workloads")]
    public IReadOnlyDictionary<string, PlacedEntry>? Services { get; init; }

    [Description("Databases, by name.")]
    [Elsewhere("database", "rds", "db")]
    public IReadOnlyDictionary<string, DatabaseEntry>? Databases { get; init; }

    [Description("Caches, by name.")]
    [Elsewhere("cache", "redis", "elasticache")]
    public IReadOnlyDictionary<string, CacheNeedEntry>? Caches { get; init; }

    [Description("Buckets for files, by name.")]
    [Elsewhere("bucket", "storage", "s3")]
    public IReadOnlyDictionary<string, BucketEntry>? Buckets { get; init; }

    [Description("Queues, by name.")]
    [Elsewhere("queue", "sqs")]
    public IReadOnlyDictionary<string, QueueNeedEntry>? Queues { get; init; }

    [Description("How many days logs are kept; 30 when left out.")]
    [Range(1, 3653), Elsewhere("logRetention")]
    public int? LogDays { get; init; }

    [Description("Mail addresses that alarms tell; without any there are no alarms.")]
    [Elsewhere("alarms", "notifications")]
    public IReadOnlyList<string>? Alerts { get; init; }

    [Description("What it may cost in a month, in US dollars: a plan beyond it is refused.")]
    [Range(0.01, 10_000_000), Elsewhere("costLimit")]
    public double? Budget { get; init; }

    [Description("How much is used in a month, for what it costs: without it, what is paid by use is unknown.")]
    [Elsewhere("usageAssumptions")]
    public IReadOnlyList<UsageEntry>? Usage { get; init; }

    [Description("A file with prices of your own, in place of those that are built in.")]
    [Shaped(Shape.Folder), Elsewhere("priceBook")]
    public string? Prices { get; init; }

    [Description("What infrastructure must be, beside what is asked of all.")]
    [Elsewhere("policy", "rules", "guardrails")]
    public PoliciesEntry? Policies { get; init; }

    [Description("Written on each resource, such as { team: shop }.")]
    [Named(Shape.Word), Elsewhere("labels")]
    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    [Description(
        "False lets databases and load balancers be removed without more ado; true in the environment 'production', else false, when left out."
    )]
    [Elsewhere("deletionProtection", "protect")]
    public bool? Protected { get; init; }
}

/// <summary>How programs of private subnets reach the internet.</summary>
public enum ExitsEntry
{
    [JsonStringEnumMemberName("one")]
    One,

    [JsonStringEnumMemberName("each")]
    Each,

    [JsonStringEnumMemberName("none")]
    None,
}

/// <summary>Where a service runs in a cloud.</summary>
[Description("Where a service runs in a cloud.")]
public sealed record PlacedEntry
{
    [Description(
        "'containers' without machines of one's own, a 'function', or 'machines'; 'containers' when left out."
    )]
    [Alone, Elsewhere("runs", "compute", "launchType")]
    public PlacedOnEntry? On { get; init; }

    [Description("How large one copy is; by the service's limits, else small, when left out.")]
    public SizeEntry? Size { get; init; }

    [Description("function: what it is written for, such as nodejs22.x.")]
    [Shaped(Shape.Program)]
    public string? Runtime { get; init; }

    [Description("function: where it begins, such as index.handler.")]
    public string? Handler { get; init; }

    [Description("function: how long one call may take; 30s when left out.")]
    public TimeSpan? Timeout { get; init; }
}

/// <summary>What a service runs on in a cloud.</summary>
public enum PlacedOnEntry
{
    [JsonStringEnumMemberName("containers")]
    Containers,

    [JsonStringEnumMemberName("function")]
    Function,

    [JsonStringEnumMemberName("machines")]
    Machines,
}

/// <summary>How large something is.</summary>
[Description("How large it is: a word, or { cpu: 2, memory: 8GiB }.")]
public sealed record SizeEntry
{
    [Description("small, medium or large.")]
    [Alone]
    public SizeWord? Word { get; init; }

    [Description("Cores.")]
    [Range(0.25, 128.0), Elsewhere("cores", "vcpu")]
    public double? Cpu { get; init; }

    [Description("Memory, such as 8GiB.")]
    [Elsewhere("ram")]
    public ByteSize? Memory { get; init; }
}

/// <summary>Sizes that have a word.</summary>
public enum SizeWord
{
    /// <summary>For a program 0.25 cores and 512 MiB, for a machine 2 cores and 2 GiB.</summary>
    [JsonStringEnumMemberName("small")]
    Small,

    /// <summary>For a program 1 core and 2 GiB, for a machine 2 cores and 8 GiB.</summary>
    [JsonStringEnumMemberName("medium")]
    Medium,

    /// <summary>For a program 4 cores and 8 GiB, for a machine 4 cores and 16 GiB.</summary>
    [JsonStringEnumMemberName("large")]
    Large,
}

/// <summary>A database that the cloud runs, as the manifest says it.</summary>
[Description("A database that the cloud runs.")]
public sealed record DatabaseEntry
{
    [Description("postgres or mysql; postgres when left out.")]
    [Alone, Elsewhere("type", "kind")]
    public DatabaseEngine? Engine { get; init; }

    [Description("Its version, such as 16; 16 for postgres and 8.4 for mysql when left out.")]
    public string? Version { get; init; }

    [Description("How large its machine is; small when left out.")]
    [Elsewhere("instanceClass", "tier")]
    public SizeEntry? Size { get; init; }

    [Description("Its disk, at least 20GiB; 20GiB when left out.")]
    [Elsewhere("disk", "allocatedStorage")]
    public ByteSize? Storage { get; init; }

    [Description("Whether a second one in another zone takes over; true in 'production', else false, when left out.")]
    [Elsewhere("multiAz", "highAvailability", "ha")]
    public bool? Standby { get; init; }

    [Description("How many days backups are kept, 0 to 35; 7 when left out.")]
    [Range(0, 35), Elsewhere("backupRetention")]
    public int? Backups { get; init; }

    [Description("Services that use it; all that run when left out.")]
    [Shaped(Shape.Name), Elsewhere("usedBy", "services")]
    public IReadOnlyList<string>? For { get; init; }

    [Description(
        "How the variables begin that tell services of it: DATABASE for DATABASE_HOST, _PORT, _NAME, _USER and _PASSWORD; made of its name when left out."
    )]
    [Shaped(Shape.Variable), Elsewhere("prefix", "env")]
    public string? As { get; init; }
}

/// <summary>A cache that the cloud runs, as the manifest says it.</summary>
[Description("A cache that the cloud runs, with Redis' protocol.")]
public sealed record CacheNeedEntry
{
    [Description("How large its machine is; small when left out.")]
    [Alone, Elsewhere("nodeType")]
    public SizeEntry? Size { get; init; }

    [Description("Its version; 7.1 when left out.")]
    public string? Version { get; init; }

    [Description("How many stand beside the first, 0 to 5; 1 in 'production', else 0, when left out.")]
    [Range(0, 5)]
    public int? Replicas { get; init; }

    [Description("Services that use it; all that run when left out.")]
    [Shaped(Shape.Name), Elsewhere("usedBy", "services")]
    public IReadOnlyList<string>? For { get; init; }

    [Description("How the variables begin: REDIS for REDIS_HOST and REDIS_PORT; made of its name when left out.")]
    [Shaped(Shape.Variable), Elsewhere("prefix", "env")]
    public string? As { get; init; }
}

/// <summary>A bucket, as the manifest says it.</summary>
[Description("A bucket for files: encrypted, and closed to the public.")]
public sealed record BucketEntry
{
    [Description("Whether what is written over or deleted stays for 30 days; true when left out.")]
    [Elsewhere("versioning")]
    public bool? Versions { get; init; }

    [Description("After how many days files are deleted; never when left out.")]
    [Range(1, 3650), Elsewhere("lifecycle", "expiration")]
    public int? Expire { get; init; }

    [Description("Whether it may be removed with the files in it; false when left out.")]
    [Elsewhere("forceDestroy")]
    public bool? Disposable { get; init; }

    [Description("Services that read and write it; all that run when left out.")]
    [Shaped(Shape.Name), Elsewhere("usedBy", "services")]
    public IReadOnlyList<string>? For { get; init; }

    [Description("Services that only read it.")]
    [Shaped(Shape.Name)]
    public IReadOnlyList<string>? Readers { get; init; }

    [Description("The variable that names it; made of its name when left out.")]
    [Shaped(Shape.Variable), Elsewhere("env")]
    public string? As { get; init; }
}

/// <summary>A queue, as the manifest says it.</summary>
[Description("A queue of messages, with a second one for those that fail again and again.")]
public sealed record QueueNeedEntry
{
    [Description("How long a message that was taken is hidden from others; 30s when left out.")]
    [Elsewhere("visibilityTimeout")]
    public TimeSpan? Hidden { get; init; }

    [Description("How long a message waits at most; 4d when left out.")]
    [Elsewhere("messageRetention")]
    public TimeSpan? Keep { get; init; }

    [Description("How often a message is handed out before it is put aside; 5 when left out.")]
    [Range(1, 1000), Elsewhere("maxReceiveCount")]
    public int? Attempts { get; init; }

    [Description("Services that put messages in; all that run when left out.")]
    [Shaped(Shape.Name), Elsewhere("producers")]
    public IReadOnlyList<string>? Senders { get; init; }

    [Description("Services that take messages; workers, else all that run, when left out.")]
    [Shaped(Shape.Name), Elsewhere("consumers")]
    public IReadOnlyList<string>? Receivers { get; init; }

    [Description("The variable with its address; made of its name when left out.")]
    [Shaped(Shape.Variable), Elsewhere("env")]
    public string? As { get; init; }
}
