using System.Text.Json.Nodes;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Guarding.Network.Formats;

/// <summary>
/// NetworkPolicy of networking.k8s.io/v1, for a namespace that holds this app in this environment alone: everything is refused, then
/// allowed service by service. An ingress rule without 'from', or an egress rule without 'to', would allow everybody: none is written.
/// </summary>
internal static class KubernetesPolicies
{
    /// <summary>Where clouds hand out credentials to whoever asks from the machine: never reached through a wider network.</summary>
    private static readonly string[] NeverWithin = ["169.254.0.0/16", "fd00:ec2::254/128"];

    public static WrittenPolicy Write(NetworkPlan plan, Places places)
    {
        var unplaced = plan.Outside.Where(host => places.Of(host).Count == 0).ToList();
        return new(
            YamlText.Of(
                [
                    $"Who may talk to whom in {plan.Site}, from its fairlead.yaml. Everything else is refused.",
                    $"For the namespace {places.Namespace}, which must hold nothing else: kubectl apply -f THIS",
                ],
                [
                    Policy("fairlead-default-deny", plan, places, new() { ["podSelector"] = new JsonObject() }),
                    .. plan.Members.Select(member => OfMember(plan, member, places)),
                ]
            ),
            [
                .. plan.Notes,
                .. unplaced.Select(host =>
                    $"NetworkPolicy knows no names, so {host} is refused: say where it is, --address {host}=ADDRESS, or use a mesh."
                ),
            ]
        );
    }

    /// <summary>What every pod of a service must be labelled with.</summary>
    public static JsonObject Labels(NetworkPlan plan, string service) =>
        new() { ["app.kubernetes.io/part-of"] = plan.Site.App, ["app.kubernetes.io/name"] = service };

    public static JsonObject Metadata(string name, NetworkPlan plan, Places places) =>
        new()
        {
            ["name"] = ObjectNames.Fitting(name),
            ["namespace"] = places.Namespace,
            ["labels"] = new JsonObject
            {
                ["app.kubernetes.io/part-of"] = plan.Site.App,
                ["app.kubernetes.io/managed-by"] = "fairlead",
            },
        };

    private static JsonObject OfMember(NetworkPlan plan, string member, Places places)
    {
        JsonObject spec = new() { ["podSelector"] = new JsonObject { ["matchLabels"] = Labels(plan, member) } };
        var ingress = Rules(plan.Into(member), flow => flow.From, "from", plan, places);
        var egress = Rules(plan.OutOf(member), flow => flow.To, "to", plan, places);
        if (ingress.Count > 0)
        {
            spec["ingress"] = ingress;
        }
        if (egress.Count > 0)
        {
            spec["egress"] = egress;
        }
        return Policy($"fairlead-service-{member}", plan, places, spec);
    }

    private static JsonObject Policy(string name, NetworkPlan plan, Places places, JsonObject spec)
    {
        spec["policyTypes"] = new JsonArray("Ingress", "Egress");
        return new()
        {
            ["apiVersion"] = "networking.k8s.io/v1",
            ["kind"] = "NetworkPolicy",
            ["metadata"] = Metadata(name, plan, places),
            ["spec"] = spec,
        };
    }

    /// <summary>A rule for each peer, with all ports on which it is allowed.</summary>
    private static JsonArray Rules(
        IEnumerable<Flow> flows,
        Func<Flow, Peer> other,
        string word,
        NetworkPlan plan,
        Places places
    ) =>
        [
            .. flows
                .GroupBy(other)
                .Select(group => (Peers: PeersOf(group.Key, plan, places), Flows: group))
                .Where(rule => rule.Peers.Count > 0)
                .Select(rule => new JsonObject
                {
                    [word] = rule.Peers,
                    ["ports"] = new JsonArray([
                        .. rule
                            .Flows.Select(flow => (flow.Port, flow.Transport))
                            .Distinct()
                            .Select(one => new JsonObject
                            {
                                ["protocol"] = one.Transport is Transport.Udp ? "UDP" : "TCP",
                                ["port"] = one.Port,
                            }),
                    ]),
                }),
        ];

    private static JsonArray PeersOf(Peer peer, NetworkPlan plan, Places places) =>
        peer switch
        {
            Peer.Member member =>
            [
                new JsonObject { ["podSelector"] = new JsonObject { ["matchLabels"] = Labels(plan, member.Service) } },
            ],
            Peer.Edge => [Foreign(places.FairleadNamespace, "app.kubernetes.io/name", "fairlead-edge")],
            Peer.Server => [Foreign(places.FairleadNamespace, "app.kubernetes.io/name", "fairlead-server")],
            Peer.Resolver => [Foreign("kube-system", "k8s-app", "kube-dns")],
            _ => [.. places.Of(peer).Select(Block)],
        };

    private static JsonObject Foreign(string place, string label, string value) =>
        new()
        {
            ["namespaceSelector"] = new JsonObject
            {
                ["matchLabels"] = new JsonObject { ["kubernetes.io/metadata.name"] = place },
            },
            ["podSelector"] = new JsonObject { ["matchLabels"] = new JsonObject { [label] = value } },
        };

    private static JsonObject Block(string network)
    {
        JsonObject block = new() { ["cidr"] = network };
        string[] except = [.. NeverWithin.Where(never => Networks.IsWithin(never, network) && never != network)];
        if (except.Length > 0)
        {
            block["except"] = new JsonArray([.. except.Select(one => JsonValue.Create(one))]);
        }
        return new() { ["ipBlock"] = block };
    }
}
