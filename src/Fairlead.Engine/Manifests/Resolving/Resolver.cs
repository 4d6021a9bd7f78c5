using Fairlead.Engine.Manifests.Detecting;
using Fairlead.Engine.Manifests.Reading;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Manifests.Resolving;

/// <summary>Completes services. One with findings of its own is left out, so that nothing is said about what follows from them.</summary>
internal sealed class Resolver(IFileTree tree, Node root, Findings findings)
{
    private static readonly string[] ProcessKeys =
    [
        "port",
        "health",
        "replicas",
        "limits",
        "stopGrace",
        "metrics",
        "secrets",
    ];

    private readonly List<string> warnings = [];
    private IReadOnlyCollection<string> named = [];
    private IReadOnlyCollection<string> databases = [];

    public required Func<IFileTree, Detected?> DetectService { get; init; }

    public required Func<IFileTree, DetectedApp> DetectApp { get; init; }

    public IReadOnlyList<string> Warnings => warnings;

    public IReadOnlyList<LoadedService> Services(ManifestFile file, Place place, TargetAbilities target)
    {
        if (findings.Touch("services") && file.Services is null)
        {
            return [];
        }
        var entries = file.Services is { Count: > 0 } said ? said : DetectedEntries();
        var names = root.At("services") is Node.Mapping { Path: "services", Entries: { Count: > 0 } written }
            ? [.. written.Select(entry => entry.Key)]
            : entries.Keys.ToList();
        named = names;
        databases = [.. (file.Databases ?? new Dictionary<string, DataStoreEntry>()).Keys.Except(names)];
        var order = new UsesOrder(entries, databases, root, findings).Sort(names);
        var drafts = Drafts(entries, target, place);
        var strategies = new StrategyChoice(target, findings);
        Routes.CheckUnique(drafts, findings);
        strategies.CheckPorts(drafts);
        var loaded = drafts.ToDictionary(draft => draft.Name, draft => Finish(draft, place, strategies));
        CheckStatic(drafts, target);
        CheckRegistry([.. loaded.Values.Select(one => one.Service)], place);
        return
        [
            .. order
                .Where(loaded.ContainsKey)
                .Select(name =>
                    place.Entry.Cluster?.Policies is ClusterPolicies.None
                        ? loaded[name]
                        : NetworkChoice.Placed(loaded[name], loaded)
                ),
        ];
    }

    private void CheckRegistry(IReadOnlyList<Service> services, Place place)
    {
        string[] built = [.. services.Where(one => one.Container is { Image: null }).Select(one => one.Name)];
        if (place.Cluster is { Registry: null } && built.Length > 0)
        {
            findings.Add(
                root.At("environments", place.Name),
                "cluster-registry",
                (
                    $"The cluster of '{place.Name}' could not fetch {string.Join(" and ", built)}.",
                    "What is built here has to be where a cluster can fetch it: in a registry.",
                    $"Add to environments.{place.Name}: cluster: {{ registry: ghcr.io/acme }}"
                )
            );
        }
    }

    /// <summary>The services of a manifest that names none.</summary>
    private OrderedDictionary<string, ServiceEntry> DetectedEntries()
    {
        var entries = new OrderedDictionary<string, ServiceEntry>(StringComparer.Ordinal);
        foreach (var service in DetectApp(tree).Services)
        {
            entries.TryAdd(service.Name, new() { Path = service.Path });
        }
        if (entries.Count == 0)
        {
            findings.Add(
                root.At("services"),
                "no-services",
                (
                    $"{ManifestFile.Name} names no services.",
                    $"None was found in {tree.Root} either: no project file that Fairlead knows is there or one folder below.",
                    "Add for example: services: { web: { kind: web, run: ./start.sh } }"
                )
            );
        }
        return entries;
    }

    private List<Draft> Drafts(IReadOnlyDictionary<string, ServiceEntry> entries, TargetAbilities target, Place place)
    {
        List<Draft> begun = [.. entries.Select(entry => Begin(entry.Key, entry.Value, target, place)).OfType<Draft>()];
        Kind[] kinds = [.. begun.Select(draft => draft.Kind)];
        return [.. begun.Select(draft => draft with { Routes = Routes.Of(draft, kinds, findings) })];
    }

    private Draft? Begin(string name, ServiceEntry entry, TargetAbilities target, Place place)
    {
        var path = $"services.{name}";
        var node = root.At("services", name);
        PortVariable.Check(node.At("env", PortVariable.Name), entry.Env, findings);
        if (findings.Touch(path) || Folders.Of(tree, node, (name, entry.Path), findings) is not { } folder)
        {
            return null;
        }
        var source = folder == "." ? tree : tree.Inside(folder);
        // A ready image may stand beside source that it has nothing to do with.
        var detected = entry.Container?.Image is null ? DetectService(source) : null;
        var draft = new Draft(name, entry, node, folder)
        {
            Detected = detected,
            IsAtAws = place.Entry.Target is TargetKind.Aws && entry.Aws is not null,
        };
        if ((entry.Kind ?? JobChoice.Taken(draft)) is not { } kind)
        {
            findings.Add(
                node,
                "kind-missing",
                (
                    $"Nothing says what the service '{name}' is.",
                    Recipes.NotRecognised(draft, source),
                    $"Add to {path}: kind: api   (or web, worker, model){(entry.Run is null ? ", and: run: ./start.sh" : "")}"
                )
            );
            return null;
        }
        draft = draft with { Kind = kind };
        return new Recipes(findings, target).Of(draft, source) is { } recipe ? draft with { Recipe = recipe } : null;
    }

    private LoadedService Finish(Draft draft, Place place, StrategyChoice strategies)
    {
        var entry = draft.Entry;
        var saidReplicas = place.Entry.Replicas is null
            ? draft.Node.At("replicas")
            : root.At("environments", place.Name, "replicas");
        var replicas = ReplicasChoice.Of(draft, place.Entry.Replicas ?? entry.Replicas, saidReplicas, findings);
        strategies.CheckReplicas(draft, replicas.Max, saidReplicas);
        var deploy = strategies.Of(draft);
        var job = JobChoice.Of(draft, place.Entry.Target, findings);
        var service = new Service
        {
            Name = draft.Name,
            Kind = draft.Kind,
            Path = draft.Folder,
            Recipe = draft.Recipe,
            Port = draft.Port,
            Health = HealthChoice.Of(draft, findings),
            Replicas = job is null ? replicas.Count : 0,
            Job = job,
            Scale = replicas.Scale,
            Idle = replicas.Idle,
            Uses = [.. (entry.Uses ?? []).Except(databases)],
            Env = Env(entry.Env, place.Entry.Env),
            Routes = draft.Routes,
            Limits = new()
            {
                Cpu = entry.Limits?.Cpu,
                Memory = entry.Limits?.Memory?.Bytes,
                Pids = entry.Limits?.Pids,
            },
            IsExclusive = job is null && deploy.Settings.IsExclusive,
            Web = draft.IsStatic ? entry.Web?.Settings : null,
            Gateway = GatewayChoice.Of(draft, findings),
            Traffic = TrafficChoice.Of(draft, findings),
            Metrics = MetricsChoice.Of(draft, findings),
            Container = ContainerChoice.Of(draft, place.Entry.Target, place.Cluster, findings),
        };
        if (draft.Entry.Container is not null && service.Container is null && !draft.IsStatic)
        {
            warnings.Add($"services.{draft.Name} runs in no container here, so this key changes nothing: container.");
        }
        service = service with { Secrets = SecretsChoice.Of(draft, service.Env, findings) };
        ScaleChoice.CheckPlace(service, saidReplicas, findings);
        service = AwsChoice.Placed(service with { Aws = AwsChoice.Of(draft, place, service, findings) }, draft);
        WarnOfAws(draft, place);
        service = service with
        {
            StopGrace = entry.StopGrace ?? service.StopGrace,
            Drain = entry.Drain ?? service.Drain,
            Keep = entry.Keep ?? service.Keep,
        };
        return new(service, deploy.Strategy, deploy.Settings, draft.Detected)
        {
            Network = NetworkChoice.Of(draft, named, findings),
            Data = NetworkChoice.DataOf(draft),
        };
    }

    private void WarnOfAws(Draft draft, Place place)
    {
        if (draft.Entry.Aws is not null && place.Entry.Target is not TargetKind.Aws)
        {
            warnings.Add(
                $"services.{draft.Name} does not run at AWS in '{place.Name}', so this key changes nothing: aws."
            );
        }
    }

    private static OrderedDictionary<string, string> Env(
        IReadOnlyDictionary<string, string>? service,
        IReadOnlyDictionary<string, string>? place
    )
    {
        var env = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in (service ?? env).Concat(place ?? env).ToList())
        {
            env[name] = value;
        }
        return env;
    }

    private void CheckStatic(IReadOnlyList<Draft> drafts, TargetAbilities target)
    {
        warnings.AddRange(
            drafts
                .Where(draft => !draft.IsStatic && draft.Entry.Web is not null)
                .Select(draft =>
                    $"services.{draft.Name} is a program, not only files, so this key changes nothing: web."
                )
        );
        foreach (var draft in drafts.Where(draft => draft.IsStatic))
        {
            string[] unused = [.. ProcessKeys.Where(draft.Says)];
            if (unused.Length > 0)
            {
                warnings.Add(
                    $"services.{draft.Name} has no process, only files, so these keys change nothing: {string.Join(", ", unused)}."
                );
            }
            if (!target.ServesStaticFiles)
            {
                findings.Add(
                    draft.Node,
                    "static-target",
                    (
                        $"The service '{draft.Name}' has no process, only files.",
                        "The environment's target runs processes only.",
                        $"Add to services.{draft.Name} a command that serves them, for example: run: ./serve.sh"
                    )
                );
            }
        }
    }
}
