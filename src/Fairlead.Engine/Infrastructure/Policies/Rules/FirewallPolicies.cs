using System.Text.Json.Nodes;
using Fairlead.Model.Resources;

namespace Fairlead.Engine.Infrastructure.Policies.Rules;

/// <summary>Of who may connect.</summary>
internal static class FirewallPolicies
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
    ];

    private static Violation Open(
        PlannedThing one,
        (string Attribute, string Range) at,
        (string? Protocol, decimal? From, decimal? To) ports
    ) =>
        Violation.Of(
            one,
            at.Attribute,
            $"{Addresses.Ports(ports.Protocol, ports.From, ports.To)} open to {at.Range}."
        ) with
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
        foreach (
            var one in plan.Of("aws_security_group_rule").Where(static one => one.Values["type"].Text() is "ingress")
        )
        {
            var ports = (
                one.Values["protocol"].Text(),
                one.Values["from_port"].Number(),
                one.Values["to_port"].Number()
            );
            foreach (
                var (name, range) in Addresses.IsForEverybody(ports.Item1, ports.Item2, ports.Item3)
                    ? []
                    : Ranges(one.Values)
            )
            {
                yield return Open(one, (name, range), ports);
            }
        }
        foreach (var one in plan.Of("aws_vpc_security_group_ingress_rule"))
        {
            var ports = (
                one.Values["ip_protocol"].Text(),
                one.Values["from_port"].Number(),
                one.Values["to_port"].Number()
            );
            foreach (var name in (string[])["cidr_ipv4", "cidr_ipv6"])
            {
                if (
                    one.Values[name].Text() is { } range
                    && Addresses.IsEverybody(range)
                    && !Addresses.IsForEverybody(ports.Item1, ports.Item2, ports.Item3)
                )
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
                    yield return Violation.Of(one, "source_ranges", $"Port {other} is open to {range}.") with
                    {
                        Hints = [range],
                    };
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
                        one.Values["security_rule"]
                            .Groups()
                            .Select(rule => (one, rule.Group, $"security_rule.{rule.At}."))
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
                    yield return Violation.Of(thing, $"{path}{name}", $"Port {other} is open to {range}.") with
                    {
                        Hints = [range, other],
                    };
                }
            }
        }
    }
}
