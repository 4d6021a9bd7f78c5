using System.Globalization;
using Fairlead.Engine.Infrastructure.Code.Bicep;
using Fairlead.Model.Resources;
using static Fairlead.Engine.Infrastructure.Code.Azure.AzureDraft;
using static Fairlead.Engine.Infrastructure.Code.CodeValue;

namespace Fairlead.Engine.Infrastructure.Code.Azure;

/// <summary>Container Apps: one environment in the network, and an app in it for each service.</summary>
internal static class AzureContainers
{
    private const string Part = AzureParts.Compute;
    private const string Shared = "Consumption";
    private const int NameLettersMax = 32;
    private const int DrainSecondsMax = 600;
    private const int DrainSecondsUsual = 30;

    /// <summary>What an app is called: others of the environment reach it by that.</summary>
    public static string Called(string service) => Short(service, NameLettersMax);

    /// <summary>The host at which an app answers, which is known before there is one.</summary>
    public static CodeValue Host(AzureDraft draft, ContainerService service) =>
        Join($"{Called(service.Name)}.", draft.At(service.Pool, "properties.defaultDomain"));

    /// <summary>The parameter that names a service's image.</summary>
    public static string ImageOf(AzureDraft draft, ContainerService service) => draft.Symbol(service, "image");

    public static void Add(AzureDraft draft, ContainerPool pool)
    {
        var own = draft
            .Graph.All<ContainerService>()
            .Select(static one => (AzureSizes.Container(one.Size).Profile, one.Scaling))
            .Where(static one => one.Profile is not null)
            .GroupBy(static one => one.Profile!, StringComparer.Ordinal)
            .Select(static one =>
                Map(
                    ("name", one.Key),
                    ("workloadProfileType", one.Key),
                    ("minimumCount", 1),
                    ("maximumCount", Math.Max(1, one.Sum(static each => each.Scaling.Max)))
                )
            );
        var environment = draft.Add(
            Part,
            AzureTypes.ContainerPool,
            pool,
            [
                .. Head(draft.Called(pool.Name, 60)),
                (
                    "properties",
                    Map(
                        ("appLogsConfiguration", Map(("destination", "azure-monitor"))),
                        ("peerTrafficConfiguration", Map(("encryption", Map(("enabled", true))))),
                        // Visitors come by a private link of Front Door, or not at all.
                        ("publicNetworkAccess", "Disabled"),
                        (
                            "vnetConfiguration",
                            Map(
                                ("infrastructureSubnetId", AzureNetwork.Subnet(draft, AzureSubnets.Containers)),
                                ("internal", false)
                            )
                        ),
                        ("workloadProfiles", List([Map(("name", Shared), ("workloadProfileType", Shared)), .. own])),
                        ("zoneRedundant", true)
                    )
                ),
            ]
        );
        AzureLogs.Watch(draft, environment, "allLogs");
    }

    public static void Add(AzureDraft draft, ContainerService service)
    {
        var name = Called(service.Name);
        var profile = AzureSizes.Container(service.Size).Profile ?? Shared;
        draft.Add(
            draft.New(
                Part,
                AzureTypes.ContainerApp,
                service,
                [
                    .. Head(name),
                    (
                        "identity",
                        Map(
                            ("type", "UserAssigned"),
                            (
                                "userAssignedIdentities",
                                new Call(
                                    BicepText.Keys,
                                    [draft.At(service.Workload.Identity, "id"), draft.At(service.Starter, "id")]
                                )
                            )
                        )
                    ),
                    (
                        "properties",
                        Map(
                            ("environmentId", draft.At(service.Pool, "id")),
                            ("workloadProfileName", profile),
                            ("configuration", Configuration(draft, service)),
                            ("template", Template(draft, service))
                        )
                    ),
                ]
            ) with
            {
                If = service.Image is null ? ImageOf(draft, service) : null,
            }
        );
        if (name != service.Name)
        {
            draft.Note($"Others reach {service.Name} as http://{name}: Azure takes no longer names.");
        }
        draft.Tell(
            $"{draft.Symbol(service)}Host",
            $"Where {service.Name} answers in the network",
            Host(draft, service)
        );
    }

    private static CodeValue Image(AzureDraft draft, ContainerService service)
    {
        if (service.Image is { } ready)
        {
            return ready;
        }
        var name = ImageOf(draft, service);
        draft.Note(
            $"{service.Name} is not there until {name} names an image. Bicep says all of an app each time: name the image that runs now before applying it again, else the one in main.bicepparam comes back."
        );
        return draft.Parameter(
            new(name, "string", $"Image of {service.Name} with its digest; while there is none, nothing of it runs", "")
        );
    }

    private static CodeValue Configuration(AzureDraft draft, ContainerService service)
    {
        var starter = draft.At(service.Starter, "id");
        var secrets = AzureWorkloads
            .Secrets(service.Workload)
            .Select(static one => one.Secret)
            .Distinct(StringComparer.Ordinal)
            .Select(secret =>
                Map(("name", secret), ("keyVaultUrl", AzureVault.Address(draft, secret)), ("identity", starter))
            )
            .ToList();
        return Map([
            ("activeRevisionsMode", service.Port is null ? "Single" : Mode(draft, service)),
            .. Some("ingress", service.Port is { } port ? Ingress(draft, service, port) : null),
            .. Some(
                "registries",
                service.Registry is null
                    ? null
                    : List(
                        Map(("server", draft.At(AzureRegistries.Name, "properties.loginServer")), ("identity", starter))
                    )
            ),
            .. Some("secrets", secrets.Count == 0 ? null : new Items(secrets)),
        ]);
    }

    // One revision after the other, until somebody says which share each gets.
    private static Choice Mode(AzureDraft draft, ContainerService service)
    {
        draft.Parameter(
            new(
                Weights(draft, service),
                "array",
                $"Shares of traffic of {service.Name}, such as {{ revisionName: \"{Called(service.Name)}--42\", weight: 10 }}; the newest revision takes all when empty",
                List()
            )
        );
        return new Choice(Weights(draft, service), "Multiple", "Single");
    }

    private static string Weights(AzureDraft draft, ContainerService service) => draft.Symbol(service, "traffic");

    private static CodeValue Ingress(AzureDraft draft, ContainerService service, int port)
    {
        var isReached = draft
            .Graph.All<LoadBalancer>()
            .Any(one => one.Routes.Any(route => route.Service == service.Name));
        return Map(
            ("external", isReached),
            ("targetPort", port),
            ("transport", "auto"),
            // Programs call each other by http://NAME, and the environment encrypts what goes from one to the other.
            ("allowInsecure", true),
            (
                "traffic",
                new Choice(
                    Weights(draft, service),
                    new Setting(Weights(draft, service)),
                    List(Map(("latestRevision", true), ("weight", 100)))
                )
            )
        );
    }

    private static CodeValue Template(AzureDraft draft, ContainerService service)
    {
        var (cores, memory, _) = AzureSizes.Container(service.Size);
        var env = AzureWorkloads
            .Env(draft, service.Workload)
            .Select(static one => Map(("name", one.Name), ("value", one.Value)))
            .Concat(
                AzureWorkloads
                    .Secrets(service.Workload)
                    .Select(static one => Map(("name", one.Name), ("secretRef", one.Secret)))
            );
        var drain = draft
            .Graph.All<LoadBalancer>()
            .SelectMany(static one => one.Routes)
            .Where(route => route.Service == service.Name)
            .Select(static route => (int)Math.Clamp(route.Drain.TotalSeconds, 0, DrainSecondsMax))
            .DefaultIfEmpty(DrainSecondsUsual)
            .Max();
        return Map(
            ("terminationGracePeriodSeconds", drain),
            (
                "containers",
                List(
                    Map([
                        ("name", Called(service.Name)),
                        ("image", Image(draft, service)),
                        (
                            "resources",
                            Map(
                                ("cpu", new Number(cores)),
                                ("memory", string.Create(CultureInfo.InvariantCulture, $"{memory:0.##}Gi"))
                            )
                        ),
                        ("env", new Items([.. env])),
                        .. Some("probes", service.Port is { } port ? Probes(service.Workload, port) : null),
                    ])
                )
            ),
            ("scale", Scale(service.Scaling))
        );
    }

    private static CodeValue Probes(Workload workload, int port)
    {
        var asked = workload.Health is { } path
            ? ("httpGet", Map(("path", path), ("port", port)))
            : ("tcpSocket", Map(("port", port)));
        return List(
            // A minute to begin; afterwards ready within seconds, and begun again when nothing listens.
            Map(("type", "Startup"), asked, ("periodSeconds", 2), ("failureThreshold", 30)),
            Map(("type", "Readiness"), asked, ("periodSeconds", 5), ("failureThreshold", 3)),
            Map(
                ("type", "Liveness"),
                ("tcpSocket", Map(("port", port))),
                ("periodSeconds", 10),
                ("failureThreshold", 6)
            )
        );
    }

    private static CodeValue Scale(Scaling scaling)
    {
        List<CodeValue> rules = [];
        foreach (
            var (kind, percent) in (IEnumerable<(string, int?)>)
                [("cpu", scaling.CpuPercent), ("memory", scaling.MemoryPercent)]
        )
        {
            if (scaling.FollowsLoad && percent is { } value)
            {
                rules.Add(
                    Map(
                        ("name", kind),
                        (
                            "custom",
                            Map(
                                ("type", kind),
                                ("metadata", Map(("type", "Utilization"), ("value", AzureNetwork.Number(value))))
                            )
                        )
                    )
                );
            }
        }
        return Map([
            ("minReplicas", scaling.Min),
            ("maxReplicas", scaling.Max),
            .. Some("rules", rules.Count == 0 ? null : new Items(rules)),
        ]);
    }
}
