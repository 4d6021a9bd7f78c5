using Fairlead.Engine.Manifests.Reading;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Manifests.Resolving;

/// <summary>The environment that was asked for, with nothing left open.</summary>
/// <param name="All">Names of all environments.</param>
internal sealed record Place(
    string Name,
    EnvironmentEntry Entry,
    IReadOnlyList<string> Hosts,
    IReadOnlyList<string> All
)
{
    /// <summary>Of the app.</summary>
    public required string App { get; init; }

    /// <summary>Where in which cluster; null where none runs it.</summary>
    public ClusterPlace? Cluster { get; init; }
}

/// <summary>Checks the environments of a manifest and chooses one.</summary>
internal sealed class Places(ManifestFile file, Node root, Findings findings)
{
    private const string Default = "production";
    private const int LabelLettersMax = 63;

    private readonly IReadOnlyDictionary<string, EnvironmentEntry> entries = file.Environments
        is { Count: > 0 } declared
        ? declared
        : new Dictionary<string, EnvironmentEntry>(StringComparer.Ordinal) { [Default] = new() };

    public Place Choose(string? asked)
    {
        string[] names = [.. entries.Keys];
        CheckHosts();
        foreach (var (name, entry) in entries)
        {
            PortVariable.Check(root.At("environments", name, "env", PortVariable.Name), entry.Env, findings);
        }
        var chosen = asked ?? names[0];
        if (!entries.ContainsKey(chosen) && !findings.Touch("environments"))
        {
            findings.Add(root.At("environments"), "unknown-environment", Unknown(chosen, names));
        }
        var known = entries.TryGetValue(chosen, out var found) ? found : new();
        return new(chosen, known, Hosts(chosen, known, names[0] == chosen), names)
        {
            App = file.App,
            Cluster = Cluster(chosen, known),
        };
    }

    private ClusterPlace? Cluster(string name, EnvironmentEntry entry)
    {
        if (entry.Target is not TargetKind.Kubernetes)
        {
            if (entry.Cluster is not null)
            {
                findings.Add(
                    root.At("environments", name, "cluster"),
                    "cluster-target",
                    (
                        $"No cluster runs the environment {Shown.Quoted(name)}.",
                        "'cluster' says where in Kubernetes it runs, and its target is another one.",
                        $"Write in environments.{name}: target: kubernetes, or remove 'cluster'."
                    )
                );
            }
            return null;
        }
        var space = entry.Cluster?.Namespace ?? $"{file.App}-{name}";
        if (space.Length > LabelLettersMax)
        {
            findings.Add(
                root.At("environments", name),
                "namespace-too-long",
                (
                    $"{space} cannot be a namespace.",
                    $"A namespace has at most {LabelLettersMax} letters; this one has {space.Length}.",
                    $"Add to environments.{name}: cluster: {{ namespace: shop }}"
                )
            );
        }
        var isSealed = entry.Cluster?.Mtls is true;
        if (isSealed && entry.Cluster?.Routes is not (RouteKind.Istio or RouteKind.Linkerd))
        {
            findings.Add(
                root.At("environments", name, "cluster", "mtls"),
                "cluster-mtls",
                (
                    $"Nothing seals what comes to the pods of {Shown.Quoted(name)}.",
                    "A mesh does, and 'routes' says which one is there.",
                    $"Add to environments.{name}: cluster: {{ routes: istio }} or linkerd, or remove 'mtls'."
                )
            );
        }
        return new(space)
        {
            IsSealed = isSealed,
            Context = entry.Cluster?.Context,
            Registry = entry.Cluster?.Registry,
            Drift = entry.Cluster?.Drift ?? DriftPolicy.Repair,
            Routes = entry.Cluster?.Routes is { } by ? new(by) { Gateway = entry.Cluster.Gateway } : null,
        };
    }

    private IReadOnlyList<string> Hosts(string name, EnvironmentEntry entry, bool isFirst)
    {
        if ((entry.Hosts ?? (isFirst ? file.Hosts : null)) is { Count: > 0 } said)
        {
            return said;
        }
        var label = isFirst ? file.App : $"{file.App}-{name}";
        if (label?.Length > LabelLettersMax)
        {
            findings.Add(
                root.At("environments", name),
                "host-too-long",
                (
                    $"{label}.localhost cannot be a host name.",
                    $"A part of a host name has at most {LabelLettersMax} letters; this one has {label.Length}.",
                    $"Add to environments.{name}: hosts: [shop.example.com]"
                )
            );
        }
        return [$"{label}.localhost"];
    }

    /// <summary>A host belongs to one environment, or nobody could tell which of them answers.</summary>
    private void CheckHosts()
    {
        var first = entries.Keys.First();
        var said = entries
            .SelectMany(entry =>
                (entry.Value.Hosts ?? []).Select(
                    (host, index) => (host, entry.Key, Node: root.At("environments", entry.Key, "hosts", index))
                )
            )
            .Concat(
                entries[first].Hosts is null
                    ? (file.Hosts ?? []).Select((host, index) => (host, Key: first, Node: root.At("hosts", index)))
                    : []
            );
        foreach (var same in said.GroupBy(one => one.host, StringComparer.Ordinal).Where(same => same.Count() > 1))
        {
            var (host, owner, _) = same.First();
            findings.Add(
                same.ElementAt(1).Node,
                "host-taken",
                (
                    $"{host} is said twice.",
                    $"It belongs to the environment '{owner}' already, and a host name leads to one place.",
                    "Remove one of the two."
                )
            );
        }
    }

    private (string What, string Why, string Fix) Unknown(string asked, string[] names) =>
        (
            $"There is no environment {Shown.Quoted(asked)}.",
            file.Environments is null
                ? $"{ManifestFile.Name} declares none, so there is only '{names[0]}'."
                : $"{ManifestFile.Name} has {string.Join(", ", names)}.",
            Nearest.To(asked, names) is { } near
                ? $"Did you mean '{near}'? Say: --env {near}"
                : $"Say --env {names[0]}, or add below 'environments': {Shown.Line(asked)}: {{ target: local }}"
        );
}

/// <summary>The one variable that a manifest may not set.</summary>
internal static class PortVariable
{
    public const string Name = "PORT";

    /// <param name="node">Where it is said, if it is.</param>
    public static void Check(Node node, IReadOnlyDictionary<string, string>? env, Findings findings)
    {
        if (env?.ContainsKey(Name) ?? false)
        {
            findings.Add(
                node,
                "port-variable",
                (
                    $"{Shown.Name(node.Path)} sets the variable PORT.",
                    "Fairlead chooses a free port for each replica and tells it in PORT, so that two versions can run side by side.",
                    "Remove it. If the program can listen on one port only, write in its service, for example: port: 3000"
                )
            );
        }
    }
}
