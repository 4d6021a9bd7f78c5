using System.Globalization;
using Fairlead.Model.Resources;
using static Fairlead.Engine.Infrastructure.Code.Aws.AwsDraft;
using static Fairlead.Engine.Infrastructure.Code.CodeValue;

namespace Fairlead.Engine.Infrastructure.Code.Aws;

/// <summary>Networks, their parts, the ways in and out of them, and who is let in where.</summary>
internal static class AwsNetwork
{
    private const string Part = "network";
    private const string Everywhere = "0.0.0.0/0";

    public static CodeValue Id(AwsDraft draft, Network one) => draft.At("aws_vpc", one, "id");

    public static CodeValue Id(AwsDraft draft, Subnet one) => draft.At("aws_subnet", one, "id");

    public static CodeValue Id(AwsDraft draft, Firewall one) => draft.At("aws_security_group", one, "id");

    public static CodeValue Ids(AwsDraft draft, IEnumerable<Subnet> some) =>
        new Items([.. some.Select(one => Id(draft, one))]);

    public static void Add(AwsDraft draft, Network network)
    {
        draft.Add(
            Part,
            "aws_vpc",
            network,
            [
                Set("cidr_block", network.Range),
                Set("enable_dns_hostnames", true),
                Set("enable_dns_support", true),
                Tagged(network.Name),
            ]
        );
        draft.Add(
            Part,
            "aws_default_security_group",
            (network, "closed"),
            [Set("vpc_id", Id(draft, network))],
            "Every network has this group, and lets everything in that has it: nothing may be reached by it."
        );
        var subnets = draft.Graph.All<Subnet>().Where(one => one.Network == network).ToList();
        if (subnets.Exists(static one => one.IsPublic))
        {
            AddWayIn(draft, network);
        }
        foreach (var one in subnets.Where(static one => one.IsPublic).Take(network.Exits))
        {
            AddExit(draft, one);
        }
        AddPrivateTables(draft, network, subnets);
    }

    private static void AddWayIn(AwsDraft draft, Network network)
    {
        var gateway = draft.Add(
            Part,
            "aws_internet_gateway",
            (network, "gateway"),
            [Set("vpc_id", Id(draft, network)), Tagged(network.Name)]
        );
        draft.Add(
            Part,
            "aws_route_table",
            (network, "public"),
            [
                Set("vpc_id", Id(draft, network)),
                Tagged("public"),
                Each("route", Set("cidr_block", Everywhere), Set("gateway_id", gateway.At("id"))),
            ]
        );
    }

    private static void AddExit(AwsDraft draft, Subnet subnet)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"exit-{subnet.Zone + 1}");
        var address = draft.Add(Part, "aws_eip", (subnet, "address"), [Set("domain", "vpc"), Tagged(name)]);
        draft.Add(
            Part,
            "aws_nat_gateway",
            (subnet, "exit"),
            [Set("allocation_id", address.At("id")), Set("subnet_id", Id(draft, subnet)), Tagged(name)],
            subnet.Network.Exits == 1
                ? "Programs in private subnets go out here; one for all zones costs less, and goes with its zone."
                : null
        );
    }

    // One for each way out, or one for all where there is none.
    private static void AddPrivateTables(AwsDraft draft, Network network, List<Subnet> subnets)
    {
        var (open, closed) = (
            subnets.Where(static one => one.IsPublic).ToList(),
            subnets.Where(static one => !one.IsPublic).ToList()
        );
        for (var number = 0; closed.Count > 0 && number < Math.Max(1, network.Exits); number++)
        {
            List<PieceLine> lines =
            [
                Set("vpc_id", Id(draft, network)),
                Tagged(string.Create(CultureInfo.InvariantCulture, $"private-{number + 1}")),
            ];
            if (number < network.Exits)
            {
                lines.Add(
                    Each(
                        "route",
                        Set("cidr_block", Everywhere),
                        Set("nat_gateway_id", draft.At("aws_nat_gateway", open[number], "id", "exit"))
                    )
                );
            }
            draft.Add(Part, "aws_route_table", (network, PrivateTable(number)), lines);
        }
    }

    private static string PrivateTable(int number) =>
        string.Create(CultureInfo.InvariantCulture, $"private_{number + 1}");

    private static string Table(Subnet one) =>
        one.IsPublic ? "public" : PrivateTable(Math.Min(one.Zone, Math.Max(0, one.Network.Exits - 1)));

    public static void Add(AwsDraft draft, Subnet subnet)
    {
        var zones = draft.Look(
            new("aws_availability_zones", "here", [Set("state", "available")]) { Part = Part },
            string.Create(CultureInfo.InvariantCulture, $"names[{subnet.Zone}]")
        );
        draft.Add(
            Part,
            "aws_subnet",
            subnet,
            [
                Set("vpc_id", Id(draft, subnet.Network)),
                Set("cidr_block", subnet.Range),
                Set("availability_zone", zones),
                Tagged(subnet.Name),
            ]
        );
        draft.Add(
            Part,
            "aws_route_table_association",
            (subnet, "routes"),
            [
                Set("subnet_id", Id(draft, subnet)),
                Set("route_table_id", draft.At("aws_route_table", subnet.Network, "id", Table(subnet))),
            ]
        );
    }

    /// <summary>Ways to AWS itself that do not leave the network: to S3, which is free, and to all else where there is no other way.</summary>
    public static void AddEndpoints(AwsDraft draft)
    {
        var subnets = draft.Graph.All<Subnet>().Where(static one => !one.IsPublic).ToList();
        if (subnets.Count == 0)
        {
            return;
        }
        var network = subnets[0].Network;
        draft.Add(
            Part,
            "aws_vpc_endpoint",
            (network, "to_s3"),
            [
                Set("vpc_id", Id(draft, network)),
                Set("vpc_endpoint_type", "Gateway"),
                Set("service_name", Join("com.amazonaws.", Region, ".s3")),
                Set(
                    "route_table_ids",
                    new Items([
                        .. subnets
                            .Select(Table)
                            .Distinct()
                            .Select(one => draft.At("aws_route_table", network, "id", one)),
                    ])
                ),
                Tagged("to-s3"),
            ],
            "Costs nothing, and keeps images and files from going out and in again."
        );
        if (network.Exits == 0)
        {
            AddInterfaces(draft, network, subnets);
        }
    }

    private static void AddInterfaces(AwsDraft draft, Network network, List<Subnet> subnets)
    {
        var group = draft.Add(
            Part,
            "aws_security_group",
            (network, "endpoints"),
            [
                Set("name", draft.Called("endpoints", 255)),
                Set("description", "AWS itself, from within the network"),
                Set("vpc_id", Id(draft, network)),
                Tagged("endpoints"),
            ]
        );
        draft.Add(
            Part,
            "aws_vpc_security_group_ingress_rule",
            (network, "endpoints_in"),
            [
                Set("security_group_id", group.At("id")),
                Set("description", "programs in the network"),
                Set("cidr_ipv4", network.Range),
                Set("from_port", 443),
                Set("to_port", 443),
                Set("ip_protocol", "tcp"),
            ]
        );
        foreach (var service in (string[])["ecr.api", "ecr.dkr", "logs", "secretsmanager", "sqs"])
        {
            var name = $"to_{service.Replace('.', '_')}";
            draft.Add(
                Part,
                "aws_vpc_endpoint",
                (network, name),
                [
                    Set("vpc_id", Id(draft, network)),
                    Set("vpc_endpoint_type", "Interface"),
                    Set("service_name", Join("com.amazonaws.", Region, $".{service}")),
                    Set("private_dns_enabled", true),
                    Set("subnet_ids", Ids(draft, subnets)),
                    Set("security_group_ids", List(group.At("id"))),
                    Tagged(name.Replace('_', '-')),
                ]
            );
        }
    }

    public static void Add(AwsDraft draft, Firewall firewall)
    {
        draft.Add(
            Part,
            "aws_security_group",
            firewall,
            [
                Set("name", draft.Called(firewall.Name, 255)),
                Set("description", $"{firewall.Name} of {draft.Graph.Site.App} in {draft.Graph.Site.Environment}"),
                Set("vpc_id", Id(draft, firewall.Network)),
                Tagged(firewall.Name),
            ]
        );
        AddRules(draft, firewall, "ingress", firewall.LetsIn);
        if (firewall.LetsOut is { } some)
        {
            AddRules(draft, firewall, "egress", some);
            return;
        }
        draft.Add(
            Part,
            "aws_vpc_security_group_egress_rule",
            (firewall, "out"),
            [
                Set("security_group_id", Id(draft, firewall)),
                Set("description", "whatever it calls"),
                Set("cidr_ipv4", Everywhere),
                Set("ip_protocol", "-1"),
            ]
        );
    }

    private static void AddRules(AwsDraft draft, Firewall of, string way, IReadOnlyList<FirewallRule> rules)
    {
        for (var number = 0; number < rules.Count; number++)
        {
            var rule = rules[number];
            draft.Add(
                Part,
                $"aws_vpc_security_group_{way}_rule",
                (of, string.Create(CultureInfo.InvariantCulture, $"{(way == "egress" ? "out" : "in")}_{number + 1}")),
                [
                    Set("security_group_id", Id(draft, of)),
                    Set("description", AwsSizes.Said(rule.Why)),
                    rule.Range is { } range
                        ? Set("cidr_ipv4", range)
                        : Set("referenced_security_group_id", Id(draft, rule.Peer ?? of)),
                    Set("from_port", rule.Port),
                    Set("to_port", rule.Port),
                    Set("ip_protocol", rule.Protocol is FirewallProtocol.Udp ? "udp" : "tcp"),
                ]
            );
        }
    }
}
