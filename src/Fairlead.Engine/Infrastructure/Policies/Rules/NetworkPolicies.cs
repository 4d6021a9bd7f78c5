using System.Text.Json.Nodes;
using Fairlead.Model.Resources;

namespace Fairlead.Engine.Infrastructure.Policies.Rules;

/// <summary>Of who may connect, and how.</summary>
internal static class NetworkPolicies
{
    public static IReadOnlyList<Policy> All { get; } =
    [
        new(
            "firewall-open",
            PolicySeverity.Critical,
            "Programs search the whole internet for such ports within minutes, and try passwords and known weaknesses.",
            "Name the addresses or the security group that need it. For a shell, use Session Manager, IAP or Bastion instead."
        )
        {
            Find = static plan => [.. OfGroups(plan), .. OfRules(plan), .. OfGoogle(plan), .. OfAzure(plan)],
        },
        new(
            "listener-plain",
            PolicySeverity.High,
            "Whoever is on the way reads passwords and sessions, and changes pages.",
            "Redirect to HTTPS, and forward from there only."
        )
        {
            Find = Plain,
        },
        new(
            "tls-old",
            PolicySeverity.High,
            "TLS before 1.2 has known weaknesses, and audits such as PCI DSS refuse it.",
            "Take TLS 1.2 at least: ELBSecurityPolicy-TLS13-1-2-2021-06 for listeners, TLSv1.2_2021 for CloudFront."
        )
        {
            Find = OldTls,
        },
        new(
            "cluster-open",
            PolicySeverity.High,
            "Everybody can talk to what governs the whole cluster: one weakness in it, or one lost key, is enough.",
            "Name the addresses that may, or switch the public endpoint off."
        )
        {
            Find = OpenClusters,
        },
    ];

    private static Violation Open(PlannedThing one, (string Attribute, string Range) at, (string? Protocol, decimal? From, decimal? To) ports) =>
        Violation.Of(one, at.Attribute, $"{Addresses.Ports(ports.Protocol, ports.From, ports.To)} open to {at.Range}.") with
        {
            Hints = [at.Range, $"{ports.From}"],
        };

    private static IEnumerable<Violation> OfGroups(JudgedPlan plan)
    {
        foreach (var one in plan.Of("aws_security_group", "aws_default_security_group"))
        {
            foreach (var (at, rule) in one.Values["ingress"].Groups())
            {
                var ports = (rule["protocol"].Text(), rule["from_port"].Number(), rule["to_port"].Number());
                if (!Addresses.IsForEverybody(ports.Item1, ports.Item2, ports.Item3))
                {
                    foreach (var (name, range) in Ranges(rule))
                    {
                        yield return Open(one, ($"ingress.{at}.{name}", range), ports);
                    }
                }
            }
        }
    }

    private static IEnumerable<(string Name, string Range)> Ranges(JsonObject rule) =>
        ((string[])["cidr_blocks", "ipv6_cidr_blocks"]).SelectMany(name =>
            rule[name].Texts().Where(Addresses.IsEverybody).Take(1).Select(range => (name, range))
        );

    private static IEnumerable<Violation> OfRules(JudgedPlan plan)
    {
        foreach (var one in plan.Of("aws_security_group_rule").Where(static one => one.Values["type"].Text() is "ingress"))
        {
            var ports = (one.Values["protocol"].Text(), one.Values["from_port"].Number(), one.Values["to_port"].Number());
            foreach (var (name, range) in Addresses.IsForEverybody(ports.Item1, ports.Item2, ports.Item3) ? [] : Ranges(one.Values))
            {
                yield return Open(one, (name, range), ports);
            }
        }
        foreach (var one in plan.Of("aws_vpc_security_group_ingress_rule"))
        {
            var ports = (one.Values["ip_protocol"].Text(), one.Values["from_port"].Number(), one.Values["to_port"].Number());
            foreach (var name in (string[])["cidr_ipv4", "cidr_ipv6"])
            {
                if (one.Values[name].Text() is { } range && Addresses.IsEverybody(range) && !Addresses.IsForEverybody(ports.Item1, ports.Item2, ports.Item3))
                {
                    yield return Open(one, (name, range), ports);
                }
            }
        }
    }

    private static IEnumerable<Violation> OfGoogle(JudgedPlan plan)
    {
        foreach (var one in plan.Of("google_compute_firewall"))
        {
            var range = one.Values["source_ranges"].Texts().FirstOrDefault(Addresses.IsEverybody);
            if (range is null || one.Values["direction"].Text() is "EGRESS" || one.Values["disabled"].Truth() is true)
            {
                continue;
            }
            foreach (var (at, allow) in one.Values["allow"].Groups())
            {
                var ports = allow["ports"].Texts().ToList();
                var other = ports.Count == 0 ? "all" : ports.Find(static port => port is not ("80" or "443"));
                if (other is not null && allow["protocol"].Text() is not "icmp")
                {
                    yield return Violation.Of(one, "source_ranges", $"Port {other} is open to {range}.") with { Hints = [range] };
                }
            }
        }
    }

    private static IEnumerable<Violation> OfAzure(JudgedPlan plan)
    {
        var rules = plan.Of("azurerm_network_security_rule")
            .Select(static one => (Thing: one, Rule: one.Values, Path: ""))
            .Concat(
                plan.Of("azurerm_network_security_group")
                    .SelectMany(static one =>
                        one.Values["security_rule"].Groups().Select(rule => (one, rule.Group, $"security_rule.{rule.At}."))
                    )
            );
        foreach (var (thing, rule, path) in rules)
        {
            if (rule["direction"].Text() is not "Inbound" || rule["access"].Text() is not "Allow")
            {
                continue;
            }
            var ports = rule["destination_port_ranges"].Texts().Concat(rule["destination_port_range"].Texts()).ToList();
            var other = ports.Find(static port => port is not ("80" or "443"));
            foreach (var name in (string[])["source_address_prefix", "source_address_prefixes"])
            {
                if (other is not null && rule[name].Texts().FirstOrDefault(Addresses.IsEverybody) is { } range)
                {
                    yield return Violation.Of(thing, $"{path}{name}", $"Port {other} is open to {range}.") with { Hints = [range, other] };
                }
            }
        }
    }

    private static IEnumerable<Violation> Plain(JudgedPlan plan)
    {
        foreach (var one in plan.Of("aws_lb_listener", "aws_alb_listener"))
        {
            // A listener that says no protocol is one of a network load balancer or HTTP.
            if (one.Values["protocol"].Text() is "HTTP" && one.Values["default_action"].Groups().Any(static action => action.Group["type"].Text() is "forward"))
            {
                yield return Violation.Of(one, "protocol", "It forwards requests that come over plain HTTP.");
            }
        }
        foreach (var one in plan.Of("aws_cloudfront_distribution"))
        {
            foreach (var block in (string[])["default_cache_behavior", "ordered_cache_behavior"])
            {
                foreach (var (at, behaviour) in one.Values[block].Groups().Where(static one => one.Group["viewer_protocol_policy"].Text() is "allow-all"))
                {
                    yield return Violation.Of(one, $"{block}.{at}.viewer_protocol_policy", "It answers over plain HTTP.") with
                    {
                        Hints = ["allow-all", behaviour["path_pattern"].Text() ?? ""],
                    };
                }
            }
        }
        foreach (var one in plan.Of("azurerm_linux_web_app", "azurerm_windows_web_app", "azurerm_linux_function_app", "azurerm_windows_function_app"))
        {
            if (one.IsOff("https_only"))
            {
                yield return Violation.Of(one, "https_only", "It answers over plain HTTP.");
            }
        }
    }

    private static IEnumerable<Violation> OldTls(JudgedPlan plan)
    {
        foreach (var one in plan.Of("aws_lb_listener", "aws_alb_listener").Where(static one => one.Values["protocol"].Text() is "HTTPS" or "TLS"))
        {
            if (one.Values["ssl_policy"].Text() is { } policy ? IsOldPolicy(policy) : one.IsUnset("ssl_policy"))
            {
                yield return Violation.Of(one, "ssl_policy", $"It takes old TLS, by {one.Values["ssl_policy"].Text() ?? "ELBSecurityPolicy-2016-08, which is what AWS takes when nothing is said"}.");
            }
        }
        (string Type, string Path)[] versions =
        [
            ("aws_cloudfront_distribution", "viewer_certificate.0.minimum_protocol_version"),
            ("aws_api_gateway_domain_name", "security_policy"),
            ("aws_opensearch_domain", "domain_endpoint_options.0.tls_security_policy"),
            ("azurerm_storage_account", "min_tls_version"),
            ("azurerm_mssql_server", "minimum_tls_version"),
            ("azurerm_redis_cache", "minimum_tls_version"),
            ("azurerm_linux_web_app", "site_config.0.minimum_tls_version"),
            ("google_compute_ssl_policy", "min_tls_version"),
        ];
        foreach (var (type, path) in versions)
        {
            foreach (var one in plan.Of(type))
            {
                // Without a certificate of its own a distribution answers at CloudFront's name, whatever is said.
                if (one.Values.At(path).Text() is { } version && IsOldVersion(version) && one.Values.At("viewer_certificate.0.cloudfront_default_certificate").Truth() is not true)
                {
                    yield return Violation.Of(one, path, $"It takes {version}.");
                }
            }
        }
    }

    private static bool IsOldPolicy(string policy) =>
        policy is "ELBSecurityPolicy-2016-08" or "ELBSecurityPolicy-2015-05" or "ELBSecurityPolicy-FS-2018-06"
        || policy.Contains("TLS-1-0", StringComparison.Ordinal)
        || policy.Contains("TLS-1-1", StringComparison.Ordinal)
        || policy.Contains("TLS13-1-0", StringComparison.Ordinal)
        || policy.Contains("TLS13-1-1", StringComparison.Ordinal)
        || policy.Contains("-FS-1-1-", StringComparison.Ordinal);

    private static bool IsOldVersion(string version) =>
        version
            is "SSLv3"
                or "TLSv1"
                or "TLSv1_2016"
                or "TLSv1.1_2016"
                or "TLS_1_0"
                or "TLS_1_1"
                or "TLS1_0"
                or "TLS1_1"
                or "1.0"
                or "1.1"
                or "Policy-Min-TLS-1-0-2019-07";

    private static IEnumerable<Violation> OpenClusters(JudgedPlan plan)
    {
        foreach (var one in plan.Of("aws_eks_cluster"))
        {
            var network = one.Values.At("vpc_config.0");
            var ranges = network.At("public_access_cidrs");
            var isOpen = ranges.Texts().Any(Addresses.IsEverybody) || ranges is null || ranges.IsUnknown();
            if (isOpen && network.At("endpoint_public_access").Truth() is not false)
            {
                yield return Violation.Of(one, "vpc_config.0.public_access_cidrs", "Its API is open to everybody.");
            }
        }
        foreach (var one in plan.Of("google_container_cluster"))
        {
            if (one.Values.At("private_cluster_config.0.enable_private_endpoint").Truth() is not true && one.IsUnset("master_authorized_networks_config"))
            {
                yield return Violation.Of(one, "master_authorized_networks_config", "Its API is open to everybody.");
            }
        }
        foreach (var one in plan.Of("azurerm_kubernetes_cluster"))
        {
            if (one.Values["private_cluster_enabled"].Truth() is not true && one.IsUnset("api_server_access_profile") && one.IsUnset("api_server_authorized_ip_ranges"))
            {
                yield return Violation.Of(one, "api_server_access_profile", "Its API is open to everybody.");
            }
        }
    }
}
