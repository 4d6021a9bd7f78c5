using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Clusters;

/// <summary>In which versions a cluster knows a mesh's policies; null for a kind that it does not know.</summary>
internal sealed record MeshVersions(string? Istio, string? LinkerdServer)
{
    private const string IstioGroup = "security.istio.io";
    private const string LinkerdGroup = "policy.linkerd.io";

    /// <summary>The newest that the cluster knows, of what a place asks for.</summary>
    public static async Task<MeshVersions> OfAsync(ICluster cluster, ClusterPlace place, CancellationToken stop)
    {
        var by = place.Routes?.By;
        return new(
            by is RouteKind.Istio
                ? await FirstAsync(cluster, "PeerAuthentication", [$"{IstioGroup}/v1", $"{IstioGroup}/v1beta1"], stop)
                : null,
            by is RouteKind.Linkerd
                ? await FirstAsync(
                    cluster,
                    "Server",
                    [$"{LinkerdGroup}/v1beta3", $"{LinkerdGroup}/v1beta2", $"{LinkerdGroup}/v1beta1"],
                    stop
                )
                : null
        );
    }

    private static async Task<string?> FirstAsync(
        ICluster cluster,
        string kind,
        IReadOnlyList<string> versions,
        CancellationToken stop
    )
    {
        foreach (var version in versions)
        {
            if (await cluster.ServesAsync(version, kind, stop))
            {
                return version;
            }
        }
        return null;
    }
}

/// <summary>
/// What a mesh is told of a part: its pods take what the mesh has sealed, of the app's own namespace, the gateway's and Fairlead's, at its ports.
/// What goes out is the mesh's to decide. Like network policies, one for each part, which goes with its Deployment. Pure.
/// </summary>
/// <remarks>
/// The edge sends requests to pods by their addresses. Where Fairlead runs on a machine it is in no mesh, so its address, and it alone, may come
/// unsealed, at the ports at which the edge asks.
/// </remarks>
internal static class MeshPolicy
{
    private const string LinkerdVersion = "policy.linkerd.io/v1alpha1";
    private const string LinkerdGroup = "policy.linkerd.io";

    /// <summary>What it is made of, for a look at all there is.</summary>
    public static IReadOnlyList<ObjectKind> KindsOf(MeshVersions versions) =>
        [
            .. versions.Istio is { } istio
                ? new ObjectKind[] { new(istio, "PeerAuthentication"), new(istio, "AuthorizationPolicy") }
                : [],
            .. versions.LinkerdServer is { } server
                ? new ObjectKind[]
                {
                    new(server, "Server"),
                    new(LinkerdVersion, "MeshTLSAuthentication"),
                    new(LinkerdVersion, "NetworkAuthentication"),
                    new(LinkerdVersion, "AuthorizationPolicy"),
                }
                : [],
        ];

    /// <summary>None where the manifest does not ask for it, or nobody knows where the edge is: it would be kept out.</summary>
    public static IReadOnlyList<JsonObject> Of(InstanceOrder order, FairleadPlace? fairlead, MeshVersions versions)
    {
        if (fairlead is null || order.Service.Container?.Cluster is not { IsSealed: true } place)
        {
            return [];
        }
        var maker = new Maker(order, place, fairlead);
        return versions switch
        {
            { Istio: { } version } => maker.Istio(version),
            { LinkerdServer: { } version } => [.. maker.Ports.SelectMany(port => maker.Linkerd(version, port))],
            _ => [],
        };
    }

    private sealed class Maker(InstanceOrder order, ClusterPlace place, FairleadPlace fairlead)
    {
        private string Name => ClusterObjects.NameOf(order.Key.Part);

        /// <summary>Where its pods are asked: by requests, and for metrics.</summary>
        public IReadOnlyList<int> Ports
        {
            get
            {
                var (service, main) = (order.Service, PodTemplate.PortOf(order.Service));
                SortedSet<int> ports = service.TakesTraffic || service.Port is not null ? [main] : [];
                if (service.Metrics is { } metrics)
                {
                    ports.Add(metrics.Port ?? main);
                }
                return [.. ports];
            }
        }

        /// <summary>Namespaces whose programs may come in, as the mesh proves them.</summary>
        private IReadOnlyList<string> Callers =>
            [
                .. new[]
                {
                    place.Namespace,
                    (place.Routes?.Gateway)?.Split('/') is [var space, _] ? space : null,
                    fairlead.Namespace,
                }
                    .OfType<string>()
                    .Distinct(StringComparer.Ordinal),
            ];

        public IReadOnlyList<JsonObject> Istio(string version)
        {
            var sealing = new JsonObject
            {
                ["selector"] = Selector(),
                ["mtls"] = new JsonObject { ["mode"] = "STRICT" },
            };
            if (fairlead.Networks.Count > 0 && Ports.Count > 0)
            {
                sealing["portLevelMtls"] = new JsonObject(
                    Ports.Select(port =>
                        KeyValuePair.Create(Text(port), (JsonNode?)new JsonObject { ["mode"] = "PERMISSIVE" })
                    )
                );
            }
            JsonArray ports = [.. Ports.Select(port => (JsonNode)Text(port))];
            JsonObject Rule(string word, IEnumerable<string> values) =>
                new()
                {
                    ["from"] = new JsonArray(
                        new JsonObject
                        {
                            ["source"] = new JsonObject
                            {
                                [word] = new JsonArray([.. values.Select(one => (JsonNode)one)]),
                            },
                        }
                    ),
                    ["to"] = new JsonArray(
                        new JsonObject { ["operation"] = new JsonObject { ["ports"] = ports.DeepClone() } }
                    ),
                };
            // A policy that allows nobody refuses everybody.
            var allowing = new JsonObject { ["selector"] = Selector(), ["action"] = "ALLOW" };
            if (ports.Count > 0)
            {
                allowing["rules"] = new JsonArray([
                    Rule("namespaces", Callers),
                    .. fairlead.Networks.Count > 0 ? new[] { Rule("ipBlocks", fairlead.Networks) } : [],
                ]);
            }
            return
            [
                Object(version, "PeerAuthentication", Name, sealing),
                Object(version, "AuthorizationPolicy", Name, allowing),
            ];
        }

        public IEnumerable<JsonObject> Linkerd(string version, int port)
        {
            var name = $"{Name}-{Text(port)}";
            var server = new JsonObject
            {
                ["podSelector"] = Selector(),
                ["port"] = port,
                // Found out by the first bytes: what is asked here may be any protocol.
                ["proxyProtocol"] = "unknown",
            };
            yield return Object(version, "Server", name, server);
            yield return Object(
                LinkerdVersion,
                "MeshTLSAuthentication",
                name,
                new()
                {
                    ["identityRefs"] = new JsonArray([
                        .. Callers.Select(space => new JsonObject { ["kind"] = "Namespace", ["name"] = space }),
                    ]),
                }
            );
            yield return Allowing(name, (name, "MeshTLSAuthentication"));
            if (fairlead.Networks.Count > 0)
            {
                yield return Object(
                    LinkerdVersion,
                    "NetworkAuthentication",
                    $"{name}-edge",
                    new()
                    {
                        ["networks"] = new JsonArray([
                            .. fairlead.Networks.Select(one => new JsonObject { ["cidr"] = one }),
                        ]),
                    }
                );
                yield return Allowing(name, ($"{name}-edge", "NetworkAuthentication"));
            }
        }

        private JsonObject Allowing(string server, (string Name, string Kind) who) =>
            Object(
                LinkerdVersion,
                "AuthorizationPolicy",
                who.Name,
                new()
                {
                    ["targetRef"] = Reference("Server", server),
                    ["requiredAuthenticationRefs"] = new JsonArray(Reference(who.Kind, who.Name)),
                }
            );

        private static JsonObject Reference(string kind, string name) =>
            new()
            {
                ["group"] = LinkerdGroup,
                ["kind"] = kind,
                ["name"] = name,
            };

        private JsonObject Selector() =>
            new() { ["matchLabels"] = PodTemplate.Map(Marks.OfPart(order.Key.Site, order.Key.Part)) };

        private JsonObject Object(string version, string kind, string name, JsonObject spec)
        {
            var made = ClusterObjects.Object(
                version,
                kind,
                name,
                place.Namespace,
                Marks.OfPart(order.Key.Site, order.Key.Part)
            );
            made["metadata"]!["annotations"] = new JsonObject { [Marks.Fairlead] = $"{fairlead}" };
            made["spec"] = spec;
            return made;
        }

        private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
    }
}
