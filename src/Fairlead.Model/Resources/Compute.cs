namespace Fairlead.Model.Resources;

/// <summary>A place for images of one service.</summary>
/// <param name="Keep">How many images stay, 1 to 1,000.</param>
public sealed record Registry(string Name, int Keep) : Resource(Name)
{
    public override IReadOnlyList<Resource> Needs => [];

    public override string Word => "registry";
}

/// <summary>Where containers run together.</summary>
public sealed record ContainerPool(string Name) : Resource(Name)
{
    public override IReadOnlyList<Resource> Needs => [];

    public override string Word => "container pool";
}

/// <summary>Copies of a program in containers, without machines of one's own.</summary>
/// <param name="Size">What one copy gets.</param>
/// <param name="Port">Where it listens; null for one that takes no requests.</param>
public sealed record ContainerService(string Name, ContainerPool Pool, MachineSize Size, int? Port, Workload Workload)
    : Resource(Name)
{
    /// <summary>Its images; null where <see cref="Image"/> is a ready one of somebody else's.</summary>
    public Registry? Registry { get; init; }

    /// <summary>A ready image, such as <c>redis:7</c>; null where images are in <see cref="Registry"/>.</summary>
    public string? Image { get; init; }

    /// <summary>What starts it.</summary>
    public required Identity Starter { get; init; }

    public required Scaling Scaling { get; init; }

    public override IReadOnlyList<Resource> Needs =>
        [Pool, .. (IEnumerable<Resource>)(Registry is null ? [] : [Registry]), Starter, .. Workload.Needs];

    public override string Word => "container service";
}

/// <summary>A program that runs when it is asked, and costs nothing else.</summary>
/// <param name="Runtime">What it is written for, such as <c>nodejs22.x</c>, <c>python3.13</c> or <c>dotnet8</c>.</param>
/// <param name="Handler">Where it begins, as the runtime names it.</param>
public sealed record Function(
    string Name,
    string Runtime,
    string Handler,
    MachineSize Size,
    TimeSpan Timeout,
    Workload Workload
) : Resource(Name)
{
    /// <summary>Whether everybody may call it by its address.</summary>
    public bool IsPublic { get; init; }

    public override IReadOnlyList<Resource> Needs => Workload.Needs;

    public override string Word => "function";
}

/// <summary>Like machines, as many as the load asks for, on each of which Fairlead's node runs.</summary>
/// <param name="Port">Where the service listens; null for one that takes no requests.</param>
public sealed record MachineGroup(string Name, MachineSize Size, int? Port, Workload Workload) : Resource(Name)
{
    public required Scaling Scaling { get; init; }

    /// <summary>Of each machine's disk, in bytes.</summary>
    public long Disk { get; init; } = 20L * 1024 * 1024 * 1024;

    public override IReadOnlyList<Resource> Needs => Workload.Needs;

    public override string Word => "machine group";
}

/// <summary>What all programs in a cloud have.</summary>
/// <param name="Identity">As whom it runs.</param>
public sealed record Workload(Identity Identity, LogGroup Log)
{
    /// <summary>Where it runs; empty for a function that needs no network.</summary>
    public IReadOnlyList<Subnet> Subnets { get; init; } = [];

    /// <summary>Null for a function that needs no network.</summary>
    public Firewall? Firewall { get; init; }

    /// <summary>Values that are no secret, by variable.</summary>
    public IReadOnlyDictionary<string, string> Env { get; init; } = new SortedDictionary<string, string>();

    /// <summary>What it is told about other resources, by variable.</summary>
    public IReadOnlyDictionary<string, Fact> Facts { get; init; } = new SortedDictionary<string, Fact>();

    /// <summary>Where secrets' values come from, by variable.</summary>
    public IReadOnlyDictionary<string, SecretSlot> Secrets { get; init; } = new SortedDictionary<string, SecretSlot>();

    /// <summary>A path that answers 200 to 399 when it is well; null where only its port is looked at.</summary>
    public string? Health { get; init; }

    public IReadOnlyList<Resource> Needs =>
        [
            Identity,
            Log,
            .. Subnets,
            .. (IEnumerable<Resource>)(Firewall is null ? [] : [Firewall]),
            .. Facts.Values.Select(static one => one.Of).Concat(Secrets.Values).Distinct(),
        ];
}

/// <summary>Something that is only known once a resource is there.</summary>
public sealed record Fact(FactKind Kind, Resource Of);

/// <summary>What is told of a resource.</summary>
public enum FactKind
{
    /// <summary>The host name of a database or cache.</summary>
    Host,

    /// <summary>The name of a database's user.</summary>
    User,

    /// <summary>The password of a database's user; wherever it is written, it is a reference and never the value.</summary>
    Password,

    /// <summary>The name of a bucket, as its interface wants it.</summary>
    BucketName,

    /// <summary>The address of a queue.</summary>
    QueueUrl,

    /// <summary>The address of a service behind a load balancer, or of a function.</summary>
    Url,
}

/// <summary>How many copies there are.</summary>
/// <param name="Min">1 or more.</param>
/// <param name="Max">As many as <paramref name="Min"/> for a fixed number; at most 100.</param>
/// <param name="CpuPercent">How busy each should be, where the number follows the load; 1 to 100.</param>
public sealed record Scaling(int Min, int Max, int? CpuPercent)
{
    /// <summary>Memory that each should use, where the number follows it; 1 to 100.</summary>
    public int? MemoryPercent { get; init; }

    public bool FollowsLoad => Max > Min;
}
