using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Serialization;

namespace Fairlead.Tests.Guarding.Network;

/// <summary>Reads what was written as the other side reads it, and says what would pass. It knows nothing of the plan.</summary>
internal static class Judges
{
    /// <summary>The rules of networking.k8s.io/v1, those too that nothing written here should need.</summary>
    public static Func<Packet, bool> Kubernetes(string yaml)
    {
        var policies = Documents(yaml);
        Assert.All(policies, policy => Assert.Equal("NetworkPolicy", Text(policy["kind"])));
        return packet => Passes(packet, packet.From, "Egress") && Passes(packet, packet.To, "Ingress");

        bool Passes(Packet packet, Machine pod, string way)
        {
            var chosen = policies
                .Where(policy =>
                    Text(policy["metadata"]!["namespace"]) == pod.Namespace
                    && Selects(policy["spec"]!["podSelector"]!, pod)
                    && policy["spec"]!["policyTypes"]!.AsArray().Any(type => Text(type) == way)
                )
                .ToList();
            // A pod that nobody speaks of is open to all.
            return pod.Namespace.Length == 0
                || chosen.Count == 0
                || chosen.Any(policy =>
                    (policy["spec"]![way.ToLowerInvariant()] as JsonArray ?? []).Any(rule =>
                        Allows(rule!, packet, way, pod.Namespace)
                    )
                );
        }

        static bool Allows(JsonNode rule, Packet packet, string way, string place)
        {
            var other = way == "Ingress" ? packet.From : packet.To;
            var peers = rule[way == "Ingress" ? "from" : "to"] as JsonArray;
            var ports = rule["ports"] as JsonArray;
            return (peers is null or { Count: 0 } || peers.Any(peer => Matches(peer!, other, place)))
                && (
                    ports is null or { Count: 0 }
                    || ports.Any(port =>
                        (port!["port"] is null || Number(port["port"]) == packet.Port)
                        && string.Equals(
                            Text(port["protocol"] ?? "TCP"),
                            packet.Transport,
                            StringComparison.OrdinalIgnoreCase
                        )
                    )
                );
        }

        static bool Matches(JsonNode peer, Machine other, string place)
        {
            if (peer["ipBlock"] is { } block)
            {
                return other.IsWithin(Text(block["cidr"]))
                    && !(block["except"] as JsonArray ?? []).Any(except => other.IsWithin(Text(except)));
            }
            var isThere = peer["namespaceSelector"] is { } selector
                ? other.Namespace.Length > 0
                    && (selector["matchLabels"] as JsonObject ?? []).All(label =>
                        label.Key == "kubernetes.io/metadata.name" && Text(label.Value) == other.Namespace
                    )
                : other.Namespace == place;
            return isThere && (peer["podSelector"] is not { } pods || Selects(pods, other));
        }
    }

    /// <summary>What Istio lets in, by who the caller proves to be.</summary>
    public static Func<Packet, bool> Istio(string yaml)
    {
        var all = Documents(yaml);
        var policies = all.Where(one => Text(one["kind"]) == "AuthorizationPolicy").ToList();
        Assert.Contains(
            all,
            one => Text(one["kind"]) == "PeerAuthentication" && Text(one["spec"]!["mtls"]!["mode"]) == "STRICT"
        );
        return packet =>
        {
            var chosen = policies
                .Where(policy =>
                    Text(policy["metadata"]!["namespace"]) == packet.To.Namespace
                    && (policy["spec"]!["selector"] is not { } selector || Selects(selector, packet.To))
                )
                .ToList();
            return chosen.Count == 0
                || chosen.Any(policy =>
                    (policy["spec"]!["rules"] as JsonArray ?? []).Any(rule =>
                        rule!["from"]!
                            .AsArray()
                            .Any(from =>
                                from!["source"]!["principals"]!
                                    .AsArray()
                                    .Any(principal =>
                                        packet.From.Account.Length > 0
                                        && Text(principal)
                                            == $"cluster.local/ns/{packet.From.Namespace}/sa/{packet.From.Account}"
                                    )
                            )
                        && rule["to"]!
                            .AsArray()
                            .Any(to => to!["operation"]!["ports"]!.AsArray().Any(port => Number(port) == packet.Port))
                    )
                );
        };
    }

    /// <summary>What Linkerd lets in.</summary>
    public static Func<Packet, bool> Linkerd(string yaml)
    {
        var all = Documents(yaml);
        JsonNode Find(string kind, string name) =>
            Assert.Single(all, one => Text(one["kind"]) == kind && Text(one["metadata"]!["name"]) == name);
        Assert.Contains(
            all,
            one =>
                Text(one["kind"]) == "Namespace"
                && Text(one["metadata"]!["annotations"]!["config.linkerd.io/default-inbound-policy"]) == "deny"
        );
        return packet =>
            all.Where(one => Text(one["kind"]) == "AuthorizationPolicy")
                .Any(policy =>
                {
                    var server = Find("Server", Text(policy["spec"]!["targetRef"]!["name"]));
                    return Selects(server["spec"]!["podSelector"]!, packet.To)
                        && Number(server["spec"]!["port"]) == packet.Port
                        && policy["spec"]!["requiredAuthenticationRefs"]!
                            .AsArray()
                            .All(reference =>
                                Find("MeshTLSAuthentication", Text(reference!["name"]))["spec"]!["identityRefs"]!
                                    .AsArray()
                                    .Any(account =>
                                        Text(account!["name"]) == packet.From.Account
                                        && Text(account["namespace"]) == packet.From.Namespace
                                    )
                            );
                });
    }

    /// <summary>What security groups let pass between machines that each have the group of their name.</summary>
    public static Func<Packet, bool> SecurityGroups(string json)
    {
        var file = JsonNode.Parse(json)!["resource"]!;
        var groups = file["aws_security_group"]!.AsObject().Select(one => one.Key).ToHashSet();
        var inward = Rules("aws_vpc_security_group_ingress_rule");
        var outward = Rules("aws_vpc_security_group_egress_rule");
        return packet =>
            (
                !groups.Contains(GroupOf(packet.From))
                || outward.Any(rule => Matches(rule, packet.From, packet.To, packet))
            )
            && (
                !groups.Contains(GroupOf(packet.To))
                || inward.Any(rule => Matches(rule, packet.To, packet.From, packet))
            );

        List<JsonNode> Rules(string kind) => [.. (file[kind] as JsonObject ?? []).Select(one => one.Value!)];

        static string GroupOf(Machine machine) => machine.IsMember ? $"service_{machine.Account}" : machine.Name;

        static string IdOf(Machine machine) =>
            machine.IsMember ? $"${{aws_security_group.{GroupOf(machine)}.id}}" : $"${{var.{machine.Name}_group_id}}";

        static bool Matches(JsonNode rule, Machine own, Machine other, Packet packet) =>
            Text(rule["security_group_id"]) == IdOf(own)
            && Text(rule["ip_protocol"]) == packet.Transport
            && Number(rule["from_port"]) <= packet.Port
            && packet.Port <= Number(rule["to_port"])
            && (
                rule["referenced_security_group_id"] is { } group
                    ? Text(group) == IdOf(other)
                    : other.IsWithin(Text(rule["cidr_ipv4"] ?? rule["cidr_ipv6"]))
            );
    }

    /// <summary>A table of nftables, of which only the words are known that are written.</summary>
    public static Func<Packet, bool> Nftables(string text)
    {
        Dictionary<string, string[]> sets = [];
        List<string[]> rules = [];
        List<string> bases = [];
        var block = "";
        foreach (var line in text.Split('\n').Select(line => line.Trim()).Where(line => line is [not '#', ..]))
        {
            if (line.Split(' ') is ["set" or "chain", ..])
            {
                block = line.TrimEnd('{', ' ');
            }
            else if (line.StartsWith("elements", StringComparison.Ordinal))
            {
                sets.Add(block[4..], line.Split('{', '}')[1].Split(',', StringSplitOptions.TrimEntries));
            }
            else if (line.StartsWith("type filter hook", StringComparison.Ordinal))
            {
                bases.Add(line);
            }
            else if (block == "chain guard" && line != "}")
            {
                rules.Add(line.Split(' '));
            }
        }
        Assert.Equal(
            new[] { "input", "output", "forward" }.Select(hook =>
                $"type filter hook {hook} priority filter; policy accept;"
            ),
            bases
        );
        return packet =>
            rules.Select(rule => Verdict(rule, packet, sets)).FirstOrDefault(verdict => verdict is not null) ?? true;
    }

    /// <summary>Null when the rule does not fit the packet.</summary>
    private static bool? Verdict(string[] rule, Packet packet, Dictionary<string, string[]> sets)
    {
        var family = packet.From.Address.Contains(':', StringComparison.Ordinal) ? "ip6" : "ip";
        switch (rule)
        {
            // A first packet has no state, and is no neighbour's question.
            case ["ct" or "icmpv6", ..]:
                return null;
            case ["ip" or "ip6", "saddr" or "daddr", var range, .. var rest]:
                var who = rule[1] == "saddr" ? packet.From : packet.To;
                var networks = range is ['@', .. var set] ? sets.GetValueOrDefault(set, []) : [range];
                return rule[0] == family && networks.Any(who.IsWithin) ? Verdict(rest, packet, sets) : null;
            case ["tcp" or "udp", "dport", var port, .. var rest]:
                return rule[0] == packet.Transport && port == packet.Port.ToString(CultureInfo.InvariantCulture)
                    ? Verdict(rest, packet, sets)
                    : null;
            case ["counter", .. var rest]:
                return Verdict(rest, packet, sets);
            case ["accept"]:
                return true;
            case ["drop"]:
                return false;
            default:
                throw new InvalidOperationException($"Unknown words: {string.Join(' ', rule)}");
        }
    }

    private static IReadOnlyList<JsonNode> Documents(string yaml)
    {
        var reader = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build();
        var writer = new SerializerBuilder().JsonCompatible().Build();
        return
        [
            .. yaml.Split("---\n")
                .Skip(1)
                .Select(one => JsonNode.Parse(writer.Serialize(reader.Deserialize<object>(one)))!),
        ];
    }

    private static bool Selects(JsonNode selector, Machine pod) =>
        (selector["matchLabels"] as JsonObject ?? []).All(label =>
            pod.Labels.GetValueOrDefault(label.Key) == Text(label.Value)
        );

    private static string Text(JsonNode? node) => node!.ToString();

    private static int Number(JsonNode? node) => int.Parse(Text(node), CultureInfo.InvariantCulture);
}
