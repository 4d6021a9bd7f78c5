using System.Globalization;
using System.Text;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Guarding.Network.Formats;

/// <summary>
/// A table of nftables for every machine on which services run or through which they talk. Services are told apart by their addresses, so
/// each needs some of its own; packets from and to other addresses are none of its business. Loading it again replaces it in one step.
/// </summary>
internal static class NftablesRules
{
    private const string Metadata4 = "169.254.0.0/16";
    private const string Metadata6 = "fd00:ec2::254/128";
    private static readonly int[] Families = [4, 6];
    private static readonly string[] Hooks = ["input", "output", "forward"];

    public static WrittenPolicy Write(NetworkPlan plan, Places places)
    {
        var table = $"fairlead_{plan.Site.App}_{plan.Site.Environment}";
        var peers = plan
            .Members.Select(Peer (member) => new Peer.Member(member))
            .Concat(plan.Flows.SelectMany(flow => new[] { flow.From, flow.To }))
            .Distinct()
            .ToList();
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"# Who may talk to whom in {plan.Site}, from its fairlead.yaml. Everything else is refused.\n"
        );
        text.Append("# Whoever looks after these machines over SSH must be in 'operators', or is locked out.\n");
        text.Append("# Load it in one step: nft -f THIS. Take it back: nft delete table inet ");
        text.Append(CultureInfo.InvariantCulture, $"{table}\n");
        // Naming the table first lets it be deleted where it is not there yet.
        text.Append(CultureInfo.InvariantCulture, $"table inet {table}\ndelete table inet {table}\n");
        text.Append(CultureInfo.InvariantCulture, $"table inet {table} {{\n");
        foreach (var peer in peers)
        {
            int[] families = [.. Families.Where(family => MayBe(peer, family))];
            AppendSets(text, NameOf(peer), places.Of(peer), families);
        }
        AppendSets(text, "operators", places.Named(Places.Operators), Families);
        AppendSets(
            text,
            "members",
            [.. plan.Members.SelectMany(member => places.Of(new Peer.Member(member))).Distinct()],
            Families
        );
        text.Append("    chain guard {\n");
        foreach (var rule in Rules(plan))
        {
            text.Append("        ").Append(rule).Append('\n');
        }
        text.Append("    }\n");
        foreach (var hook in Hooks)
        {
            text.Append(CultureInfo.InvariantCulture, $"    chain {hook} {{\n");
            text.Append(
                CultureInfo.InvariantCulture,
                $"        type filter hook {hook} priority filter; policy accept;\n"
            );
            text.Append("        jump guard\n    }\n");
        }
        text.Append("}\n");
        return new(text.ToString(), Warnings(plan, places, peers));
    }

    private static IEnumerable<string> Rules(NetworkPlan plan)
    {
        // Answers, and errors about them, belong to a connection that was allowed.
        yield return "ct state established,related accept";
        // Without these no machine finds its neighbour on IPv6.
        yield return "icmpv6 type { nd-router-solicit, nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert } accept";
        foreach (var family in Families)
        {
            var ip = family == 4 ? "ip" : "ip6";
            yield return $"{ip} saddr @operators_v{family} {ip} daddr @members_v{family} tcp dport 22 accept";
            var flows = plan.Flows.Where(flow => MayBe(flow.To, family)).ToList();
            foreach (var flow in flows.Where(flow => IsMetadata(flow.To)))
            {
                yield return Allow(flow, family);
            }
            // Clouds hand out credentials there to whoever asks from the machine: never reached through a wider network.
            yield return $"{ip} saddr @members_v{family} {ip} daddr {(family == 4 ? Metadata4 : Metadata6)} counter drop";
            foreach (var flow in flows.Where(flow => flow.To is Peer.Member))
            {
                yield return Allow(flow, family);
            }
            // Before what leads out: a wide network outside holds the members' own addresses too.
            yield return $"{ip} daddr @members_v{family} counter drop";
            foreach (var flow in flows.Where(flow => flow.To is not Peer.Member && !IsMetadata(flow.To)))
            {
                yield return Allow(flow, family);
            }
            yield return $"{ip} saddr @members_v{family} counter drop";
        }
    }

    private static string Allow(Flow flow, int family)
    {
        var ip = family == 4 ? "ip" : "ip6";
        var transport = flow.Transport is Transport.Udp ? "udp" : "tcp";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{ip} saddr @{NameOf(flow.From)}_v{family} {ip} daddr @{NameOf(flow.To)}_v{family} {transport} dport {flow.Port} accept"
        );
    }

    private static bool MayBe(Peer peer, int family) =>
        peer is not Peer.Outside { IsNetwork: true } network || Places.FamilyOf(network.Name) == family;

    private static bool IsMetadata(Peer peer) =>
        peer is Peer.Outside { IsNetwork: true } network
        && (Networks.IsWithin(network.Name, Metadata4) || Networks.IsWithin(network.Name, Metadata6));

    private static void AppendSets(StringBuilder text, string name, IReadOnlyList<string> networks, int[] families)
    {
        foreach (var family in families)
        {
            text.Append(CultureInfo.InvariantCulture, $"    set {name}_v{family} {{\n");
            text.Append(CultureInfo.InvariantCulture, $"        type ipv{family}_addr; flags interval; auto-merge;\n");
            var own = string.Join(", ", networks.Where(network => Places.FamilyOf(network) == family));
            if (own.Length > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"        elements = {{ {own} }}\n");
            }
            text.Append("    }\n");
        }
    }

    private static string NameOf(Peer peer) =>
        peer switch
        {
            Peer.Edge => "edge",
            Peer.Server => "server",
            Peer.Resolver => "resolver",
            Peer.Member member => $"service_{member.Service}",
            Peer.Outside { IsNetwork: true } network => $"network_{network.Name.Replace(':', '_').Replace('/', '-')}",
            Peer.Outside host => $"host_{host.Name}",
            _ => throw new ArgumentOutOfRangeException(nameof(peer), peer, "is no peer"),
        };

    private static string[] Warnings(NetworkPlan plan, Places places, IReadOnlyList<Peer> peers) =>
        [
            .. plan.Notes,
            .. peers
                .Where(peer => places.Of(peer).Count == 0)
                .Select(peer =>
                    $"Nothing says where {peer} is, so nobody reaches it and it reaches nobody: add --address {Key(peer)}=ADDRESS."
                ),
            .. Twice(plan, places),
        ];

    /// <summary>Two services at one address cannot be told apart: each would have the rights of both.</summary>
    private static IEnumerable<string> Twice(NetworkPlan plan, Places places) =>
        from one in plan.Members.Index()
        from other in plan.Members.Skip(one.Index + 1)
        where
            places
                .Of(new Peer.Member(one.Item))
                .Any(left =>
                    places
                        .Of(new Peer.Member(other))
                        .Any(right => Networks.IsWithin(left, right) || Networks.IsWithin(right, left))
                )
        select $"{one.Item} and {other} have an address in common, so each may do what the other may: give each its own.";

    private static string Key(Peer peer) =>
        peer switch
        {
            Peer.Edge => "edge",
            Peer.Server => "server",
            Peer.Resolver => "resolver",
            Peer.Member member => Places.KeyOf(member.Service),
            _ => peer.ToString(),
        };
}
