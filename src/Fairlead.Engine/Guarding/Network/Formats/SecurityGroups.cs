using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Guarding.Network.Formats;

/// <summary>
/// Security groups of AWS as a JSON file of Terraform: a group for each service, which Terraform makes without the rule that allows
/// everything out. Groups of the edge and the server are somebody else's, so they are variables.
/// </summary>
internal static class SecurityGroups
{
    /// <summary>What AWS gives an account when it asks for no more; in and out are counted apart.</summary>
    private const int RulesMax = 60;

    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        IndentSize = 2,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static WrittenPolicy Write(NetworkPlan plan, Places places)
    {
        JsonObject groups = [];
        JsonObject inward = [];
        JsonObject outward = [];
        foreach (var member in plan.Members)
        {
            groups[NameOf(member)] = Group(member, plan);
            foreach (var flow in plan.Into(member))
            {
                Add(inward, member, flow, Ends(flow.From, places));
            }
            foreach (var flow in plan.OutOf(member))
            {
                Add(outward, member, flow, Ends(flow.To, places));
            }
        }
        var ends = plan.Flows.SelectMany(flow => new[] { flow.From, flow.To }).ToHashSet();
        JsonObject variables = new() { ["vpc_id"] = Variable("The network in which the services run.") };
        if (ends.Contains(new Peer.Edge()))
        {
            variables["edge_group_id"] = Variable("The security group of Fairlead's edge.");
        }
        if (ends.Contains(new Peer.Server()))
        {
            variables["server_group_id"] = Variable("The security group of Fairlead's server.");
        }
        JsonObject resources = new() { ["aws_security_group"] = groups };
        AddIfAny(resources, "aws_vpc_security_group_ingress_rule", inward);
        AddIfAny(resources, "aws_vpc_security_group_egress_rule", outward);
        JsonObject file = new()
        {
            ["//"] = $"Who may talk to whom in {plan.Site}, from its fairlead.yaml. Everything else is refused.",
            ["terraform"] = new JsonObject
            {
                ["required_providers"] = new JsonObject
                {
                    ["aws"] = new JsonObject { ["source"] = "hashicorp/aws", ["version"] = ">= 5.0" },
                },
            },
            ["variable"] = variables,
            ["resource"] = resources,
        };
        return new(file.ToJsonString(Readable) + "\n", Warnings(plan, places, inward, outward));
    }

    private static string[] Warnings(NetworkPlan plan, Places places, JsonObject inward, JsonObject outward) =>
        [
            .. plan.Notes,
            .. plan
                .Outside.Where(host => places.Of(host).Count == 0)
                .Select(host =>
                    $"Security groups know no names, so {host} is refused: say where it is, --address {host}=ADDRESS."
                ),
            .. places.Of(new Peer.Resolver()).Count == 0
                ? (string[])
                    [
                        "No name server is allowed but Amazon's own, which no security group holds back: name another with --address resolver=ADDRESS.",
                    ]
                : [],
            .. new[] { ("in", inward), ("out", outward) }.SelectMany(way =>
                way.Item2.GroupBy(rule => rule.Value!["security_group_id"]!.GetValue<string>())
                    .Where(rules => rules.Count() > RulesMax)
                    .Select(rules =>
                        $"{rules.Key} has {rules.Count()} rules for what goes {way.Item1}; AWS takes {RulesMax} unless a higher quota is asked for."
                    )
            ),
        ];

    private static void AddIfAny(JsonObject resources, string kind, JsonObject entries)
    {
        if (entries.Count > 0)
        {
            resources[kind] = entries;
        }
    }

    private static JsonObject Group(string member, NetworkPlan plan) =>
        new()
        {
            ["name"] = $"fairlead-{plan.Site.App}-{plan.Site.Environment}-{member}",
            ["description"] = $"{member} of {plan.Site}, by Fairlead",
            ["vpc_id"] = "${var.vpc_id}",
            ["tags"] = new JsonObject
            {
                ["Name"] = $"fairlead-{plan.Site.App}-{plan.Site.Environment}-{member}",
                ["fairlead:app"] = plan.Site.App,
                ["fairlead:environment"] = plan.Site.Environment,
                ["fairlead:service"] = member,
            },
            // A group that others still name cannot be deleted first.
            ["lifecycle"] = new JsonObject { ["create_before_destroy"] = true },
        };

    private static void Add(
        JsonObject rules,
        string member,
        Flow flow,
        IEnumerable<(string Name, string Key, string Value)> ends
    )
    {
        var transport = flow.Transport is Transport.Udp ? "udp" : "tcp";
        foreach (var (name, key, value) in ends)
        {
            rules[string.Create(CultureInfo.InvariantCulture, $"{NameOf(member)}_{name}_{flow.Port}_{transport}")] =
                new JsonObject
                {
                    ["security_group_id"] = IdOf(member),
                    [key] = value,
                    ["ip_protocol"] = transport,
                    ["from_port"] = flow.Port,
                    ["to_port"] = flow.Port,
                    ["description"] = Described(flow.Because),
                };
        }
    }

    private static IEnumerable<(string Name, string Key, string Value)> Ends(Peer peer, Places places) =>
        peer switch
        {
            Peer.Member member => [(NameOf(member.Service), "referenced_security_group_id", IdOf(member.Service))],
            Peer.Edge => [("edge", "referenced_security_group_id", "${var.edge_group_id}")],
            Peer.Server => [("server", "referenced_security_group_id", "${var.server_group_id}")],
            _ => places
                .Of(peer)
                .Select(network =>
                    (
                        $"to_{network.Replace('.', '_').Replace(':', '_').Replace('/', '-')}",
                        Places.FamilyOf(network) == 6 ? "cidr_ipv6" : "cidr_ipv4",
                        network
                    )
                ),
        };

    private static string NameOf(string service) => $"service_{service}";

    private static string IdOf(string service) => $"${{aws_security_group.{NameOf(service)}.id}}";

    /// <summary>AWS takes few letters in a description, and Terraform would read some as its own.</summary>
    private static string Described(string text)
    {
        var plain = string.Concat(
            text.Select(letter =>
                char.IsAsciiLetterOrDigit(letter) || " ._-:/".Contains(letter, StringComparison.Ordinal) ? letter : '_'
            )
        );
        return plain.Length <= 255 ? plain : plain[..255];
    }

    private static JsonObject Variable(string about) => new() { ["type"] = "string", ["description"] = about };
}
