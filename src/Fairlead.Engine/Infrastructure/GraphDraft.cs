using System.Globalization;
using System.Net;
using Fairlead.Engine.Manifests;
using Fairlead.Model.Resources;

namespace Fairlead.Engine.Infrastructure;

/// <summary>What parts of a graph have in common: the network, who is let in where, the zone of names. Each is made when it is first asked for.</summary>
internal sealed class GraphDraft(LoadedApp app, InfrastructureEntry needs)
{
    private const int ZonesUsual = 2;
    private const int LogDaysUsual = 30;

    /// <summary>Where a program listens that obeys PORT.</summary>
    public const int PortUsual = 8080;

    private const string Everywhere = "0.0.0.0/0";

    private readonly Lazy<Network> network = new(() => new("network", needs.Network ?? "10.0.0.0/16", ExitsOf(needs)));

    private IReadOnlyList<Subnet>? publicSubnets;
    private IReadOnlyList<Subnet>? privateSubnets;
    private Firewall? front;
    private Firewall? programs;

    public LoadedApp App => app;

    public InfrastructureEntry Needs => needs;

    public bool IsProduction => app.Site.Environment == "production";

    public bool IsProtected => needs.Protected ?? false;

    public int LogDays => needs.LogDays ?? LogDaysUsual;

    public Network Network => network.Value;

    /// <summary>Reached from outside: load balancers and the ways out.</summary>
    public IReadOnlyList<Subnet> PublicSubnets => publicSubnets ??= Subnets(isPublic: true);

    /// <summary>Programs and data.</summary>
    public IReadOnlyList<Subnet> PrivateSubnets
    {
        get
        {
            // The ways out of private subnets stand in public ones.
            _ = Network.Exits > 0 ? PublicSubnets : [];
            return privateSubnets ??= Subnets(isPublic: false);
        }
    }

    /// <summary>Public subnets, if anything made them.</summary>
    public IReadOnlyList<Subnet> AllSubnets => [.. publicSubnets ?? [], .. privateSubnets ?? []];

    /// <summary>Of the load balancer.</summary>
    public Firewall Front =>
        front ??= new(
            "load-balancer-firewall",
            Network,
            [
                new(80, null, Everywhere, "visitors, who are sent to HTTPS"),
                .. HasCertificates ? new FirewallRule[] { new(443, null, Everywhere, "visitors") } : [],
            ]
        );

    /// <summary>Of all programs: they may call each other as the manifest says, and the load balancer reaches those that answer.</summary>
    public Firewall Programs => programs ??= ProgramFirewall();

    /// <summary>The zone of names; null where none was said.</summary>
    public DnsZone? Zone => zone ??= needs.Zone is { } domain ? new("zone", domain) : null;

    private DnsZone? zone;

    public bool HasCertificates => Zone is not null;

    /// <summary>Services that requests reach, and where they listen.</summary>
    public static int PortOf(LoadedService one) => one.Service.Port ?? PortUsual;

    private Firewall ProgramFirewall()
    {
        var ports = app
            .Services.Where(static one => one.Service is { IsStatic: false, TakesTraffic: true })
            .Select(PortOf)
            .Distinct()
            .Order()
            .ToList();
        return new(
            "programs-firewall",
            Network,
            [
                .. ports.Select(port => new FirewallRule(port, Front, null, "the load balancer")),
                .. InnerPorts()
                    .Select(static port => new FirewallRule(port, null, null, "programs that use each other")),
            ]
        );
    }

    // Where those listen that other services use or call.
    private IEnumerable<int> InnerPorts() =>
        app
            .Services.Where(static one => !one.Service.IsStatic)
            .SelectMany(static one => one.Service.Uses.Concat(one.Network.Calls))
            .Distinct()
            .Select(name => app.Services.FirstOrDefault(one => one.Service.Name == name))
            .OfType<LoadedService>()
            .Where(static one =>
                one.Service is { IsStatic: false } service && (service.TakesTraffic || service.Port is not null)
            )
            .Select(PortOf)
            .Distinct()
            .Order();

    private IReadOnlyList<Subnet> Subnets(bool isPublic)
    {
        var range = IPNetwork.Parse(Network.Range).BaseAddress.GetAddressBytes();
        return
        [
            .. Enumerable
                .Range(0, needs.Zones ?? ZonesUsual)
                .Select(zone => new Subnet(
                    $"{(isPublic ? "public" : "private")}-{Letter(zone)}",
                    Network,
                    // A /20 each: public ones from .0, private ones from .128, and room between for more zones.
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{range[0]}.{range[1]}.{(isPublic ? 0 : 128) + (zone * 16)}.0/20"
                    ),
                    zone,
                    isPublic
                )),
        ];
    }

    private static char Letter(int zone) => (char)('a' + zone);

    private static int ExitsOf(InfrastructureEntry needs) =>
        needs.Exits switch
        {
            ExitsEntry.None => 0,
            ExitsEntry.Each => needs.Zones ?? ZonesUsual,
            _ => 1,
        };
}
