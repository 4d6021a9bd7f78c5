using System.Globalization;
using Fairlead.Engine.Infrastructure.Code.Bicep;
using Fairlead.Model.Resources;
using static Fairlead.Engine.Infrastructure.Code.Azure.AzureDraft;
using static Fairlead.Engine.Infrastructure.Code.CodeValue;

namespace Fairlead.Engine.Infrastructure.Code.Azure;

/// <summary>The network, its subnets, the way out, and names that only it knows.</summary>
internal static class AzureNetwork
{
    private const string Part = AzureParts.Network;

    /// <summary>The id of a subnet.</summary>
    public static CodeValue.Of Subnet(AzureDraft draft, string name) => draft.At($"{name}-subnet", "id");

    public static void Explain(AzureDraft draft) =>
        draft.Note(
            "A subnet of Azure spans all zones of its region, and much of what stands in one wants it for itself: there is one for each kind of thing, with a network security group before it."
        );

    public static void Add(AzureDraft draft, Network network)
    {
        var exit = network.Exits == 0 ? null : Exit(draft, network);
        foreach (var one in draft.Subnets.All)
        {
            AzureFirewalls.Add(draft, one, isClosed: network.Exits == 0);
        }
        var itself = draft.Add(
            Part,
            AzureTypes.Network,
            network,
            [
                .. Head(draft.Called(network.Name, 64)),
                (
                    "properties",
                    Map(
                        ("addressSpace", Map(("addressPrefixes", List(network.Range)))),
                        ("subnets", List([.. draft.Subnets.All.Select(one => SubnetOf(draft, one, exit))]))
                    )
                ),
            ]
        );
        foreach (var one in draft.Subnets.All)
        {
            draft.Add(
                draft.New(Part, AzureTypes.Subnet, $"{one.Name}-subnet", ("name", one.Name)) with
                {
                    Parent = itself.Symbol,
                    IsExisting = true,
                }
            );
        }
    }

    private static CodeValue SubnetOf(AzureDraft draft, AzureSubnet one, CodeValue? exit)
    {
        var isOfPrograms = one.Name is AzureSubnets.Containers or AzureSubnets.Functions or AzureSubnets.Machines;
        return Map(
            ("name", one.Name),
            (
                "properties",
                Map([
                    ("addressPrefix", one.Range),
                    // What goes out does so by the way that is made for it, or not at all.
                    ("defaultOutboundAccess", false),
                    ("networkSecurityGroup", ById(draft.At(AzureFirewalls.NameOf(one), "id"))),
                    .. Some("natGateway", isOfPrograms && exit is not null ? ById(exit) : null),
                    .. Some("delegations", Delegation(one) is { } service ? Delegations(service) : null),
                    .. Some(
                        "serviceEndpoints",
                        isOfPrograms && AzureVault.IsNeeded(draft.Graph)
                            ? List(Map(("service", "Microsoft.KeyVault")))
                            : null
                    ),
                    .. Some(
                        "privateEndpointNetworkPolicies",
                        one.Name == AzureSubnets.Endpoints ? new Text("Enabled") : null
                    ),
                    .. Some(
                        "privateLinkServiceNetworkPolicies",
                        one.Name == AzureSubnets.Doors ? new Text("Disabled") : null
                    ),
                ])
            )
        );
    }

    private static string? Delegation(AzureSubnet one) =>
        one.Name switch
        {
            AzureSubnets.Containers or AzureSubnets.Functions => "Microsoft.App/environments",
            AzureSubnets.Postgres => "Microsoft.DBforPostgreSQL/flexibleServers",
            AzureSubnets.Mysql => "Microsoft.DBforMySQL/flexibleServers",
            _ => null,
        };

    private static CodeValue Delegations(string service) =>
        List(Map(("name", "only"), ("properties", Map(("serviceName", service)))));

    private static CodeValue.Of Exit(AzureDraft draft, Network network)
    {
        var address = draft.Add(
            Part,
            AzureTypes.Address,
            (network, "exit-address"),
            [
                .. Head(draft.Called("exit-address", 80)),
                ("sku", Map(("name", "Standard"))),
                ("zones", new Items(draft.Zones)),
                ("properties", Map(("publicIPAllocationMethod", "Static"), ("publicIPAddressVersion", "IPv4"))),
            ]
        );
        var exit = draft.Add(
            Part,
            AzureTypes.Exit,
            (network, "exit"),
            [
                .. Head(draft.Called("exit", 80)),
                ("sku", Map(("name", "Standard"))),
                ("properties", Map(("publicIpAddresses", List(ById(address.At("id")))))),
            ]
        );
        draft.Tell("exitAddress", "Where requests of programs come from", address.At("properties.ipAddress"));
        if (network.Exits > 1)
        {
            draft.Note(
                "A subnet of Azure has one way out at most, and programs of all zones stand in the same subnet: there is one NAT gateway, which Azure places in one of the zones, and not one for each."
            );
        }
        return exit.At("id");
    }

    /// <summary>A zone of names that only the network asks, made once.</summary>
    public static CodeValue Zone(AzureDraft draft, string key, CodeValue name)
    {
        var symbol = draft.Symbol(key);
        if (!draft.Resources.Any(one => one.Symbol == symbol))
        {
            var zone = draft.Add(
                Part,
                AzureTypes.PrivateZone,
                key,
                ("name", name),
                ("location", "global"),
                ("tags", Tags)
            );
            var network = draft.Graph.All<Network>().First();
            draft.Add(
                draft.New(
                    Part,
                    AzureTypes.PrivateZoneLink,
                    $"{key}-link",
                    ("name", "network"),
                    ("location", "global"),
                    ("tags", Tags),
                    (
                        "properties",
                        Map(("registrationEnabled", false), ("virtualNetwork", ById(draft.At(network, "id"))))
                    )
                ) with
                {
                    Parent = zone.Symbol,
                }
            );
        }
        return draft.At(key, "id");
    }

    /// <summary>A door in the network to something that Azure runs elsewhere.</summary>
    /// <param name="to">What is behind it, and what of that.</param>
    /// <param name="zone">Key and name of the zone in which it is found.</param>
    public static void Door(AzureDraft draft, BicepResource to, string group, (string Key, CodeValue Name) zone)
    {
        var name = $"{to.Resource}-door";
        var door = draft.Add(
            new(
                to.Part,
                draft.Symbol(name),
                AzureTypes.PrivateEndpoint,
                [
                    .. Head(draft.Called(name, 64)),
                    (
                        "properties",
                        Map(
                            ("subnet", ById(Subnet(draft, AzureSubnets.Endpoints))),
                            ("customNetworkInterfaceName", draft.Called($"{name}-nic", 64)),
                            (
                                "privateLinkServiceConnections",
                                List(
                                    Map(
                                        ("name", group),
                                        (
                                            "properties",
                                            Map(("privateLinkServiceId", to.At("id")), ("groupIds", List(group)))
                                        )
                                    )
                                )
                            )
                        )
                    ),
                ]
            )
            {
                Resource = to.Resource,
            }
        );
        AddNames(draft, to, (group, door.Symbol), zone);
    }

    private static void AddNames(
        AzureDraft draft,
        BicepResource to,
        (string Group, string Symbol) door,
        (string Key, CodeValue Name) zone
    ) =>
        draft.Add(
            new(
                to.Part,
                draft.Symbol($"{to.Resource}-door", "names"),
                AzureTypes.PrivateEndpointNames,
                [
                    ("name", "default"),
                    (
                        "properties",
                        Map(
                            (
                                "privateDnsZoneConfigs",
                                List(
                                    Map(
                                        ("name", door.Group),
                                        ("properties", Map(("privateDnsZoneId", Zone(draft, zone.Key, zone.Name))))
                                    )
                                )
                            )
                        )
                    ),
                ]
            )
            {
                Parent = door.Symbol,
                Resource = to.Resource,
            }
        );

    public static CodeValue Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
