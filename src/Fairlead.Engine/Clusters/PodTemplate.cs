using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Clusters;

/// <summary>What a pod is told beside what its service says.</summary>
/// <param name="Env">All its variables but those of secrets.</param>
/// <param name="Labels">By which it is found.</param>
/// <param name="Minor">The cluster's minor version: 30 for 1.30.</param>
internal sealed record PodSetting(
    string Image,
    IReadOnlyDictionary<string, string> Env,
    IReadOnlyDictionary<string, string> Labels,
    int Minor
)
{
    /// <summary>Labels of all pods that should not be on one machine.</summary>
    public required IReadOnlyDictionary<string, string> Spread { get; init; }

    /// <summary>Which object holds a secret, and under which key.</summary>
    public required Func<SecretUse, (string Object, string Key)> SecretOf { get; init; }

    /// <summary>Which claim a volume is; null where the workload makes one for each pod.</summary>
    public Func<string, string>? ClaimOf { get; init; }
}

/// <summary>What runs a service in Kubernetes: one pod, with no right that the service does not need.</summary>
internal static class PodTemplate
{
    /// <summary>Holds all secrets of an app that is exported, by their names. Its values are not exported.</summary>
    public const string Secrets = "fairlead-secrets";

    private const long NobodyUser = 65532;
    private const string SecretsFolder = "/run/secrets";
    private const int FailuresUntilDown = 3;
    private const int SleepSince = 30;

    /// <summary>How long a pod that is told to end goes on, so that nobody who still has its address is refused.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);

    public static int PortOf(Service service) => service.Port ?? ContainerSettings.UsualPort;

    public static JsonObject Of(Service service, PodSetting setting)
    {
        var spec = new JsonObject
        {
            ["serviceAccountName"] = service.Name,
            ["automountServiceAccountToken"] = false,
            ["enableServiceLinks"] = false,
            // Programs that do not expect to be process 1 would not hear SIGTERM, and nobody would bury their dead.
            ["shareProcessNamespace"] = true,
            ["terminationGracePeriodSeconds"] = Seconds(Farewell + service.Drain + service.StopGrace),
            ["securityContext"] = SecurityOf(service.Container),
            ["containers"] = new JsonArray(Container(service, setting)),
            ["volumes"] = Volumes(service, setting),
        };
        if (service.ReplicasMax > 1)
        {
            spec["topologySpreadConstraints"] = new JsonArray(
                new JsonObject
                {
                    ["maxSkew"] = 1,
                    ["topologyKey"] = "kubernetes.io/hostname",
                    ["whenUnsatisfiable"] = "ScheduleAnyway",
                    ["labelSelector"] = new JsonObject { ["matchLabels"] = Map(setting.Spread) },
                }
            );
        }
        return new()
        {
            ["metadata"] = new JsonObject { ["labels"] = Map(setting.Labels) },
            ["spec"] = spec,
        };
    }

    public static JsonObject Map(IReadOnlyDictionary<string, string> map) =>
        new(map.Select(one => KeyValuePair.Create(one.Key, (JsonNode?)one.Value)));

    /// <summary>What every program in a container is told, whatever else.</summary>
    public static void Tell(IDictionary<string, string> env, Service service)
    {
        var port = PortOf(service).ToString(CultureInfo.InvariantCulture);
        if (service.Container?.Image is null)
        {
            env["HOME"] = "/tmp";
            env["ASPNETCORE_URLS"] = $"http://0.0.0.0:{port}";
        }
        env["HOST"] = "0.0.0.0";
        env["PORT"] = port;
        env["FAIRLEAD_SERVICE"] = service.Name;
    }

    private static JsonObject Container(Service service, PodSetting setting)
    {
        var container = new JsonObject
        {
            ["name"] = service.Name,
            ["image"] = setting.Image,
            ["ports"] = new JsonArray(
                new JsonObject
                {
                    ["name"] = "main",
                    ["containerPort"] = PortOf(service),
                    ["protocol"] = "TCP",
                }
            ),
            ["env"] = Env(service, setting),
            ["securityContext"] = new JsonObject
            {
                ["allowPrivilegeEscalation"] = false,
                ["readOnlyRootFilesystem"] = service.Container?.IsWritable is not true,
                ["capabilities"] = Capabilities(service.Container?.Capabilities),
            },
            ["volumeMounts"] = Mounts(service),
        };
        if (service.Container?.Image is not null && service.Recipe.Run.Count > 0)
        {
            container["args"] = Words(service.Recipe.Run, service);
        }
        if (Resources(service.Limits) is { } resources)
        {
            container["resources"] = resources;
        }
        AddProbes(container, service);
        if (service.TakesTraffic || service.Port is not null)
        {
            container["lifecycle"] = new JsonObject { ["preStop"] = Pause(setting.Minor) };
        }
        return container;
    }

    // Traffic is led away at the same moment as the pod is told to end, not before.
    private static JsonObject Pause(int minor) =>
        minor >= SleepSince
            ? new() { ["sleep"] = new JsonObject { ["seconds"] = Seconds(Farewell) } }
            : new()
            {
                ["exec"] = new JsonObject
                {
                    ["command"] = new JsonArray("sleep", Seconds(Farewell).ToString(CultureInfo.InvariantCulture)),
                },
            };

    private static void AddProbes(JsonObject container, Service service)
    {
        if (Probe(service) is not { } probe)
        {
            return;
        }
        var health = service.Health;
        var every = Math.Max(1, Seconds(health.Every));
        var patience = Math.Max(FailuresUntilDown, (int)Math.Ceiling(health.StartGrace.TotalSeconds / every));
        container["startupProbe"] = Timed(1, Math.Max(1, Seconds(health.StartGrace)));
        container["readinessProbe"] = Timed(every, FailuresUntilDown);
        // Who is unwell for as long as a start may take will not mend itself; until then what it waits for may come back.
        container["livenessProbe"] = Timed(every, patience);

        JsonObject Timed(int period, int failures)
        {
            var timed = probe.DeepClone().AsObject();
            timed["periodSeconds"] = period;
            timed["timeoutSeconds"] = Math.Max(1, Seconds(health.Timeout));
            timed["failureThreshold"] = failures;
            return timed;
        }
    }

    private static JsonObject? Probe(Service service) =>
        service.Health switch
        {
            { Http: { } path } => new()
            {
                ["httpGet"] = new JsonObject { ["path"] = $"/{path.TrimStart('/')}", ["port"] = "main" },
            },
            { Tcp: true } => new() { ["tcpSocket"] = new JsonObject { ["port"] = "main" } },
            { Command: { Count: > 0 } words } => new()
            {
                ["exec"] = new JsonObject { ["command"] = Words(words, service) },
            },
            _ => null,
        };

    private static JsonArray Env(Service service, PodSetting setting)
    {
        JsonArray list =
        [
            .. setting.Env.Select(one => new JsonObject { ["name"] = one.Key, ["value"] = Literal(one.Value) }),
        ];
        foreach (var use in service.Secrets ?? [])
        {
            var (name, key) = setting.SecretOf(use);
            list.Add(
                use.IsFile
                    ? new JsonObject { ["name"] = use.Told, ["value"] = $"{SecretsFolder}/{use.Variable}" }
                    : new JsonObject
                    {
                        ["name"] = use.Told,
                        ["valueFrom"] = new JsonObject
                        {
                            ["secretKeyRef"] = new JsonObject { ["name"] = name, ["key"] = key },
                        },
                    }
            );
        }
        return list;
    }

    // $(NAME) in a value would be taken for another variable.
    private static string Literal(string value) => value.Replace("$(", "$$(", StringComparison.Ordinal);

    private static JsonObject SecurityOf(ContainerSettings? container)
    {
        var numbers = container?.User?.Split(':').Select(one => long.Parse(one, CultureInfo.InvariantCulture)).ToList();
        var user = numbers is [var said, ..] ? said : NobodyUser;
        var security = new JsonObject
        {
            ["runAsNonRoot"] = user != 0,
            ["seccompProfile"] = new JsonObject { ["type"] = "RuntimeDefault" },
        };
        // A ready image knows its own user, unless the manifest knows better.
        if (container?.Image is null || numbers is not null)
        {
            security["runAsUser"] = user;
            security["runAsGroup"] = numbers is [_, var group] ? group : user;
            security["fsGroup"] = numbers is [_, var shared] ? shared : user;
        }
        return security;
    }

    private static JsonObject Capabilities(IReadOnlyList<string>? kept)
    {
        var capabilities = new JsonObject { ["drop"] = new JsonArray("ALL") };
        if (kept is { Count: > 0 })
        {
            capabilities["add"] = new JsonArray([.. kept.Select(one => (JsonNode)one)]);
        }
        return capabilities;
    }

    private static JsonObject? Resources(Limits limits)
    {
        var all = new JsonObject();
        if (limits.Cpu is { } cores)
        {
            all["cpu"] = string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(cores * 1000)}m");
        }
        if (limits.Memory is { } bytes)
        {
            all["memory"] = bytes.ToString(CultureInfo.InvariantCulture);
        }
        return all.Count == 0 ? null : new() { ["requests"] = all.DeepClone(), ["limits"] = all };
    }

    private static JsonArray Mounts(Service service)
    {
        JsonArray mounts = [new JsonObject { ["name"] = "tmp", ["mountPath"] = "/tmp" }];
        foreach (var (name, path) in service.Container?.Volumes ?? new Dictionary<string, string>())
        {
            mounts.Add(new JsonObject { ["name"] = VolumeOf(name), ["mountPath"] = path });
        }
        if (HasSecretFiles(service))
        {
            mounts.Add(
                new JsonObject
                {
                    ["name"] = "secrets",
                    ["mountPath"] = SecretsFolder,
                    ["readOnly"] = true,
                }
            );
        }
        return mounts;
    }

    /// <summary>What a volume of the manifest is called; 'tmp' and 'secrets' are ours.</summary>
    public static string VolumeOf(string name) => $"data-{name.ToLowerInvariant().Replace('_', '-')}";

    private static JsonArray Volumes(Service service, PodSetting setting)
    {
        JsonArray volumes =
        [
            new JsonObject
            {
                ["name"] = "tmp",
                ["emptyDir"] = new JsonObject { ["sizeLimit"] = "64Mi" },
            },
        ];
        if (setting.ClaimOf is { } claimOf)
        {
            foreach (var name in (service.Container?.Volumes ?? new Dictionary<string, string>()).Keys)
            {
                volumes.Add(
                    new JsonObject
                    {
                        ["name"] = VolumeOf(name),
                        ["persistentVolumeClaim"] = new JsonObject { ["claimName"] = claimOf(name) },
                    }
                );
            }
        }
        if (HasSecretFiles(service))
        {
            volumes.Add(
                new JsonObject
                {
                    ["name"] = "secrets",
                    ["projected"] = new JsonObject
                    {
                        ["sources"] = new JsonArray([
                            .. service
                                .Secrets!.Where(use => use.IsFile) // HasSecretFiles.
                                .Select(use => (use.Variable, Held: setting.SecretOf(use)))
                                .GroupBy(one => one.Held.Object)
                                .Select(group => new JsonObject
                                {
                                    ["secret"] = new JsonObject
                                    {
                                        ["name"] = group.Key,
                                        ["items"] = new JsonArray([
                                            .. group.Select(one => new JsonObject
                                            {
                                                ["key"] = one.Held.Key,
                                                ["path"] = one.Variable,
                                            }),
                                        ]),
                                    },
                                }),
                        ]),
                    },
                }
            );
        }
        return volumes;
    }

    private static bool HasSecretFiles(Service service) => service.Secrets?.Any(use => use.IsFile) is true;

    private static JsonArray Words(IReadOnlyList<string> words, Service service)
    {
        var port = PortOf(service).ToString(CultureInfo.InvariantCulture);
        return [.. words.Select(word => (JsonNode)Literal(word.Replace("{port}", port, StringComparison.Ordinal)))];
    }

    private static int Seconds(TimeSpan time) => (int)Math.Ceiling(time.TotalSeconds);
}
