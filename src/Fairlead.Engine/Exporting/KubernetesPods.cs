using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Engine.Manifests;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Exporting;

/// <summary>What runs a service in Kubernetes: one pod, with no right that the service does not need.</summary>
internal static class KubernetesPods
{
    /// <summary>Holds all secrets of the app, by their names. Its values are not exported.</summary>
    public const string Secrets = "fairlead-secrets";

    private const long NobodyUser = 65532;
    private const string SecretsFolder = "/run/secrets";
    private const int FailuresUntilDown = 3;
    private const int SleepSince = 30;

    /// <summary>How long a pod that is told to end goes on, so that nobody who still has its address is refused.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);

    public static int PortOf(Service service) => service.Port ?? ContainerSettings.UsualPort;

    public static JsonObject Template(LoadedService loaded, LoadedApp app, KubernetesSettings settings)
    {
        var service = loaded.Service;
        var spec = new JsonObject
        {
            ["serviceAccountName"] = service.Name,
            ["automountServiceAccountToken"] = false,
            ["enableServiceLinks"] = false,
            ["terminationGracePeriodSeconds"] = Seconds(Farewell + service.Drain + service.StopGrace),
            ["securityContext"] = SecurityOf(service.Container),
            ["containers"] = new JsonArray(Container(service, app, settings)),
            ["volumes"] = Volumes(service),
        };
        if (service.Replicas > 1)
        {
            spec["topologySpreadConstraints"] = new JsonArray(
                new JsonObject
                {
                    ["maxSkew"] = 1,
                    ["topologyKey"] = "kubernetes.io/hostname",
                    ["whenUnsatisfiable"] = "ScheduleAnyway",
                    ["labelSelector"] = new JsonObject { ["matchLabels"] = Labels(app, service.Name) },
                }
            );
        }
        return new()
        {
            ["metadata"] = new JsonObject { ["labels"] = Labels(app, service.Name) },
            ["spec"] = spec,
        };
    }

    /// <summary>By which a service's pods are found: the same as network policies look for.</summary>
    public static JsonObject Labels(LoadedApp app, string service) =>
        new() { ["app.kubernetes.io/part-of"] = app.App, ["app.kubernetes.io/name"] = service };

    private static JsonObject Container(Service service, LoadedApp app, KubernetesSettings settings)
    {
        var container = new JsonObject
        {
            ["name"] = service.Name,
            ["image"] = service.Container?.Image ?? settings.Images[service.Name],
            ["ports"] = new JsonArray(new JsonObject { ["name"] = "main", ["containerPort"] = PortOf(service) }),
            ["env"] = Env(service, app),
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
            container["lifecycle"] = new JsonObject { ["preStop"] = Pause(settings.Minor) };
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

    private static JsonArray Env(Service service, LoadedApp app)
    {
        var port = PortOf(service).ToString(CultureInfo.InvariantCulture);
        OrderedDictionary<string, JsonNode> env = new(StringComparer.Ordinal);
        foreach (var (name, value) in service.Env)
        {
            env[name] = value;
        }
        foreach (var used in service.Uses)
        {
            foreach (var (name, value) in Reached(used, app))
            {
                env.TryAdd(name, value);
            }
        }
        env["HOST"] = "0.0.0.0";
        env["PORT"] = port;
        env["FAIRLEAD_APP"] = app.App;
        env["FAIRLEAD_ENVIRONMENT"] = app.Site.Environment;
        env["FAIRLEAD_SERVICE"] = service.Name;
        JsonArray list =
        [
            .. env.Select(one => new JsonObject
            {
                ["name"] = one.Key,
                ["value"] = Literal(one.Value.GetValue<string>()),
            }),
        ];
        foreach (var use in service.Secrets ?? [])
        {
            list.Add(
                use.IsFile
                    ? new JsonObject { ["name"] = use.Told, ["value"] = $"{SecretsFolder}/{use.Variable}" }
                    : new JsonObject
                    {
                        ["name"] = use.Told,
                        ["valueFrom"] = new JsonObject
                        {
                            ["secretKeyRef"] = new JsonObject { ["name"] = Secrets, ["key"] = use.Secret },
                        },
                    }
            );
        }
        return list;
    }

    // $(NAME) in a value would be taken for another variable.
    private static string Literal(string value) => value.Replace("$(", "$$(", StringComparison.Ordinal);

    private static IEnumerable<(string Name, string Value)> Reached(string used, LoadedApp app)
    {
        var word = used.ToUpperInvariant().Replace('-', '_');
        var other = app.Services.FirstOrDefault(one => one.Service.Name == used)?.Service;
        if (other is not { TakesTraffic: false, Port: { } port })
        {
            return [($"{word}_URL", $"http://{used}")];
        }
        var number = port.ToString(CultureInfo.InvariantCulture);
        return [($"{word}_HOST", used), ($"{word}_PORT", number), ($"{word}_URL", $"tcp://{used}:{number}")];
    }

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

    private static JsonArray Volumes(Service service)
    {
        JsonArray volumes =
        [
            new JsonObject
            {
                ["name"] = "tmp",
                ["emptyDir"] = new JsonObject { ["sizeLimit"] = "64Mi" },
            },
        ];
        if (HasSecretFiles(service))
        {
            volumes.Add(
                new JsonObject
                {
                    ["name"] = "secrets",
                    ["secret"] = new JsonObject
                    {
                        ["secretName"] = Secrets,
                        ["items"] = new JsonArray([
                            .. service
                                .Secrets!.Where(use => use.IsFile) // HasSecretFiles.
                                .Select(use => new JsonObject { ["key"] = use.Secret, ["path"] = use.Variable }),
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
