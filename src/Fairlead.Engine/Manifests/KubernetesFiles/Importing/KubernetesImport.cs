using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Engine.Manifests.ComposeFiles;
using Fairlead.Engine.Manifests.ComposeFiles.Importing;
using Fairlead.Engine.Manifests.ComposeFiles.Reading;
using Fairlead.Engine.Manifests.Detecting;
using Fairlead.Engine.Manifests.Forms;
using Fairlead.Engine.Manifests.KubernetesFiles.Reading;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Manifests.KubernetesFiles.Importing;

/// <summary>Turns objects of Kubernetes into a manifest, and says all that did not come along.</summary>
internal static class KubernetesImport
{
    /// <summary>In the order in which people read them.</summary>
    private static readonly string[] Order =
    [
        "kind",
        "run",
        "port",
        "health",
        "routes",
        "replicas",
        "uses",
        "env",
        "secrets",
        "limits",
        "stopGrace",
        "metrics",
        "deploy",
        "network",
        "container",
    ];

    private static readonly ScalarForm Images = ShapeForms.Of(Shape.Image);
    private static readonly ScalarForm Spaces = ShapeForms.Of(Shape.Namespace);

    /// <exception cref="ProblemException">The files mean nothing: all faults that were found.</exception>
    public static ComposeImport.Answer Run(IFileTree tree, string path, string? name)
    {
        var notes = new Notes(KubernetesFaults.Said);
        var files = new ObjectFiles(tree, notes);
        files.Read(path);
        notes.ThrowIfFaulty();
        var cast = new Cast(files.Objects);
        var routes = new RouteImport(cast, notes);
        routes.Read();
        List<WorkloadDraft> drafts = [.. Drafts(cast, routes, notes)];
        if (drafts.Count == 0)
        {
            notes.Fault(new(new(path, "."), 1, 1), KubernetesFaults.Nothing(path));
            notes.ThrowIfFaulty();
        }
        var secrets = new SecretNames(drafts.Select(static one => one.Said));
        var variables = new VariableImport(secrets, new Hosts(drafts));
        var volumes = new VolumeImport(secrets);
        foreach (var draft in drafts)
        {
            variables.Apply(draft);
            volumes.Apply(draft);
            WorkloadImport.Apply(draft);
            ProbeImport.Apply(draft);
            ScaleImport.Apply(draft);
        }
        Answers(drafts, routes);
        routes.Unanswered(
            drafts
                .SelectMany(one => cast.ServicesOf(one.Object))
                .Select(static one => one.Name)
                .ToHashSet(StringComparer.Ordinal)
        );
        Uses(drafts);
        ServiceNotes(cast, drafts, notes);
        Others(cast, notes);
        var text = Text(
            path == "." ? Paths.Name(tree.Root.TrimEnd('/')) : path,
            Manifest(name ?? AppName(cast, tree, path), cast, routes, drafts)
        );
        return new(text, drafts.Count, [.. notes.All, .. Incomplete(text)]);
    }

    private static IEnumerable<WorkloadDraft> Drafts(Cast cast, RouteImport routes, Notes notes)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var workload in cast.Workloads)
        {
            cast.Used.Add(workload);
            Piece.Group[] containers =
            [
                .. ClusterObject.Rows(ClusterObject.Group(Cast.TemplateOf(workload), "spec"), "containers"),
            ];
            // Others stand beside it: a proxy, or what sends logs.
            var said =
                Array.Find(containers, one => ClusterObject.Text(one, "name") == workload.Name)
                ?? containers.FirstOrDefault();
            if (said is null || ClusterObject.Text(said, "image") is not { } image || !Images.Accepts(image))
            {
                notes.Say(
                    workload.Place,
                    KubernetesReports.LeftOut(
                        workload,
                        "It names no image that the manifest takes.",
                        "Name it in the file, such as ghcr.io/acme/api:1.4.2, or write the service by hand."
                    )
                );
                continue;
            }
            yield return Draft(cast, routes, notes, (workload, said, image), taken);
        }
    }

    private static WorkloadDraft Draft(
        Cast cast,
        RouteImport routes,
        Notes notes,
        (ClusterObject Workload, Piece.Group Said, string Image) of,
        HashSet<string> taken
    )
    {
        var (workload, said, image) = of;
        ClusterObject[] services = [.. cast.ServicesOf(workload)];
        cast.Used.UnionWith(services);
        var service =
            Array.Find(services, one => routes.Open.Contains(one.Name))
            ?? Array.Find(services, one => one.Name == workload.Name)
            ?? services.FirstOrDefault();
        var name = Unique(Naming.Slug(service?.Name ?? workload.Name) ?? "service", taken);
        if (name != workload.Name)
        {
            notes.Say(workload.Place, KubernetesReports.Name(workload, name));
        }
        var known = KnownImages.Of(image);
        var port =
            (service is null ? null : Ports.Of(service, said).Select(static one => (int?)one.Port).FirstOrDefault())
            ?? Ports.Of(said).Select(static one => (int?)one.Port).FirstOrDefault()
            ?? (service is null ? null : known?.Port);
        var isRouted = Array.Exists(services, one => routes.Open.Contains(one.Name));
        var published = Array.Find(
            services,
            static one => ClusterObject.Text(one.Spec, "type") is "LoadBalancer" or "NodePort"
        );
        var isPublished = published is not null;
        var isOpen = port is not null && (isRouted || (isPublished && known is null or { IsWeb: true }));
        var draft = new WorkloadDraft(name, workload, service, said)
        {
            Cast = cast,
            Notes = notes,
            Image = image,
            Port = port,
            IsOpen = isOpen,
            Published = published,
        };
        draft.Container["image"] = image;
        if (!draft.IsOurs)
        {
            notes.Say(
                workload.Place,
                KubernetesReports.Kind(workload, isOpen ? "web" : "worker", Why(draft, isRouted, isPublished))
            );
        }
        return draft;
    }

    private static string Why(WorkloadDraft draft, bool isRouted, bool isPublished) =>
        (isRouted, isPublished, draft.IsOpen, draft.Port) switch
        {
            (true, _, true, _) => $"Requests from outside are led to its Service, and so to port {draft.Port}.",
            (_, true, true, _) => $"Its Service is open to the outside, and leads to port {draft.Port}.",
            (_, true, false, _) =>
                "Its Service is open to the outside, but what it is does not speak HTTP: only services of the app ask it here.",
            (_, _, _, null) => "No Service leads to it and it names no port, so nobody is known to ask it anything.",
            _ =>
                $"It listens on port {draft.Port}, and nothing leads there from outside: only services of the app ask it.",
        };

    private static string Unique(string name, HashSet<string> taken)
    {
        var unique = name;
        for (var number = 2; !taken.Add(unique); number++)
        {
            var ending = string.Create(CultureInfo.InvariantCulture, $"-{number}");
            unique = name[..Math.Min(name.Length, 40 - ending.Length)] + ending;
        }
        return unique;
    }

    /// <summary>Paths of what is asked from outside; where nothing says them, the first one has all and others have their names.</summary>
    private static void Answers(IReadOnlyList<WorkloadDraft> drafts, RouteImport routes)
    {
        var hasRoot = drafts.Any(one => Ways(one, routes).Contains("/"));
        foreach (var draft in drafts.Where(static one => one.IsOpen))
        {
            var own = Ways(draft, routes);
            if (own.Count == 0 && draft.Published is { } published)
            {
                own = hasRoot ? [$"/{draft.Name}"] : ["/"];
                draft.Changed(
                    published.Place,
                    published.Shown,
                    hasRoot
                        ? $"It had an address of its own; here it answers at {own[0]}, since all other paths are those of another service."
                        : "It had an address of its own; here the edge carries requests of the app's hosts to it.",
                    hasRoot
                        ? $"Tell the program that its paths begin at {own[0]}, or make it an app of its own with its own hosts."
                        : "Say the hosts: environments: { production: { hosts: [shop.example.com] } }"
                );
                hasRoot = true;
            }
            if (!own.SequenceEqual(["/"]))
            {
                draft.Keys["routes"] = new JsonArray([.. own.Select(static one => (JsonNode)one)]);
            }
            if (draft.IsOurs && !own.Contains("/"))
            {
                draft.Keys["kind"] = "api";
            }
        }
    }

    /// <summary>Paths that lead to one of its Services.</summary>
    private static IReadOnlyList<string> Ways(WorkloadDraft draft, RouteImport routes) =>
        [
            .. draft
                .Cast.ServicesOf(draft.Object)
                .SelectMany(one => routes.Of(one.Name))
                .Distinct(StringComparer.Ordinal),
        ];

    /// <summary>What a service names, it uses; where two name each other, one is only called.</summary>
    private static void Uses(IReadOnlyList<WorkloadDraft> drafts)
    {
        var before = drafts.ToDictionary(
            static one => one.Name,
            static _ => new HashSet<string>(StringComparer.Ordinal)
        );
        bool Leads(string from, string to, HashSet<string> seen) =>
            from == to || (seen.Add(from) && before[from].Any(next => Leads(next, to, seen)));
        foreach (var draft in drafts)
        {
            List<string> calls = [];
            foreach (var used in draft.Uses.Where(one => one != draft.Name))
            {
                if (Leads(used, draft.Name, new(StringComparer.Ordinal)))
                {
                    calls.Add(used);
                    continue;
                }
                before[draft.Name].Add(used);
                Forget(draft, drafts.First(one => one.Name == used));
            }
            if (before[draft.Name].Count > 0)
            {
                draft.Keys["uses"] = new JsonArray([
                    .. before[draft.Name].Order(StringComparer.Ordinal).Select(static one => (JsonNode)one),
                ]);
            }
            if (calls.Count > 0)
            {
                draft.Keys["network"] = new JsonObject
                {
                    ["calls"] = new JsonArray([.. calls.Select(static one => (JsonNode)one)]),
                };
            }
        }
    }

    /// <summary>What 'uses' tells by itself.</summary>
    private static void Forget(WorkloadDraft draft, WorkloadDraft used)
    {
        var word = used.Name.ToUpperInvariant().Replace('-', '_');
        (string Name, string Value)[] told = used.IsOpen
            ? [($"{word}_URL", $"http://{used.Name}")]
            :
            [
                ($"{word}_HOST", used.Name),
                ($"{word}_PORT", $"{used.Port}"),
                ($"{word}_URL", $"tcp://{used.Name}:{used.Port}"),
            ];
        foreach (var (name, value) in told)
        {
            if (draft.Env[name]?.GetValue<string>() == value)
            {
                draft.Env.Remove(name);
            }
        }
    }

    private static void ServiceNotes(Cast cast, IReadOnlyList<WorkloadDraft> drafts, Notes notes)
    {
        foreach (var draft in drafts)
        {
            foreach (var service in cast.ServicesOf(draft.Object))
            {
                foreach (var (asked, port, _) in Ports.Of(service, draft.Said).Where(one => one.Port != draft.Port))
                {
                    draft.NotTaken(
                        service.Place,
                        $"{service.Shown} port {asked}",
                        $"A service has one port, here {draft.Port}.",
                        $"Pods are reached at {port} where 'network' allows it; make it a service of its own where others ask it."
                    );
                }
                draft.Rest(
                    service.Spec,
                    service.Shown,
                    "ports",
                    "type",
                    "clusterIP",
                    "clusterIPs",
                    "publishNotReadyAddresses",
                    "ipFamilies",
                    "ipFamilyPolicy",
                    ClusterObject.Text(service.Spec, "sessionAffinity") is "None" ? "sessionAffinity" : ""
                );
            }
        }
        foreach (var service in cast.Services.Where(one => ClusterObject.Text(one.Spec, "type") == "ExternalName"))
        {
            cast.Used.Add(service);
            var host = ClusterObject.Text(service.Spec, "externalName") ?? "";
            notes.Say(
                service.Place,
                KubernetesReports.LeftOut(
                    service,
                    $"It is another name of the host {Shown(host)}.",
                    $"Let programs ask {Shown(host)} itself, and write: network: {{ hosts: [{Shown(host)}] }}"
                )
            );
        }
    }

    private static string Shown(string text) => Manifests.Reading.Shown.Line(text);

    private static void Others(Cast cast, Notes notes)
    {
        foreach (var one in cast.Others)
        {
            if (OtherFields.OfKind(one.Kind) is var (why, fix))
            {
                notes.Say(one.Place, KubernetesReports.LeftOut(one, why, fix));
            }
        }
    }

    private static string AppName(Cast cast, IFileTree tree, string path) =>
        new[] { cast.PartOf, cast.Space, Paths.Name(tree.Root.TrimEnd('/')) }
            .Where(static one => one is not (null or "default"))
            .Select(static one => Naming.Slug(one!)) // Those that are null are left out.
            .FirstOrDefault(static one => one is not null)
        ?? "app";

    private static JsonObject Manifest(string app, Cast cast, RouteImport routes, IReadOnlyList<WorkloadDraft> drafts)
    {
        var environment = new JsonObject { ["target"] = "kubernetes" };
        if (cast.Space is { } space && Spaces.Accepts(space))
        {
            environment["cluster"] = new JsonObject { ["namespace"] = space };
        }
        if (routes.HostNames.Count > 0)
        {
            environment["hosts"] = new JsonArray([.. routes.HostNames.Select(static one => (JsonNode)one)]);
            if (routes.HasTls)
            {
                environment["tls"] = "auto";
            }
        }
        return new()
        {
            ["app"] = app,
            ["services"] = new JsonObject(
                drafts.Select(static one => KeyValuePair.Create(one.Name, (JsonNode?)Finished(one)))
            ),
            ["environments"] = new JsonObject { ["production"] = environment },
        };
    }

    private static JsonObject Finished(WorkloadDraft draft)
    {
        if (draft.Env.Count > 0)
        {
            draft.Keys["env"] = draft.Env;
        }
        if (draft.Secrets.Count > 0)
        {
            draft.Keys["secrets"] = draft.Secrets.All(static one => one.Value is JsonObject { Count: 0 })
                ? new JsonArray([.. draft.Secrets.Select(static one => (JsonNode)one.Key)])
                : draft.Secrets;
        }
        draft.Keys["container"] = draft.Container is { Count: 1 }
            ? draft.Container["image"]!.DeepClone()
            : draft.Container; // Each has an image.
        var service = new JsonObject();
        foreach (var key in Order.Where(draft.Keys.ContainsKey))
        {
            service[key] = draft.Keys[key]!.DeepClone(); // It was asked for.
        }
        return service;
    }

    private static string Text(string path, JsonObject manifest) =>
        $"# From {Shown(path)}. What is not said here is detected: see it with 'fairlead plan'.\n{YamlLines.Of(manifest)}";

    /// <summary>What 'fairlead check' would find in the manifest.</summary>
    private static IReadOnlyList<Problem> Incomplete(string manifest)
    {
        try
        {
            var abilities = new TargetAbilities(FixedPortsOverlap: true, ServesStaticFiles: false);
            new ManifestLoader(Detection.DetectService, Detection.DetectApp, _ => abilities).Load(new Alone(manifest));
            return [];
        }
        catch (ProblemException found)
        {
            return [.. found.Problems.Select(KubernetesReports.Manifest)];
        }
    }

    /// <summary>A folder with the manifest alone: what came along is images, and needs nothing else.</summary>
    private sealed class Alone(string manifest) : IFileTree
    {
        public string Root => "/";

        public bool FolderExists(string path) => path == ".";

        public bool FileExists(string path) => path == ManifestFile.Name;

        public string? ReadText(string path) => path == ManifestFile.Name ? manifest : null;

        public IReadOnlyList<string> List(string folder) => [];

        public IFileTree Inside(string folder) => this;
    }
}
