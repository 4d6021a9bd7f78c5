using Fairlead.Engine.Infrastructure.Code.Aws;
using Fairlead.Model.Resources;
using static Fairlead.Engine.Infrastructure.Code.CloudFormation.StackDraft;
using static Fairlead.Engine.Infrastructure.Code.CodeValue;

namespace Fairlead.Engine.Infrastructure.Code.CloudFormation;

/// <summary>Networks, their parts, the ways out of them, and firewalls.</summary>
internal static class StackNetwork
{
    private const string Everywhere = "0.0.0.0/0";

    public static void Add(StackDraft draft, Network network)
    {
        var (vpc, gateway) = (draft.Id(network), draft.Id(network, "Gateway"));
        draft.Add(
            vpc,
            "AWS::EC2::VPC",
            ("CidrBlock", network.Range),
            ("EnableDnsSupport", true),
            ("EnableDnsHostnames", true),
            ("Tags", Tags(network.Name))
        );
        draft.Add(gateway, "AWS::EC2::InternetGateway", ("Tags", Tags(network.Name)));
        draft.Add(
            draft.Id(network, "GatewayAttachment"),
            "AWS::EC2::VPCGatewayAttachment",
            ("VpcId", Ref(vpc)),
            ("InternetGatewayId", Ref(gateway))
        );
        var table = draft.Id("public-routes");
        draft.Add(table, "AWS::EC2::RouteTable", ("VpcId", Ref(vpc)), ("Tags", Tags("public")));
        draft.Add(
            new(
                draft.Id("public-routes", "Out"),
                "AWS::EC2::Route",
                new([("RouteTableId", Ref(table)), ("DestinationCidrBlock", Everywhere), ("GatewayId", Ref(gateway))])
            )
            {
                After = [draft.Id(network, "GatewayAttachment")],
            }
        );
    }

    public static void Add(StackDraft draft, Subnet subnet)
    {
        var id = draft.Id(subnet, "Subnet");
        draft.Add(
            id,
            "AWS::EC2::Subnet",
            ("VpcId", draft.Ref(subnet.Network)),
            ("CidrBlock", subnet.Range),
            ("AvailabilityZone", new Call("Select", [subnet.Zone, new Call("GetAZs", [""])])),
            ("MapPublicIpOnLaunch", false),
            ("Tags", Tags(subnet.Name))
        );
        if (subnet.IsPublic)
        {
            AddExit(draft, subnet);
        }
        else
        {
            AddPrivateRoutes(draft, subnet);
        }
        draft.Add(
            draft.Id(subnet, "Routes"),
            "AWS::EC2::SubnetRouteTableAssociation",
            ("SubnetId", Ref(id)),
            ("RouteTableId", Ref(subnet.IsPublic ? draft.Id("public-routes") : PrivateTable(draft, subnet)))
        );
    }

    // As many ways out as the network says, in the first zones.
    private static void AddExit(StackDraft draft, Subnet subnet)
    {
        if (subnet.Zone >= subnet.Network.Exits)
        {
            return;
        }
        var number = Number(subnet.Zone);
        draft.Add(
            new(
                draft.Id("exit-address", number),
                "AWS::EC2::EIP",
                new([("Domain", "vpc"), ("Tags", Tags($"exit-{subnet.Zone + 1}"))])
            )
            {
                After = [draft.Id(subnet.Network, "GatewayAttachment")],
            }
        );
        draft.Add(
            new(
                draft.Id("exit", number),
                "AWS::EC2::NatGateway",
                new([
                    ("AllocationId", At(draft.Id("exit-address", number), "AllocationId")),
                    ("SubnetId", draft.Ref(subnet, "Subnet")),
                    ("Tags", Tags($"exit-{subnet.Zone + 1}")),
                ])
            )
            {
                Why =
                    subnet.Network.Exits == 1
                        ? "Programs in private subnets go out here; one for all zones costs less, and goes with its zone."
                        : null,
            }
        );
    }

    private static void AddPrivateRoutes(StackDraft draft, Subnet subnet)
    {
        var table = PrivateTable(draft, subnet);
        if (draft.Resources.Any(one => one.Id == table))
        {
            return;
        }
        var zone = Math.Min(subnet.Zone, Math.Max(0, subnet.Network.Exits - 1));
        draft.Add(
            table,
            "AWS::EC2::RouteTable",
            ("VpcId", draft.Ref(subnet.Network)),
            ("Tags", Tags($"private-{zone + 1}"))
        );
        if (subnet.Network.Exits > 0)
        {
            draft.Add(
                draft.Id("private-routes", $"{Number(zone)}Out"),
                "AWS::EC2::Route",
                ("RouteTableId", Ref(table)),
                ("DestinationCidrBlock", Everywhere),
                ("NatGatewayId", Ref(draft.Id("exit", Number(zone))))
            );
        }
    }

    private static string PrivateTable(StackDraft draft, Subnet subnet) =>
        draft.Id("private-routes", Number(Math.Min(subnet.Zone, Math.Max(0, subnet.Network.Exits - 1))));

    private static string Number(int zone) => zone == 0 ? "" : $"{zone + 1}";

    /// <summary>Ways to AWS itself that do not leave the network: to S3, which is free, and to all else where there is no other way.</summary>
    public static void AddEndpoints(StackDraft draft)
    {
        var subnets = draft.Graph.All<Subnet>().Where(static one => !one.IsPublic).ToList();
        if (subnets.Count == 0)
        {
            return;
        }
        var network = subnets[0].Network;
        draft.Add(
            new(
                draft.Id(network, "ToS3"),
                "AWS::EC2::VPCEndpoint",
                new([
                    ("VpcEndpointType", "Gateway"),
                    ("VpcId", draft.Ref(network)),
                    ("ServiceName", Join("com.amazonaws.", Region, ".s3")),
                    (
                        "RouteTableIds",
                        List([.. subnets.Select(one => PrivateTable(draft, one)).Distinct().Select(Ref)])
                    ),
                ])
            )
            {
                Why = "Costs nothing, and keeps images and files from going out and in again.",
            }
        );
        if (network.Exits == 0)
        {
            AddInterfaces(draft, network, subnets);
        }
    }

    private static void AddInterfaces(StackDraft draft, Network network, List<Subnet> subnets)
    {
        var firewall = draft.Id(network, "EndpointsFirewall");
        draft.Add(
            firewall,
            "AWS::EC2::SecurityGroup",
            ("GroupDescription", "AWS itself, from within the network"),
            ("VpcId", draft.Ref(network)),
            (
                "SecurityGroupIngress",
                List(Map(("IpProtocol", "tcp"), ("FromPort", 443), ("ToPort", 443), ("CidrIp", network.Range)))
            )
        );
        foreach (var service in (string[])["ecr.api", "ecr.dkr", "logs", "secretsmanager", "sqs"])
        {
            draft.Add(
                draft.Id($"to-{service.Replace('.', '-')}"),
                "AWS::EC2::VPCEndpoint",
                ("VpcEndpointType", "Interface"),
                ("VpcId", draft.Ref(network)),
                ("ServiceName", Join("com.amazonaws.", Region, $".{service}")),
                ("PrivateDnsEnabled", true),
                ("SubnetIds", List([.. subnets.Select(one => draft.Ref(one, "Subnet"))])),
                ("SecurityGroupIds", List(Ref(firewall)))
            );
        }
    }

    public static void Add(StackDraft draft, Firewall firewall)
    {
        var id = draft.Id(firewall);
        var fromOutside = firewall.LetsIn.Where(static rule => !rule.IsAmongThemselves).ToList();
        draft.Add(
            id,
            "AWS::EC2::SecurityGroup",
            [
                ("GroupDescription", AwsSizes.Said($"{firewall.Name} of {draft.Graph.Site}")),
                ("VpcId", draft.Ref(firewall.Network)),
                .. Some(
                    "SecurityGroupIngress",
                    fromOutside.Count == 0
                        ? null
                        : List([.. fromOutside.Select(rule => Map([.. Rule(draft, rule, "SourceSecurityGroupId")]))])
                ),
                .. Some("SecurityGroupEgress", Out(draft, firewall)),
                ("Tags", Tags(firewall.Name)),
            ]
        );
        // A group that names itself can only be told so once it is there.
        foreach (var rule in firewall.LetsIn.Where(static rule => rule.IsAmongThemselves))
        {
            draft.Add(
                draft.Id(firewall, $"Among{rule.Port}"),
                "AWS::EC2::SecurityGroupIngress",
                [("GroupId", At(id, "GroupId")), .. Rule(draft, rule, ""), ("SourceSecurityGroupId", At(id, "GroupId"))]
            );
        }
    }

    private static CodeValue? Out(StackDraft draft, Firewall firewall) =>
        firewall.LetsOut switch
        {
            null => null,
            // An empty list would leave the rule in place that lets everything out.
            { Count: 0 } => List(
                Map(("IpProtocol", "-1"), ("CidrIp", "127.0.0.1/32"), ("Description", "Nothing goes out by itself"))
            ),
            var rules => List([.. rules.Select(rule => Map([.. Rule(draft, rule, "DestinationSecurityGroupId")]))]),
        };

    private static IEnumerable<(string, CodeValue)> Rule(StackDraft draft, FirewallRule rule, string peer) =>
        [
            ("IpProtocol", rule.Protocol is FirewallProtocol.Udp ? "udp" : "tcp"),
            ("FromPort", rule.Port),
            ("ToPort", rule.Port),
            .. rule.Peer is { } firewall ? [(peer, draft.At(firewall, "GroupId"))]
            : rule.Range is { } range ? [("CidrIp", range)]
            : Array.Empty<(string, CodeValue)>(),
            ("Description", AwsSizes.Said(rule.Why)),
        ];
}
