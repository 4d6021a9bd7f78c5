using Fairlead.Engine.Infrastructure.Code.Bicep;
using Fairlead.Model.Resources;
using static Fairlead.Engine.Infrastructure.Code.Azure.AzureDraft;
using static Fairlead.Engine.Infrastructure.Code.CodeValue;

namespace Fairlead.Engine.Infrastructure.Code.Azure;

/// <summary>How Front Door reaches machines: a balancer in the network, and a private link to it.</summary>
internal static class AzureDoors
{
    private const string Part = AzureParts.Compute;

    /// <summary>The private link to machines of a service.</summary>
    public static CodeValue Link(AzureDraft draft, MachineGroup group) => draft.At(group, "id", "link");

    /// <summary>The balancer's address in the network.</summary>
    public static CodeValue Host(AzureDraft draft, MachineGroup group) =>
        draft.At(group, "properties.frontendIPConfigurations[0].properties.privateIPAddress", "balancer");

    /// <returns>What machines are put into so that requests reach them; null where none do.</returns>
    public static CodeValue? Add(AzureDraft draft, MachineGroup group)
    {
        var route = draft
            .Graph.All<LoadBalancer>()
            .SelectMany(static one => one.Routes)
            .FirstOrDefault(one => one.Service == group.Name);
        if (route is null)
        {
            return null;
        }
        var symbol = draft.Symbol(group, "balancer");
        var name = draft.Called($"{group.Name}-balancer", 80);
        var balancer = draft.Add(
            Part,
            AzureTypes.Balancer,
            (group, "balancer"),
            [
                .. Head(name),
                ("sku", Map(("name", "Standard"))),
                (
                    "properties",
                    Map(
                        ("frontendIPConfigurations", List(Front(draft))),
                        ("backendAddressPools", List(Map(("name", "machines")))),
                        ("probes", List(Probe(route))),
                        ("loadBalancingRules", List(Rule(route, name)))
                    )
                ),
            ]
        );
        AddLink(draft, group, balancer);
        return new Of("", symbol, "properties.backendAddressPools[0].id");
    }

    private static CodeValue Front(AzureDraft draft) =>
        Map([
            ("name", "front"),
            .. Some("zones", draft.Zones.Count == 0 ? null : new Items(draft.Zones)),
            (
                "properties",
                Map(
                    ("privateIPAllocationMethod", "Dynamic"),
                    ("subnet", ById(AzureNetwork.Subnet(draft, AzureSubnets.Doors)))
                )
            ),
        ]);

    private static CodeValue Probe(LoadBalancerRoute route) =>
        Map(
            ("name", "health"),
            (
                "properties",
                Map(
                    ("protocol", "Http"),
                    ("port", route.Port),
                    ("requestPath", route.Health),
                    ("intervalInSeconds", 5),
                    ("probeThreshold", 2)
                )
            )
        );

    // What a balancer says of itself it says by ids, which it only has by its name.
    private static CodeValue Rule(LoadBalancerRoute route, CodeValue name)
    {
        return Map(
            ("name", "requests"),
            (
                "properties",
                Map(
                    ("protocol", "Tcp"),
                    ("frontendPort", route.Port),
                    ("backendPort", route.Port),
                    ("disableOutboundSnat", true),
                    ("enableTcpReset", true),
                    ("idleTimeoutInMinutes", 4),
                    ("frontendIPConfiguration", ById(Inner("frontendIPConfigurations", "front"))),
                    ("backendAddressPool", ById(Inner("backendAddressPools", "machines"))),
                    ("probe", ById(Inner("probes", "health")))
                )
            )
        );
        Call Inner(string kind, string one) =>
            new("resourceId", [$"Microsoft.Network/loadBalancers/{kind}", name, one]);
    }

    private static void AddLink(AzureDraft draft, MachineGroup group, BicepResource balancer) =>
        draft.Add(
            Part,
            AzureTypes.PrivateLinkService,
            (group, "link"),
            [
                .. Head(draft.Called($"{group.Name}-link", 80)),
                (
                    "properties",
                    Map(
                        (
                            "loadBalancerFrontendIpConfigurations",
                            List(ById(balancer.At("properties.frontendIPConfigurations[0].id")))
                        ),
                        (
                            "ipConfigurations",
                            List(
                                Map(
                                    ("name", "link"),
                                    (
                                        "properties",
                                        Map(
                                            ("primary", true),
                                            ("privateIPAddressVersion", "IPv4"),
                                            ("privateIPAllocationMethod", "Dynamic"),
                                            ("subnet", ById(AzureNetwork.Subnet(draft, AzureSubnets.Doors)))
                                        )
                                    )
                                )
                            )
                        )
                    )
                ),
            ]
        );
}
