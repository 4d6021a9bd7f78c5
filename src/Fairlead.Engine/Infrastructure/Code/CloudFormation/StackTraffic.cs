using System.Globalization;
using Fairlead.Engine.Infrastructure.Code.Aws;
using Fairlead.Model.Resources;
using static Fairlead.Engine.Infrastructure.Code.CloudFormation.StackDraft;
using static Fairlead.Engine.Infrastructure.Code.CodeValue;

namespace Fairlead.Engine.Infrastructure.Code.CloudFormation;

/// <summary>Load balancers, certificates and names.</summary>
internal static class StackTraffic
{
    /// <summary>The logical id of a route's target group.</summary>
    public static string Group(StackDraft draft, LoadBalancerRoute route) => draft.Id(route.Service, "Targets");

    /// <summary>What leads requests to a route: they must be there before anything can join its target group.</summary>
    public static IEnumerable<string> Leading(StackDraft draft, LoadBalancer balancer, LoadBalancerRoute route) =>
        route.IsDefault
            ? [draft.Id(balancer, Ending(balancer))]
            : Batches(route).Select((_, number) => Rule(draft, route, number));

    private static string Ending(LoadBalancer balancer) => balancer.Certificate is null ? "Http" : "Https";

    private static string Rule(StackDraft draft, LoadBalancerRoute route, int number) =>
        draft.Id(route.Service, number == 0 ? "Rule" : $"Rule{number + 1}");

    private static List<string[]> Batches(LoadBalancerRoute route) => [.. route.Paths.Chunk(AwsTraffic.PathsMax)];

    public static void Add(StackDraft draft, LoadBalancer balancer)
    {
        var id = draft.Id(balancer);
        draft.Add(
            new(
                id,
                "AWS::ElasticLoadBalancingV2::LoadBalancer",
                new([
                    ("Type", "application"),
                    ("Scheme", "internet-facing"),
                    ("Subnets", List([.. balancer.Subnets.Select(one => draft.Ref(one, "Subnet"))])),
                    ("SecurityGroups", List(draft.At(balancer.Firewall, "GroupId"))),
                    (
                        "LoadBalancerAttributes",
                        List(
                            Attribute("deletion_protection.enabled", balancer.IsProtected ? "true" : "false"),
                            // Headers that no client of good will sends.
                            Attribute("routing.http.drop_invalid_header_fields.enabled", "true")
                        )
                    ),
                ])
            )
            {
                After = [draft.Id(balancer.Network, "GatewayAttachment")],
            }
        );
        foreach (var route in balancer.Routes)
        {
            AddGroup(draft, balancer, route);
        }
        AddListeners(draft, balancer, id);
        AddRules(draft, balancer);
        draft.Tell(
            draft.Id(balancer, "Url"),
            "Where the load balancer answers",
            Join(balancer.Certificate is null ? "http://" : "https://", At(id, "DNSName"))
        );
    }

    private static void AddGroup(StackDraft draft, LoadBalancer balancer, LoadBalancerRoute route) =>
        draft.Add(
            Group(draft, route),
            "AWS::ElasticLoadBalancingV2::TargetGroup",
            ("VpcId", draft.Ref(balancer.Network)),
            ("TargetType", route.ToMachines ? "instance" : "ip"),
            ("Protocol", "HTTP"),
            ("Port", route.Port),
            ("HealthCheckPath", route.Health),
            ("HealthCheckIntervalSeconds", 10),
            ("HealthyThresholdCount", 2),
            ("Matcher", Map(("HttpCode", "200-399"))),
            (
                "TargetGroupAttributes",
                List(
                    Attribute(
                        "deregistration_delay.timeout_seconds",
                        ((int)Math.Clamp(route.Drain.TotalSeconds, 0, 3600)).ToString(CultureInfo.InvariantCulture)
                    )
                )
            )
        );

    private static CodeValue Attribute(string key, string value) => Map(("Key", key), ("Value", value));

    private static void AddListeners(StackDraft draft, LoadBalancer balancer, string id)
    {
        var usual = balancer.Routes.FirstOrDefault(static one => one.IsDefault);
        var last = usual is null
            ? Map(
                ("Type", "fixed-response"),
                (
                    "FixedResponseConfig",
                    Map(("StatusCode", "404"), ("ContentType", "text/plain"), ("MessageBody", "not found"))
                )
            )
            : Forward(draft, usual);
        if (balancer.Certificate is not { } certificate)
        {
            draft.Add(
                draft.Id(balancer, "Http"),
                "AWS::ElasticLoadBalancingV2::Listener",
                ("LoadBalancerArn", Ref(id)),
                ("Port", 80),
                ("Protocol", "HTTP"),
                ("DefaultActions", List(last))
            );
            draft.Note(
                "The load balancer answers without TLS, as nothing names a zone for certificates: infrastructure: { zone: example.com }"
            );
            return;
        }
        draft.Add(
            draft.Id(balancer, "Http"),
            "AWS::ElasticLoadBalancingV2::Listener",
            ("LoadBalancerArn", Ref(id)),
            ("Port", 80),
            ("Protocol", "HTTP"),
            (
                "DefaultActions",
                List(
                    Map(
                        ("Type", "redirect"),
                        ("RedirectConfig", Map(("Protocol", "HTTPS"), ("Port", "443"), ("StatusCode", "HTTP_301")))
                    )
                )
            )
        );
        draft.Add(
            draft.Id(balancer, "Https"),
            "AWS::ElasticLoadBalancingV2::Listener",
            ("LoadBalancerArn", Ref(id)),
            ("Port", 443),
            ("Protocol", "HTTPS"),
            ("SslPolicy", AwsTraffic.TlsPolicy),
            ("Certificates", List(Map(("CertificateArn", draft.Ref(certificate))))),
            ("DefaultActions", List(last))
        );
    }

    private static CodeValue Forward(StackDraft draft, LoadBalancerRoute route) =>
        Map(("Type", "forward"), ("TargetGroupArn", Ref(Group(draft, route))));

    private static void AddRules(StackDraft draft, LoadBalancer balancer)
    {
        var priority = 0;
        foreach (var route in balancer.Routes.Where(static one => !one.IsDefault))
        {
            var batches = Batches(route);
            for (var number = 0; number < batches.Count; number++)
            {
                priority += 10;
                draft.Add(
                    Rule(draft, route, number),
                    "AWS::ElasticLoadBalancingV2::ListenerRule",
                    ("ListenerArn", draft.Ref(balancer, Ending(balancer))),
                    ("Priority", priority),
                    (
                        "Conditions",
                        List(
                            Map(
                                ("Field", "path-pattern"),
                                (
                                    "PathPatternConfig",
                                    Map(("Values", Names(batches[number].SelectMany(AwsTraffic.Patterns))))
                                )
                            )
                        )
                    ),
                    ("Actions", List(Forward(draft, route)))
                );
            }
        }
    }

    public static CodeValue Zone(StackDraft draft, DnsZone zone)
    {
        draft.Note(
            $"CloudFormation reads the id of the zone {zone.Domain} at {ZonePath(zone)}, once for all apps: aws ssm put-parameter --type String --name {ZonePath(zone)} --value Z0123456789ABC"
        );
        return draft.Parameter(
            "HostedZoneId",
            "AWS::SSM::Parameter::Value<AWS::Route53::HostedZone::Id>",
            $"Where the id of the zone {zone.Domain} is kept",
            ZonePath(zone)
        );
    }

    private static string ZonePath(DnsZone zone) => $"/fairlead/zones/{zone.Domain}";

    public static void Add(StackDraft draft, Certificate certificate)
    {
        var zone = Zone(draft, certificate.Zone);
        draft.Add(
            draft.Id(certificate),
            "AWS::CertificateManager::Certificate",
            [
                ("DomainName", certificate.Hosts[0]),
                .. Some(
                    "SubjectAlternativeNames",
                    certificate.Hosts.Count == 1 ? null : Names(certificate.Hosts.Skip(1))
                ),
                ("ValidationMethod", "DNS"),
                (
                    "DomainValidationOptions",
                    List([.. certificate.Hosts.Select(host => Map(("DomainName", host), ("HostedZoneId", zone)))])
                ),
            ]
        );
    }

    public static void Add(StackDraft draft, DnsRecord record)
    {
        var zone = Zone(draft, record.Zone);
        // CloudFront has one zone for all of the world, and answers by IPv6 as well.
        var (name, of, types) = record.To switch
        {
            LoadBalancer balancer => (
                draft.At(balancer, "DNSName"),
                draft.At(balancer, "CanonicalHostedZoneID"),
                (string[])["A"]
            ),
            Cdn cdn => (draft.At(cdn, "DomainName"), (CodeValue)AwsPages.Zone, (string[])["A", "AAAA"]),
            _ => throw new ArgumentOutOfRangeException(nameof(record), record, "leads to nothing that has a name"),
        };
        foreach (var type in types)
        {
            draft.Add(
                draft.Id(record, type == "A" ? "" : "Ipv6"),
                "AWS::Route53::RecordSet",
                ("HostedZoneId", zone),
                ("Name", record.Host),
                ("Type", type),
                ("AliasTarget", Map(("DNSName", name), ("HostedZoneId", of)))
            );
        }
    }
}
