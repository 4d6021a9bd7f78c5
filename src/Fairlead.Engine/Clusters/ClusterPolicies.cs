using System.Text.Json.Nodes;
using Fairlead.Engine.Guarding.Network.Formats;
using Fairlead.Model.Apps;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Clusters;

/// <summary>Where Fairlead itself is, as pods see it.</summary>
/// <param name="Networks">Addresses of its machine, such as <c>10.0.0.5/32</c>; none where it is a pod.</param>
/// <param name="Namespace">That of its own pod; null where it is none.</param>
/// <param name="Port">Where pods call the edge.</param>
public sealed record FairleadPlace(IReadOnlyList<string> Networks, string? Namespace, int Port)
{
    /// <summary>What <see cref="Marks.Service"/> says of its own pod.</summary>
    public const string OwnName = "fairlead";

    public override string ToString() => $"{Namespace ?? string.Join(',', Networks)}:{Port}";
}

/// <summary>
/// Who may talk to the pods of a part, and whom they may call: what is not named is refused. A policy for each part and not for a service, as
/// versions may listen elsewhere and call others, and each goes with its Deployment. Who of the app calls whom is kept by the caller's own policy,
/// so that a part which was placed before there were any is not cut off by those of others. Pure.
/// </summary>
internal static class ClusterPolicy
{
    public const string Version = "networking.k8s.io/v1";
    public const string Kind = "NetworkPolicy";
    private const int NamesPort = 53;

    // Where machines have a name server of their own: kubernetes.io/docs/tasks/administer-cluster/nodelocaldns
    private const string NodeNames = "169.254.20.10/32";

    // A policy knows no names of hosts, so one that is named opens its port to what is public, and never to what is inside.
    private static readonly string[] Everywhere = ["0.0.0.0/0", "::/0"];
    private static readonly string[] Inside =
    [
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "::1/128",
        "fc00::/7",
        "fe80::/10",
    ];

    // Where clouds hand out credentials to whoever asks from the machine.
    private static readonly string[] NeverWithin = ["169.254.0.0/16", "fd00:ec2::254/128"];

    /// <summary>Null where nothing keeps it apart.</summary>
    /// <param name="fairlead">Null where nobody knows where the edge is: it would be kept out.</param>
    public static JsonObject? Of(InstanceOrder order, FairleadPlace? fairlead)
    {
        var (key, service) = (order.Key, order.Service);
        if (fairlead is null || service.Container?.Cluster is not { Network: { } network } place)
        {
            return null;
        }
        var made = ClusterObjects.Object(
            Version,
            Kind,
            ClusterObjects.NameOf(key.Part),
            place.Namespace,
            Marks.OfPart(key.Site, key.Part)
        );
        made["metadata"]!["annotations"] = new JsonObject { [Marks.Fairlead] = $"{fairlead}" };
        // A mesh's sidecars talk to their control plane, wherever that is.
        var isMesh = place.Routes?.By is RouteKind.Istio or RouteKind.Linkerd;
        made["spec"] = new JsonObject
        {
            ["podSelector"] = Labelled(Marks.OfPart(key.Site, key.Part)),
            ["policyTypes"] = isMesh ? new JsonArray("Ingress") : new JsonArray("Ingress", "Egress"),
            ["ingress"] = Into(key.Site, service, fairlead),
        };
        if (!isMesh)
        {
            made["spec"]!["egress"] = OutOf(key.Site, network, fairlead);
        }
        return made;
    }

    private static JsonArray Into(Site site, Service service, FairleadPlace fairlead)
    {
        var (rules, main) = (new JsonArray(), PodTemplate.PortOf(service));
        if (service.TakesTraffic || service.Port is not null)
        {
            // Whoever reads the cluster's own routes is anywhere in it.
            JsonArray from = service.Container?.Cluster?.Routes is null
                ? [.. Edge(fairlead), new JsonObject { ["podSelector"] = Labelled(Marks.OfSite(site)) }]
                : [];
            rules.Add(Rule("from", from, [Port(main, Transport.Tcp)]));
        }
        if (service.Metrics is { } metrics && (metrics.Port ?? main) is var port && (port != main || rules.Count == 0))
        {
            rules.Add(Rule("from", [.. Edge(fairlead)], [Port(port, Transport.Tcp)]));
        }
        return rules;
    }

    private static JsonArray OutOf(Site site, ClusterNetwork network, FairleadPlace fairlead) =>
        [
            Rule(
                "to",
                [
                    new JsonObject
                    {
                        ["namespaceSelector"] = new JsonObject(),
                        ["podSelector"] = Labelled(new Dictionary<string, string> { ["k8s-app"] = "kube-dns" }),
                    },
                    Block(NodeNames, []),
                ],
                [Port(NamesPort, Transport.Udp), Port(NamesPort, Transport.Tcp)]
            ),
            Rule("to", [.. Edge(fairlead)], [Port(fairlead.Port, Transport.Tcp)]),
            .. network.Calls.Select(call =>
                Rule(
                    "to",
                    [new JsonObject { ["podSelector"] = Labelled(Marks.OfService(site, call.Service)) }],
                    [Port(call.Port, Transport.Tcp)]
                )
            ),
            .. network.Hosts.Select(host =>
                Rule(
                    "to",
                    host.IsNetwork
                        ? [Block(host.Name, NeverWithin)]
                        : [.. Everywhere.Select(one => Block(one, Inside))],
                    [Port(host.Port, host.Transport)]
                )
            ),
        ];

    private static IEnumerable<JsonObject> Edge(FairleadPlace fairlead) =>
        fairlead.Namespace is { } space
            ? new[]
            {
                new JsonObject
                {
                    ["namespaceSelector"] = Labelled(
                        new Dictionary<string, string> { ["kubernetes.io/metadata.name"] = space }
                    ),
                    ["podSelector"] = Labelled(
                        new Dictionary<string, string> { [Marks.Service] = FairleadPlace.OwnName }
                    ),
                },
            }
            : fairlead.Networks.Select(one => Block(one, []));

    private static JsonObject Rule(string word, JsonArray peers, JsonArray ports)
    {
        var rule = new JsonObject();
        if (peers.Count > 0)
        {
            rule[word] = peers;
        }
        rule["ports"] = ports;
        return rule;
    }

    private static JsonObject Labelled(IReadOnlyDictionary<string, string> labels) =>
        new() { ["matchLabels"] = PodTemplate.Map(labels) };

    private static JsonObject Port(int port, Transport transport) =>
        new() { ["protocol"] = transport is Transport.Udp ? "UDP" : "TCP", ["port"] = port };

    private static JsonObject Block(string network, IReadOnlyList<string> never)
    {
        var block = new JsonObject { ["cidr"] = network };
        string[] except = [.. never.Where(one => one != network && Networks.IsWithin(one, network))];
        if (except.Length > 0)
        {
            block["except"] = new JsonArray([.. except.Select(one => JsonValue.Create(one))]);
        }
        return new() { ["ipBlock"] = block };
    }
}
