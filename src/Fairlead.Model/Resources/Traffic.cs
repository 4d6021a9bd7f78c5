namespace Fairlead.Model.Resources;

/// <summary>Leads requests to services. Without TLS it only sends visitors to where there is.</summary>
/// <param name="Subnets">Public ones, in at least two zones.</param>
/// <param name="Certificate">Null where it answers without TLS: only where nothing has a host of its own.</param>
/// <param name="Routes">The first that fits counts; the last one takes the rest.</param>
public sealed record LoadBalancer(
    string Name,
    Network Network,
    IReadOnlyList<Subnet> Subnets,
    Firewall Firewall,
    Certificate? Certificate,
    IReadOnlyList<LoadBalancerRoute> Routes
) : Resource(Name)
{
    public bool IsProtected { get; init; }

    public override IReadOnlyList<Resource> Needs =>
        [Network, .. Subnets, Firewall, .. (IEnumerable<Resource>)(Certificate is null ? [] : [Certificate])];

    public override string Word => "load balancer";
}

/// <summary>Which requests reach which service.</summary>
/// <param name="Service">The service's name. Services hang on the balancer, so it is made before them.</param>
/// <param name="Paths">Prefixes, such as <c>/api</c>.</param>
/// <param name="Port">Where the service listens.</param>
/// <param name="Health">A path that answers 200 to 399 when a copy is well.</param>
/// <param name="Drain">How long requests under way may go on when a copy is taken out.</param>
public sealed record LoadBalancerRoute(
    string Service,
    IReadOnlyList<string> Paths,
    int Port,
    string Health,
    TimeSpan Drain
)
{
    public bool IsDefault => Paths.Contains("/");

    /// <summary>Whether copies are machines or containers with addresses of their own.</summary>
    public bool ToMachines { get; init; }
}

/// <summary>Brings a bucket's files to visitors everywhere, by TLS.</summary>
/// <param name="Certificate">Null where it only has the cloud's own host name.</param>
/// <param name="Hosts">Host names it answers to.</param>
public sealed record Cdn(string Name, Bucket Bucket, Certificate? Certificate, IReadOnlyList<string> Hosts)
    : Resource(Name)
{
    /// <summary>Whether one page draws all paths.</summary>
    public bool IsOnePage { get; init; }

    /// <summary>Where requests of these paths go instead of the bucket, such as <c>/api</c>; null for nowhere.</summary>
    public LoadBalancer? Behind { get; init; }

    /// <summary>Prefixes that go to <see cref="Behind"/>.</summary>
    public IReadOnlyList<string> BehindPaths { get; init; } = [];

    public override IReadOnlyList<Resource> Needs =>
        [
            Bucket,
            .. (IEnumerable<Resource>)(Certificate is null ? [] : [Certificate]),
            .. (IEnumerable<Resource>)(Behind is null ? [] : [Behind]),
        ];

    public override string Word => "CDN";
}

/// <summary>Proves hosts by records in their zone.</summary>
/// <param name="IsForCdn">For a CDN, which some clouds want to have in a certain region.</param>
public sealed record Certificate(string Name, DnsZone Zone, IReadOnlyList<string> Hosts, bool IsForCdn) : Resource(Name)
{
    public override IReadOnlyList<Resource> Needs => [Zone];

    public override string Word => "certificate";
}

/// <summary>A zone of names that is there already; it belongs to more than one app, so nobody makes or removes it here.</summary>
/// <param name="Domain">Such as <c>example.com</c>.</param>
public sealed record DnsZone(string Name, string Domain) : Resource(Name)
{
    public override IReadOnlyList<Resource> Needs => [];

    public override string Word => "DNS zone";
}

/// <summary>Leads a host to a load balancer or CDN.</summary>
public sealed record DnsRecord(string Name, DnsZone Zone, string Host, Resource To) : Resource(Name)
{
    public override IReadOnlyList<Resource> Needs => [Zone, To];

    public override string Word => "DNS record";
}
