using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Guarding.Network.Formats;

/// <summary>
/// Istio 1.20 or later: mTLS or nothing, no caller but those named by their service account, and sidecars that know only the hosts
/// their service may reach.
/// </summary>
internal static class IstioPolicies
{
    private const string TrustDomain = "cluster.local";

    public static WrittenPolicy Write(NetworkPlan plan, Places places) =>
        new(
            YamlText.Of(
                [
                    $"Who may talk to whom in {plan.Site}, from its fairlead.yaml. Everything else is refused.",
                    $"For the namespace {places.Namespace}; each service runs under the service account of its name.",
                    "Sidecars are no wall for a program that goes around them: apply the policies for Kubernetes as well.",
                ],
                [
                    Object(
                        "security.istio.io/v1",
                        "PeerAuthentication",
                        KubernetesPolicies.Metadata("fairlead-mtls", plan, places),
                        new() { ["mtls"] = new JsonObject { ["mode"] = "STRICT" } }
                    ),
                    // A policy that allows nobody refuses whatever no other policy allows.
                    Object(
                        "security.istio.io/v1",
                        "AuthorizationPolicy",
                        KubernetesPolicies.Metadata("fairlead-default-deny", plan, places),
                        new() { ["action"] = "ALLOW" }
                    ),
                    .. plan.Members.Select(member => Account(member, plan, places)),
                    .. plan
                        .Members.Where(member => plan.Into(member).Any())
                        .Select(member => Inward(member, plan, places)),
                    .. plan.Members.Select(member => Outward(member, plan, places)),
                    .. plan.Outside.Select(host => External(host, plan, places)).OfType<JsonObject>(),
                ]
            ),
            [
                .. plan.Notes,
                .. plan
                    .Flows.Where(flow => flow is { To: Peer.Outside, Transport: Transport.Udp })
                    .Select(flow =>
                        $"Istio carries no UDP, so {flow.From} to {flow.To} is left to the policies for Kubernetes."
                    ),
            ]
        );

    /// <summary>What a service is to others: the mesh proves it, whatever address it has.</summary>
    public static JsonObject Account(string member, NetworkPlan plan, Places places)
    {
        var metadata = KubernetesPolicies.Metadata(member, plan, places);
        return new()
        {
            ["apiVersion"] = "v1",
            ["kind"] = "ServiceAccount",
            ["metadata"] = metadata,
        };
    }

    private static JsonObject Inward(string member, NetworkPlan plan, Places places) =>
        Object(
            "security.istio.io/v1",
            "AuthorizationPolicy",
            KubernetesPolicies.Metadata($"fairlead-service-{member}", plan, places),
            new()
            {
                ["selector"] = new JsonObject { ["matchLabels"] = KubernetesPolicies.Labels(plan, member) },
                ["action"] = "ALLOW",
                ["rules"] = new JsonArray([.. plan.Into(member).Select(flow => Rule(flow, places))]),
            }
        );

    private static JsonObject Rule(Flow flow, Places places)
    {
        JsonObject operation = new() { ["ports"] = new JsonArray(flow.Port.ToString(CultureInfo.InvariantCulture)) };
        if (flow.Path is { } path)
        {
            operation["methods"] = new JsonArray("GET");
            operation["paths"] = new JsonArray(path);
        }
        return new()
        {
            ["from"] = new JsonArray(
                new JsonObject
                {
                    ["source"] = new JsonObject { ["principals"] = new JsonArray(PrincipalOf(flow.From, places)) },
                }
            ),
            ["to"] = new JsonArray(new JsonObject { ["operation"] = operation }),
        };
    }

    private static string PrincipalOf(Peer peer, Places places) =>
        peer switch
        {
            Peer.Member member => $"{TrustDomain}/ns/{places.Namespace}/sa/{member.Service}",
            Peer.Edge => $"{TrustDomain}/ns/{places.FairleadNamespace}/sa/fairlead-edge",
            Peer.Server => $"{TrustDomain}/ns/{places.FairleadNamespace}/sa/fairlead-server",
            _ => throw new ArgumentOutOfRangeException(nameof(peer), peer, "never comes in"),
        };

    private static JsonObject Outward(string member, NetworkPlan plan, Places places)
    {
        string[] hosts =
        [
            .. plan.OutOf(member)
                .Where(flow => flow.Transport is Transport.Tcp)
                .Select(flow => HostOf(flow.To, places))
                .OfType<string>()
                .Distinct(),
        ];
        return Object(
            "networking.istio.io/v1",
            "Sidecar",
            KubernetesPolicies.Metadata($"fairlead-service-{member}", plan, places),
            new()
            {
                ["workloadSelector"] = new JsonObject { ["labels"] = KubernetesPolicies.Labels(plan, member) },
                ["outboundTrafficPolicy"] = new JsonObject { ["mode"] = "REGISTRY_ONLY" },
                ["egress"] = new JsonArray(
                    new JsonObject
                    {
                        ["hosts"] = new JsonArray([
                            .. hosts.DefaultIfEmpty("~/*").Select(host => JsonValue.Create(host)),
                        ]),
                    }
                ),
            }
        );
    }

    private static string? HostOf(Peer peer, Places places) =>
        peer switch
        {
            Peer.Member member => $"./{member.Service}.{places.Namespace}.svc.{TrustDomain}",
            Peer.Server => $"{places.FairleadNamespace}/fairlead-server.{places.FairleadNamespace}.svc.{TrustDomain}",
            Peer.Outside outside => $"./{RegisteredName(outside)}",
            _ => null,
        };

    /// <summary>A network has no name; it is registered under one that nobody resolves.</summary>
    private static string RegisteredName(Peer.Outside outside) =>
        outside.IsNetwork
            ? $"network-{outside.Name.Replace('.', '-').Replace(':', '-').Replace('/', '-')}.fairlead.internal"
            : outside.Name;

    private static JsonObject? External(Peer.Outside outside, NetworkPlan plan, Places places)
    {
        int[] ports =
        [
            .. plan
                .Flows.Where(flow => flow.To == outside && flow.Transport is Transport.Tcp)
                .Select(flow => flow.Port)
                .Distinct()
                .Order(),
        ];
        if (ports.Length == 0)
        {
            return null;
        }
        var name = RegisteredName(outside);
        JsonObject spec = new() { ["hosts"] = new JsonArray(name) };
        if (outside.IsNetwork)
        {
            spec["addresses"] = new JsonArray(outside.Name);
        }
        spec["exportTo"] = new JsonArray(".");
        spec["location"] = "MESH_EXTERNAL";
        spec["ports"] = new JsonArray([
            .. ports.Select(port => new JsonObject
            {
                ["number"] = port,
                ["name"] = string.Create(CultureInfo.InvariantCulture, $"{(port == 443 ? "tls" : "tcp")}-{port}"),
                ["protocol"] = port == 443 ? "TLS" : "TCP",
            }),
        ]);
        spec["resolution"] = outside.IsNetwork ? "NONE" : "DNS";
        return Object(
            "networking.istio.io/v1",
            "ServiceEntry",
            KubernetesPolicies.Metadata($"fairlead-{name}", plan, places),
            spec
        );
    }

    private static JsonObject Object(string version, string kind, JsonObject metadata, JsonObject spec) =>
        new()
        {
            ["apiVersion"] = version,
            ["kind"] = kind,
            ["metadata"] = metadata,
            ["spec"] = spec,
        };
}
