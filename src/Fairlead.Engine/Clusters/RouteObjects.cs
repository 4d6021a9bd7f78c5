using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Model.Apps;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Clusters;

/// <summary>In which versions a cluster knows kinds of routes.</summary>
internal sealed record RouteVersions(string Gateway, string Istio);

/// <summary>A routing as objects that a cluster's own routers read. Pure.</summary>
internal static class RouteObjects
{
    /// <summary>Marks what is only there to lead requests.</summary>
    public const string Mark = "fairlead.dev/routes";

    private const string NginxClass = "nginx";
    private const string NginxNotes = "nginx.ingress.kubernetes.io/";
    private const int HttpPort = 80;

    /// <summary>What each kind of router is told by.</summary>
    public static IReadOnlyList<ObjectKind> KindsOf(RouteKind by, RouteVersions versions) =>
        by switch
        {
            RouteKind.Gateway or RouteKind.Linkerd => [new(versions.Gateway, "HTTPRoute"), new("v1", "Service")],
            RouteKind.Istio => [new(versions.Istio, "VirtualService"), new(versions.Istio, "DestinationRule")],
            RouteKind.Nginx => [new("networking.k8s.io/v1", "Ingress"), new("v1", "Service")],
            _ => throw new ArgumentOutOfRangeException(nameof(by), by, "is no kind of route"),
        };

    /// <param name="routes">Of the place.</param>
    public static IReadOnlyList<JsonObject> Of(
        Routing routing,
        ClusterRoutes routes,
        string space,
        RouteVersions versions
    )
    {
        var made = new Maker(routing.Site, space, versions);
        var services = routing
            .Services.Select(service => new Split(service.Service, service.Routes, SharesOf(service)))
            .Where(split => split.Shares.Count > 0)
            .ToList();
        return routes.By switch
        {
            RouteKind.Gateway =>
            [
                .. services.SelectMany(split => made.OnGateway(split, routing.Hosts, routes.Gateway)),
            ],
            RouteKind.Linkerd => [.. services.SelectMany(made.OnService)],
            RouteKind.Istio => made.Istio(services, routing.Hosts, routes.Gateway),
            RouteKind.Nginx => [.. services.SelectMany(split => made.Nginx(split, routing.Hosts))],
            _ => throw new ArgumentOutOfRangeException(nameof(routes), routes.By, "is no kind of route"),
        };
    }

    // Only what answers in the cluster: files are the edge's.
    private static List<(Part Part, int Percent)> SharesOf(ServiceRouting service) =>
        [
            .. service
                .Backends.Where(backend =>
                    backend.Share > Share.None && backend.Destinations.Any(one => one.Endpoint.Scheme == "http")
                )
                .Select(backend => (backend.Part, backend.Share.Percent)),
        ];

    private sealed record Split(
        string Service,
        IReadOnlyList<string> Paths,
        IReadOnlyList<(Part Part, int Percent)> Shares
    );

    /// <summary>Makes the objects of one site.</summary>
    private sealed class Maker(Site site, string space, RouteVersions versions)
    {
        public IEnumerable<JsonObject> OnGateway(Split split, IReadOnlyList<string> hosts, string? gateway)
        {
            var parent = new JsonObject { ["group"] = "gateway.networking.k8s.io", ["kind"] = "Gateway" };
            Place(parent, gateway ?? "gateway");
            var route = Object(versions.Gateway, "HTTPRoute", split.Service);
            route["spec"] = new JsonObject
            {
                ["parentRefs"] = new JsonArray(parent),
                ["hostnames"] = Words(hosts),
                ["rules"] = new JsonArray([
                    .. split.Paths.Select(path => new JsonObject
                    {
                        ["matches"] = new JsonArray(
                            new JsonObject
                            {
                                ["path"] = new JsonObject { ["type"] = "PathPrefix", ["value"] = path },
                            }
                        ),
                        ["backendRefs"] = Weighted(split),
                    }),
                ]),
            };
            return [.. split.Shares.Select(one => ServiceOf(one.Part)), route];
        }

        public IEnumerable<JsonObject> OnService(Split split)
        {
            var route = Object(versions.Gateway, "HTTPRoute", split.Service);
            route["spec"] = new JsonObject
            {
                ["parentRefs"] = new JsonArray(
                    new JsonObject
                    {
                        ["group"] = "core",
                        ["kind"] = "Service",
                        ["name"] = split.Service,
                        ["port"] = HttpPort,
                    }
                ),
                ["rules"] = new JsonArray(new JsonObject { ["backendRefs"] = Weighted(split) }),
            };
            return [.. split.Shares.Select(one => ServiceOf(one.Part)), route];
        }

        public List<JsonObject> Istio(IReadOnlyList<Split> splits, IReadOnlyList<string> hosts, string? gateway)
        {
            var all = new List<JsonObject>();
            foreach (var split in splits)
            {
                var rule = Object(versions.Istio, "DestinationRule", split.Service);
                rule["spec"] = new JsonObject
                {
                    ["host"] = split.Service,
                    ["subsets"] = new JsonArray([
                        .. split.Shares.Select(one => new JsonObject
                        {
                            ["name"] = Subset(one.Part),
                            ["labels"] = new JsonObject { [Marks.Since] = Number(one.Part.Since) },
                        }),
                    ]),
                };
                var within = Object(versions.Istio, "VirtualService", split.Service);
                within["spec"] = new JsonObject
                {
                    ["hosts"] = new JsonArray(split.Service),
                    ["http"] = new JsonArray(new JsonObject { ["route"] = Subsets(split) }),
                };
                all.AddRange([rule, within]);
            }
            // One for all services: a gateway reads its rules in their order, and the longest path comes first.
            if (gateway is not null && splits.Count > 0)
            {
                var outside = Object(versions.Istio, "VirtualService", $"{site.App}-hosts");
                outside["spec"] = new JsonObject
                {
                    ["hosts"] = Words(hosts),
                    ["gateways"] = new JsonArray(gateway),
                    ["http"] = new JsonArray([
                        .. splits
                            .SelectMany(split => split.Paths.Select(path => (split, path)))
                            .OrderByDescending(one => one.path.Length)
                            .ThenBy(one => one.path, StringComparer.Ordinal)
                            .SelectMany(one =>
                                Matches(one.path)
                                    .Select(match => new JsonObject
                                    {
                                        ["match"] = new JsonArray(new JsonObject { ["uri"] = match }),
                                        ["route"] = Subsets(one.split),
                                    })
                            ),
                    ]),
                };
                all.Add(outside);
            }
            return all;
        }

        public IEnumerable<JsonObject> Nginx(Split split, IReadOnlyList<string> hosts)
        {
            var byShare = split.Shares.OrderByDescending(one => one.Percent).ToList();
            foreach (var (part, _) in byShare.Take(2))
            {
                yield return ServiceOf(part);
            }
            yield return Ingress(split, byShare[0].Part, hosts, split.Service);
            // It knows one canary beside what is stable.
            if (byShare.Count > 1)
            {
                var canary = Ingress(split, byShare[1].Part, hosts, $"{split.Service}-canary");
                canary["metadata"]!["annotations"] = new JsonObject
                {
                    [$"{NginxNotes}canary"] = "true",
                    [$"{NginxNotes}canary-weight"] = Number(byShare[1].Percent),
                };
                yield return canary;
            }
        }

        private JsonObject Ingress(Split split, Part part, IReadOnlyList<string> hosts, string name)
        {
            var made = Object("networking.k8s.io/v1", "Ingress", name);
            made["spec"] = new JsonObject
            {
                ["ingressClassName"] = NginxClass,
                ["rules"] = new JsonArray([
                    .. hosts.Select(host => new JsonObject
                    {
                        ["host"] = host,
                        ["http"] = new JsonObject
                        {
                            ["paths"] = new JsonArray([
                                .. split.Paths.Select(path => new JsonObject
                                {
                                    ["path"] = path,
                                    ["pathType"] = "Prefix",
                                    ["backend"] = new JsonObject
                                    {
                                        ["service"] = new JsonObject
                                        {
                                            ["name"] = ClusterObjects.NameOf(part),
                                            ["port"] = new JsonObject { ["number"] = HttpPort },
                                        },
                                    },
                                }),
                            ]),
                        },
                    }),
                ]),
            };
            return made;
        }

        private JsonObject ServiceOf(Part part)
        {
            var made = Object("v1", "Service", ClusterObjects.NameOf(part));
            made["spec"] = new JsonObject
            {
                ["selector"] = PodTemplate.Map(Marks.OfPart(site, part)),
                ["ports"] = new JsonArray(
                    new JsonObject
                    {
                        ["name"] = "http",
                        ["port"] = HttpPort,
                        ["targetPort"] = "main",
                        // Merging by the server needs the whole of its key.
                        ["protocol"] = "TCP",
                    }
                ),
            };
            return made;
        }

        private JsonObject Object(string version, string kind, string name)
        {
            var labels = Marks.OfSite(site);
            labels[Mark] = "true";
            return ClusterObjects.Object(version, kind, name, space, labels);
        }

        private static JsonArray Weighted(Split split) =>
            [
                .. split.Shares.Select(one => new JsonObject
                {
                    ["name"] = ClusterObjects.NameOf(one.Part),
                    ["port"] = HttpPort,
                    ["weight"] = one.Percent,
                }),
            ];

        private static JsonArray Subsets(Split split) =>
            [
                .. split.Shares.Select(one => new JsonObject
                {
                    ["destination"] = new JsonObject { ["host"] = split.Service, ["subset"] = Subset(one.Part) },
                    ["weight"] = one.Percent,
                }),
            ];

        // A prefix here is one of letters, so '/api' is said as itself and as what goes on below it.
        private static IEnumerable<JsonObject> Matches(string path) =>
            path == "/"
                ? [new() { ["prefix"] = "/" }]
                : [new() { ["exact"] = path }, new() { ["prefix"] = $"{path.TrimEnd('/')}/" }];

        private static void Place(JsonObject parent, string gateway)
        {
            if (gateway.Split('/') is [var owner, var name])
            {
                parent["namespace"] = owner;
                parent["name"] = name;
                return;
            }
            parent["name"] = gateway;
        }

        private static string Subset(Part part) => $"r{Number(part.Since)}";

        private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

        private static JsonArray Words(IReadOnlyList<string> words) => [.. words.Select(word => (JsonNode)word)];
    }
}

/// <summary>A kind of object in a version.</summary>
internal sealed record ObjectKind(string Version, string Kind);
