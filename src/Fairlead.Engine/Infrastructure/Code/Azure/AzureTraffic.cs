using Fairlead.Engine.Infrastructure.Code.Bicep;
using Fairlead.Model.Resources;
using static Fairlead.Engine.Infrastructure.Code.Azure.AzureDraft;
using static Fairlead.Engine.Infrastructure.Code.CodeValue;

namespace Fairlead.Engine.Infrastructure.Code.Azure;

/// <summary>
/// Front Door, which is load balancer and CDN at once: it ends TLS at the edge, makes certificates, and reaches programs by private links, so
/// that nothing else does.
/// </summary>
internal static class AzureTraffic
{
    /// <summary>The profile, of which there is one.</summary>
    public const string Name = "front-door";

    private const string Part = AzureParts.Traffic;
    private const int NameLettersMax = 46;

    public static BicepResource Profile(AzureDraft draft)
    {
        var symbol = draft.Symbol(Name);
        if (draft.Resources.FirstOrDefault(one => one.Symbol == symbol) is { } there)
        {
            return there;
        }
        // Only Premium reaches what is in a network.
        var isPremium = draft.Graph.All<LoadBalancer>().Any();
        var profile = draft.Add(
            Part,
            AzureTypes.FrontDoor,
            Name,
            [
                ("name", draft.Called(Name, 90)),
                ("location", "global"),
                ("tags", Tags),
                ("sku", Map(("name", isPremium ? "Premium_AzureFrontDoor" : "Standard_AzureFrontDoor"))),
                .. AzureCdn.Identity(draft),
                ("properties", Map(("originResponseTimeoutSeconds", 60))),
            ]
        );
        AzureLogs.Watch(draft, profile, "allLogs");
        if (draft.Graph.All<LoadBalancer>().Any(static one => one.IsProtected))
        {
            draft.Lock(profile);
        }
        return profile;
    }

    public static void Add(AzureDraft draft, LoadBalancer balancer)
    {
        var profile = Profile(draft);
        foreach (var route in balancer.Routes)
        {
            AddOrigin(draft, (balancer, route), profile);
        }
        draft.Note(
            "Front Door waits until its private links are approved, once for each: az network private-endpoint-connection list --id ID (of the containers' environment and of each link to machines), then: az network private-endpoint-connection approve --id CONNECTION"
        );
        draft.Note(
            "Programs in containers are asked by the host of their app; the one that a visitor asked for is in X-Forwarded-Host."
        );
        // A CDN before it has all its paths but that of the rest, so that it needs no address of its own.
        if (
            draft.Graph.All<Cdn>().Any(one => one.Behind == balancer)
            && !balancer.Routes.Any(static one => one.IsDefault)
        )
        {
            return;
        }
        var endpoint = AddEndpoint(draft, balancer, balancer.Name);
        foreach (var route in balancer.Routes)
        {
            AddRoute(draft, (balancer, route, route.Paths), endpoint, HostsOf(draft, balancer));
        }
    }

    private static IReadOnlyList<string> HostsOf(AzureDraft draft, Resource of) =>
        [.. draft.Graph.All<DnsRecord>().Where(one => one.To == of).Select(static one => one.Host)];

    public static BicepResource AddEndpoint(AzureDraft draft, Resource of, string name)
    {
        var endpoint = draft.Add(
            draft.New(
                Part,
                AzureTypes.Endpoint,
                of,
                ("name", draft.Called(name, NameLettersMax)),
                ("location", "global"),
                ("tags", Tags),
                ("properties", Map(("enabledState", "Enabled")))
            ) with
            {
                Parent = Profile(draft).Symbol,
            }
        );
        draft.Tell(
            $"{endpoint.Symbol}Url",
            $"Where {name} answers",
            Join("https://", endpoint.At("properties.hostName"))
        );
        return endpoint;
    }

    /// <summary>Leads paths of an endpoint to a service behind a balancer.</summary>
    public static void AddRoute(
        AzureDraft draft,
        (LoadBalancer Balancer, LoadBalancerRoute Route, IReadOnlyList<string> Paths) to,
        BicepResource endpoint,
        IReadOnlyList<string> hosts
    )
    {
        var (balancer, route, paths) = to;
        draft.Add(
            new(
                Part,
                draft.Symbol(endpoint.Symbol, $"{route.Service}-route"),
                AzureTypes.Route,
                [
                    ("name", Short(route.Service, 90)),
                    (
                        "properties",
                        Map([
                            .. Domains(draft, hosts),
                            ("originGroup", ById(draft.At(balancer, "id", $"{route.Service}-origins"))),
                            ("supportedProtocols", Texts(["Http", "Https"])),
                            ("patternsToMatch", Texts(paths.SelectMany(Patterns))),
                            ("forwardingProtocol", route.ToMachines ? "HttpOnly" : "HttpsOnly"),
                            ("httpsRedirect", "Enabled"),
                            ("linkToDefaultDomain", "Enabled"),
                            ("enabledState", "Enabled"),
                        ])
                    ),
                ]
            )
            {
                Parent = endpoint.Symbol,
                Resource = balancer.Name,
                // A group must have something in it before a route may lead there.
                After = [draft.Symbol(balancer, $"{route.Service}-origin")],
            }
        );
    }

    public static IEnumerable<(string, CodeValue)> Domains(AzureDraft draft, IReadOnlyList<string> hosts) =>
        Some(
            "customDomains",
            hosts.Count == 0 ? null : List([.. hosts.Select(host => ById(AzureNames.Domain(draft, host).At("id")))])
        );

    private static IEnumerable<string> Patterns(string prefix) =>
        prefix.EndsWith('/') ? [$"{prefix}*"] : [prefix, $"{prefix}/*"];

    private static void AddOrigin(
        AzureDraft draft,
        (LoadBalancer Balancer, LoadBalancerRoute Route) of,
        BicepResource profile
    )
    {
        var (balancer, route) = of;
        var group = draft.Add(
            draft.New(
                Part,
                AzureTypes.OriginGroup,
                (balancer, $"{route.Service}-origins"),
                ("name", Short(route.Service, 90)),
                (
                    "properties",
                    Map(
                        ("sessionAffinityState", "Disabled"),
                        ("loadBalancingSettings", Balancing),
                        (
                            "healthProbeSettings",
                            Map(
                                ("probePath", route.Health),
                                ("probeProtocol", route.ToMachines ? "Http" : "Https"),
                                ("probeRequestType", "GET"),
                                ("probeIntervalInSeconds", 30)
                            )
                        )
                    )
                )
            ) with
            {
                Parent = profile.Symbol,
            }
        );
        draft.Add(
            draft.New(
                Part,
                AzureTypes.Origin,
                (balancer, $"{route.Service}-origin"),
                ("name", Short(route.Service, 90)),
                ("properties", Origin(draft, route))
            ) with
            {
                Parent = group.Symbol,
            }
        );
    }

    public static CodeValue Balancing { get; } =
        Map(
            ("sampleSize", 4),
            ("successfulSamplesRequired", 3),
            // Which of several is a matter of their weights, not of milliseconds.
            ("additionalLatencyInMilliseconds", 50)
        );

    private static CodeValue Origin(AzureDraft draft, LoadBalancerRoute route)
    {
        if (draft.Graph.All<MachineGroup>().FirstOrDefault(one => one.Name == route.Service) is { } machines)
        {
            return Origin(
                AzureDoors.Host(draft, machines),
                [("httpPort", route.Port)],
                Private(AzureDoors.Link(draft, machines), null)
            );
        }
        var service = draft.Graph.All<ContainerService>().Single(one => one.Name == route.Service);
        var host = AzureContainers.Host(draft, service);
        return Origin(host, [("originHostHeader", host)], Private(draft.At(service.Pool, "id"), "managedEnvironments"));
    }

    private static CodeValue Origin(CodeValue host, IReadOnlyList<(string, CodeValue)> more, CodeValue link) =>
        Map([
            ("hostName", host),
            .. more,
            ("priority", 1),
            ("weight", 1000),
            ("enabledState", "Enabled"),
            ("enforceCertificateNameCheck", true),
            ("sharedPrivateLinkResource", link),
        ]);

    private static CodeValue Private(CodeValue id, string? group) =>
        Map([
            ("privateLink", ById(id)),
            .. Some("groupId", group is null ? null : new Text(group)),
            ("privateLinkLocation", Location),
            ("requestMessage", "Front Door of this app"),
        ]);
}
