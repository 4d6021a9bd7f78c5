using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Engine.Clusters;
using Fairlead.Engine.Deploying.Strategies;
using Fairlead.Engine.Manifests;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Exporting;

/// <summary>An app in one environment as objects of Kubernetes.</summary>
internal static class KubernetesObjects
{
    private const string VolumeSize = "10Gi";
    private const int StableBudgets = 21;

    public static IReadOnlyList<JsonObject> Of(LoadedApp app, KubernetesSettings settings)
    {
        List<JsonObject> all = [Namespace(app, settings)];
        foreach (var loaded in app.Services)
        {
            all.AddRange(OfService(loaded, app, settings));
        }
        if (Routes(app, settings) is { } routes)
        {
            all.Add(routes);
        }
        return all;
    }

    /// <summary>What is lost on the way, each a sentence.</summary>
    public static IEnumerable<string> Warnings(LoadedApp app, KubernetesSettings settings)
    {
        var named = app
            .Services.SelectMany(one => one.Service.Secrets ?? [])
            .Select(use => use.Secret)
            .Distinct()
            .ToList();
        if (named.Count > 0)
        {
            yield return $"Secrets are not exported. Before the first start: kubectl create secret generic {PodTemplate.Secrets} --namespace {settings.Namespace} {string.Join(' ', named.Select(name => $"--from-file={name}=FILE"))}";
        }
        foreach (var (service, kind) in app.Services.Select(one => (one.Service, one.StrategyKind)))
        {
            var name = service.Name;
            if (service.Limits is { Cpu: null } or { Memory: null })
            {
                yield return $"services.{name} has no limits of both CPU and memory, so nothing is kept free for it: add limits: {{ cpu: 0.5, memory: 256MiB }}.";
            }
            if (kind is "canary" or "blue-green" && (!settings.HasRollouts || HasVolumes(service)))
            {
                yield return $"services.{name} is replaced pod by pod: by itself Kubernetes knows no '{kind}'. With Argo Rollouts it does: --rollouts.";
            }
            if (service.Container is { Image: { } image } container && container.User is null or "0" or "0:0")
            {
                yield return $"services.{name} is the image {image}, which may run as root, and the namespace's level 'restricted' starts no root: say another user, container: {{ user: \"10001\" }}.";
            }
            if (service.Job is { } job)
            {
                yield return $"services.{name} is a job, and has no replicas there: write a {(job.Schedule is { } times ? $"CronJob for '{times}'" : "Job")} of its pod.";
            }
            if (service.Idle is not null)
            {
                yield return $"services.{name} runs always: Kubernetes does not put to sleep what nobody asks for.";
            }
            if (service.Scale is { IsOfResources: false } scale)
            {
                yield return $"services.{name} follows what only Fairlead measures ({Measured(scale)}): there it {(scale is { Cpu: null, Memory: null } ? $"has {service.Replicas} replicas" : "follows cpu and memory alone")}, until an adapter of the metrics API tells these numbers to an autoscaler.";
            }
            if (service.Gateway is not null || service.Traffic is not null)
            {
                yield return $"services.{name} is not behind Fairlead's edge there, so nobody does what 'gateway' and 'traffic' say.";
            }
            if (service.Container?.Capabilities?.Any(one => one != "NET_BIND_SERVICE") is true)
            {
                yield return $"services.{name} keeps capabilities that the namespace's level 'restricted' refuses: allow it the level 'baseline', or do without.";
            }
        }
    }

    private static string Measured(ScaleRules scale)
    {
        (string Word, bool IsSaid)[] words =
        [
            ("requests", scale.Requests is not null),
            ("concurrency", scale.Concurrency is not null),
            ("queue", scale.Queue is not null),
        ];
        return string.Join(", ", words.Where(one => one.IsSaid).Select(one => one.Word));
    }

    private static JsonObject Namespace(LoadedApp app, KubernetesSettings settings)
    {
        var meta = Metadata(settings.Namespace, app);
        meta["labels"]!["pod-security.kubernetes.io/enforce"] = "restricted";
        return Object("v1", "Namespace", meta);
    }

    private static IEnumerable<JsonObject> OfService(LoadedService loaded, LoadedApp app, KubernetesSettings settings)
    {
        var service = loaded.Service;
        yield return Object(
            "v1",
            "ServiceAccount",
            Placed(service.Name, app, settings),
            ("automountServiceAccountToken", false)
        );
        if (service.TakesTraffic || service.Port is not null)
        {
            yield return ServiceObject(service.Name, service, app, settings);
        }
        if (settings.HasRollouts && !HasVolumes(service) && Argo(loaded) is { } strategy)
        {
            if (loaded.Strategy is BlueGreen)
            {
                yield return ServiceObject($"{service.Name}-preview", service, app, settings);
            }
            yield return Workload("argoproj.io/v1alpha1", "Rollout", loaded, (app, settings), ("strategy", strategy));
        }
        else if (HasVolumes(service))
        {
            yield return Workload(
                "apps/v1",
                "StatefulSet",
                loaded,
                (app, settings),
                ("serviceName", service.Name),
                ("volumeClaimTemplates", Claims(service))
            );
        }
        else
        {
            yield return Workload("apps/v1", "Deployment", loaded, (app, settings), ("strategy", Plain(loaded)));
        }
        foreach (var around in Around(loaded, app, settings))
        {
            yield return around;
        }
    }

    /// <summary>What says how many there are, and how many may be away.</summary>
    private static IEnumerable<JsonObject> Around(LoadedService loaded, LoadedApp app, KubernetesSettings settings)
    {
        var service = loaded.Service;
        var workload =
            HasVolumes(service) ? ("apps/v1", "StatefulSet", service.Name)
            : IsRollout(loaded, settings) ? ("argoproj.io/v1alpha1", "Rollout", service.Name)
            : ("apps/v1", "Deployment", service.Name);
        if (AutoscalerObject.SpecOf(service, workload) is { } autoscaler)
        {
            yield return Object(
                settings.Minor >= AutoscalerObject.Since ? AutoscalerObject.Version : AutoscalerObject.OldVersion,
                AutoscalerObject.Kind,
                Placed(service.Name, app, settings),
                ("spec", autoscaler)
            );
        }
        if (service.ReplicasMax > 1)
        {
            yield return Object(
                settings.Minor >= StableBudgets ? "policy/v1" : "policy/v1beta1",
                "PodDisruptionBudget",
                Placed(service.Name, app, settings),
                (
                    "spec",
                    new JsonObject
                    {
                        ["maxUnavailable"] = 1,
                        ["selector"] = new JsonObject
                        {
                            ["matchLabels"] = PodTemplate.Map(KubernetesPods.Labels(app, service.Name)),
                        },
                    }
                )
            );
        }
    }

    private static bool IsRollout(LoadedService loaded, KubernetesSettings settings) =>
        settings.HasRollouts && !HasVolumes(loaded.Service) && Argo(loaded) is not null;

    private static JsonObject Workload(
        string version,
        string kind,
        LoadedService loaded,
        (LoadedApp App, KubernetesSettings Settings) of,
        params ReadOnlySpan<(string Key, JsonNode Value)> more
    )
    {
        var service = loaded.Service;
        var spec = new JsonObject
        {
            ["replicas"] = service.Replicas,
            ["revisionHistoryLimit"] = 5,
            ["selector"] = new JsonObject
            {
                ["matchLabels"] = PodTemplate.Map(KubernetesPods.Labels(of.App, service.Name)),
            },
            ["template"] = KubernetesPods.Template(loaded, of.App, of.Settings),
        };
        if (service.Scale is not { Cpu: null, Memory: null } and not null)
        {
            spec.Remove("replicas"); // It is its autoscaler's: whoever applied this again would set it back.
        }
        if (kind is not "StatefulSet")
        {
            spec["progressDeadlineSeconds"] = (int)Math.Ceiling(service.Health.StartGrace.TotalSeconds) + 60;
        }
        foreach (var (key, value) in more)
        {
            spec[key] = value;
        }
        return Object(version, kind, Placed(service.Name, of.App, of.Settings), ("spec", spec));
    }

    private static JsonObject Plain(LoadedService loaded) =>
        loaded.Service.IsExclusive
            ? new() { ["type"] = "Recreate" }
            : new()
            {
                ["type"] = "RollingUpdate",
                ["rollingUpdate"] = loaded.Strategy is Rolling rolling
                    ? new JsonObject { ["maxSurge"] = rolling.MaxSurge, ["maxUnavailable"] = rolling.MaxUnavailable }
                    : new JsonObject { ["maxSurge"] = 1, ["maxUnavailable"] = 0 },
            };

    /// <summary>Null for what Kubernetes does by itself.</summary>
    private static JsonObject? Argo(LoadedService loaded) =>
        loaded.Strategy switch
        {
            Canary canary => new()
            {
                ["canary"] = new JsonObject
                {
                    ["maxSurge"] = 1,
                    ["maxUnavailable"] = 0,
                    ["steps"] = new JsonArray([.. canary.Shares.SelectMany(share => Steps(share, canary.Hold))]),
                },
            },
            BlueGreen blueGreen => new()
            {
                ["blueGreen"] = new JsonObject
                {
                    ["activeService"] = loaded.Service.Name,
                    ["previewService"] = $"{loaded.Service.Name}-preview",
                    ["autoPromotionSeconds"] = Math.Max(1, (int)blueGreen.Preview.TotalSeconds),
                    ["scaleDownDelaySeconds"] = (int)loaded.Service.Keep.TotalSeconds,
                },
            },
            _ => null,
        };

    private static IEnumerable<JsonNode> Steps(Model.Releases.Share share, TimeSpan hold) =>
        [
            new JsonObject { ["setWeight"] = Math.Clamp(share.Percent, 1, 100) },
            new JsonObject
            {
                ["pause"] = new JsonObject
                {
                    ["duration"] = string.Create(
                        CultureInfo.InvariantCulture,
                        $"{Math.Max(1, (int)hold.TotalSeconds)}s"
                    ),
                },
            },
        ];

    private static JsonObject ServiceObject(string name, Service service, LoadedApp app, KubernetesSettings settings)
    {
        var spec = new JsonObject
        {
            ["selector"] = PodTemplate.Map(KubernetesPods.Labels(app, service.Name)),
            ["ports"] = new JsonArray(
                new JsonObject
                {
                    ["name"] = service.TakesTraffic ? "http" : "main",
                    ["port"] = service.TakesTraffic ? 80 : PodTemplate.PortOf(service),
                    ["targetPort"] = "main",
                    // Merging by the server needs the whole of its key.
                    ["protocol"] = "TCP",
                }
            ),
        };
        return Object("v1", "Service", Placed(name, app, settings), ("spec", spec));
    }

    private static JsonArray Claims(Service service) =>
        [
            .. (service.Container?.Volumes ?? new Dictionary<string, string>()).Select(one => new JsonObject
            {
                ["metadata"] = new JsonObject { ["name"] = PodTemplate.VolumeOf(one.Key) },
                ["spec"] = new JsonObject
                {
                    ["accessModes"] = new JsonArray("ReadWriteOnce"),
                    ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["storage"] = VolumeSize } },
                },
            }),
        ];

    private static JsonObject? Routes(LoadedApp app, KubernetesSettings settings)
    {
        var routed = app
            .Services.SelectMany(one => one.Service.Routes.Select(path => (one.Service.Name, Path: path)))
            .OrderByDescending(one => one.Path.Length)
            .ThenBy(one => one.Path, StringComparer.Ordinal)
            .ToList();
        return settings.Routes switch
        {
            _ when routed.Count == 0 => null,
            KubernetesRoutes.Ingress => Ingress(app, settings, routed),
            KubernetesRoutes.Gateway => HttpRoute(app, settings, routed),
            _ => null,
        };
    }

    private static JsonObject Ingress(
        LoadedApp app,
        KubernetesSettings settings,
        IReadOnlyList<(string Service, string Path)> routed
    )
    {
        var spec = new JsonObject
        {
            ["rules"] = new JsonArray([
                .. app.Hosts.Select(host => new JsonObject
                {
                    ["host"] = host,
                    ["http"] = new JsonObject
                    {
                        ["paths"] = new JsonArray([
                            .. routed.Select(one => new JsonObject
                            {
                                ["path"] = one.Path,
                                ["pathType"] = "Prefix",
                                ["backend"] = new JsonObject
                                {
                                    ["service"] = new JsonObject
                                    {
                                        ["name"] = one.Service,
                                        ["port"] = new JsonObject { ["name"] = "http" },
                                    },
                                },
                            }),
                        ]),
                    },
                }),
            ]),
        };
        if (app.Tls is { Mode: not TlsMode.Off })
        {
            spec["tls"] = new JsonArray(
                new JsonObject
                {
                    ["hosts"] = new JsonArray([.. app.Hosts.Select(host => (JsonNode)host)]),
                    ["secretName"] = $"{app.App}-tls",
                }
            );
        }
        return Object("networking.k8s.io/v1", "Ingress", Placed(app.App, app, settings), ("spec", spec));
    }

    private static JsonObject HttpRoute(
        LoadedApp app,
        KubernetesSettings settings,
        IReadOnlyList<(string Service, string Path)> routed
    ) =>
        Object(
            "gateway.networking.k8s.io/v1",
            "HTTPRoute",
            Placed(app.App, app, settings),
            (
                "spec",
                new JsonObject
                {
                    ["parentRefs"] = new JsonArray(new JsonObject { ["name"] = settings.Gateway }),
                    ["hostnames"] = new JsonArray([.. app.Hosts.Select(host => (JsonNode)host)]),
                    ["rules"] = new JsonArray([
                        .. routed.Select(one => new JsonObject
                        {
                            ["matches"] = new JsonArray(
                                new JsonObject
                                {
                                    ["path"] = new JsonObject { ["type"] = "PathPrefix", ["value"] = one.Path },
                                }
                            ),
                            ["backendRefs"] = new JsonArray(new JsonObject { ["name"] = one.Service, ["port"] = 80 }),
                        }),
                    ]),
                }
            )
        );

    private static bool HasVolumes(Service service) => service.Container?.Volumes is { Count: > 0 };

    private static JsonObject Placed(string name, LoadedApp app, KubernetesSettings settings)
    {
        var meta = Metadata(name, app);
        meta.Insert(1, "namespace", settings.Namespace);
        return meta;
    }

    private static JsonObject Metadata(string name, LoadedApp app) =>
        new()
        {
            ["name"] = name,
            ["labels"] = new JsonObject
            {
                ["app.kubernetes.io/part-of"] = app.App,
                ["app.kubernetes.io/managed-by"] = "fairlead",
            },
        };

    private static JsonObject Object(
        string version,
        string kind,
        JsonObject metadata,
        params ReadOnlySpan<(string Key, JsonNode Value)> rest
    )
    {
        var made = new JsonObject
        {
            ["apiVersion"] = version,
            ["kind"] = kind,
            ["metadata"] = metadata,
        };
        foreach (var (key, value) in rest)
        {
            made[key] = value;
        }
        return made;
    }
}
