using Fairlead.Engine.Manifests.ComposeFiles.Reading;
using Fairlead.Engine.Manifests.KubernetesFiles.Reading;

namespace Fairlead.Engine.Manifests.KubernetesFiles.Importing;

/// <summary>All objects by what they are for.</summary>
internal sealed class Cast
{
    private static readonly string[] Running =
    [
        "Deployment",
        "StatefulSet",
        "DaemonSet",
        "ReplicaSet",
        "ReplicationController",
        "Pod",
        "Rollout",
    ];

    private readonly List<ClusterObject> all;

    // A folder may have many of both, and each is asked about more than once.
    private readonly List<(ClusterObject Service, IReadOnlyDictionary<string, string> Labels)> selectors;
    private readonly Dictionary<ClusterObject, IReadOnlyList<ClusterObject>> servicesOf = new(
        ReferenceEqualityComparer.Instance
    );

    public Cast(IReadOnlyList<ClusterObject> objects)
    {
        all = [.. objects];
        Workloads = [.. all.Where(static one => Running.Contains(one.Kind, StringComparer.Ordinal))];
        Services = [.. Of("Service")];
        selectors =
        [
            .. Services
                .Select(static one =>
                    (Service: one, Labels: ClusterObject.Words(ClusterObject.Group(one.Spec, "selector")))
                )
                .Where(static one => one.Labels.Count > 0),
        ];
    }

    public IReadOnlyList<ClusterObject> Workloads { get; }

    public IReadOnlyList<ClusterObject> Services { get; }

    /// <summary>Objects that something of the manifest stands for; of all others it is said what becomes of them.</summary>
    public HashSet<ClusterObject> Used { get; } = new(ReferenceEqualityComparer.Instance);

    public IEnumerable<ClusterObject> Others => all.Where(one => !Used.Contains(one));

    /// <summary>The namespace that most of them say.</summary>
    public string? Space =>
        all.Select(static one => one.Space)
            .OfType<string>()
            .GroupBy(static one => one)
            .OrderByDescending(static one => one.Count())
            .ThenBy(static one => one.Key, StringComparer.Ordinal)
            .FirstOrDefault()
            ?.Key;

    /// <summary>What most of them say that they belong to.</summary>
    public string? PartOf =>
        all.Select(static one =>
                ClusterObject.Labels(one.Root).GetValueOrDefault("app.kubernetes.io/part-of")
                ?? ClusterObject.Labels(one.Root).GetValueOrDefault("app.kubernetes.io/instance")
            )
            .OfType<string>()
            .GroupBy(static one => one)
            .OrderByDescending(static one => one.Count())
            .ThenBy(static one => one.Key, StringComparer.Ordinal)
            .FirstOrDefault()
            ?.Key;

    public IEnumerable<ClusterObject> Of(params IReadOnlyList<string> kinds) =>
        all.Where(one => kinds.Contains(one.Kind, StringComparer.Ordinal));

    /// <summary>The one of a kind and name, in a namespace or where none is said.</summary>
    public ClusterObject? Find(string kind, string name, string? space) =>
        all.Find(one =>
            one.Kind == kind && one.Name == name && (one.Space == space || one.Space is null || space is null)
        );

    /// <summary>The template of a workload's pods; a pod is its own.</summary>
    public static Piece.Group TemplateOf(ClusterObject workload) =>
        workload.Kind == "Pod"
            ? workload.Root
            : ClusterObject.Group(workload.Spec, "template") ?? new Piece.Group(workload.Place, []);

    /// <summary>Services that lead to a workload's pods.</summary>
    public IReadOnlyList<ClusterObject> ServicesOf(ClusterObject workload)
    {
        if (!servicesOf.TryGetValue(workload, out var found))
        {
            var labels = ClusterObject.Labels(TemplateOf(workload));
            servicesOf[workload] = found = [
                .. selectors
                    .Where(one =>
                        (one.Service.Space == workload.Space || one.Service.Space is null || workload.Space is null)
                        && one.Labels.All(pair => labels.GetValueOrDefault(pair.Key) == pair.Value)
                    )
                    .Select(static one => one.Service),
            ];
        }
        return found;
    }

    /// <summary>Objects of a kind whose <c>scaleTargetRef</c> or selector means a workload.</summary>
    public ClusterObject? Scaler(ClusterObject workload) =>
        Of("HorizontalPodAutoscaler")
            .FirstOrDefault(one =>
                ClusterObject.Group(one.Spec, "scaleTargetRef") is { } target
                && ClusterObject.Text(target, "name") == workload.Name
                && (ClusterObject.Text(target, "kind") ?? workload.Kind) == workload.Kind
            );

    public IEnumerable<ClusterObject> Budgets(ClusterObject workload)
    {
        var labels = ClusterObject.Labels(TemplateOf(workload));
        return Of("PodDisruptionBudget")
            .Where(one =>
                ClusterObject.Words(ClusterObject.Group(ClusterObject.Group(one.Spec, "selector"), "matchLabels"))
                    is { Count: > 0 } selector
                && selector.All(pair => labels.GetValueOrDefault(pair.Key) == pair.Value)
            );
    }
}
