using System.Text.Json.Nodes;
using Fairlead.Model.Problems;

namespace Fairlead.Model.Ports;

/// <summary>Clusters of Kubernetes that the server can reach.</summary>
public interface IClusters
{
    /// <summary>Opens one; nothing is asked yet.</summary>
    /// <param name="context">As a kubeconfig calls it; null for the one that the server is in, or the one that is chosen there.</param>
    /// <exception cref="ProblemException">There is none, or what says where it is cannot be read.</exception>
    ICluster Open(string? context);
}

/// <summary>
/// The API of one cluster. Objects are as Kubernetes writes them. Every member throws a <see cref="ProblemException"/> when the cluster
/// cannot be reached or refuses: who may not, which rule is broken, whose field it is.
/// </summary>
public interface ICluster
{
    /// <summary>For people, such as <c>https://10.0.0.1:6443</c>.</summary>
    string Name { get; }

    /// <summary>Its minor version: 30 for 1.30.</summary>
    Task<int> MinorAsync(CancellationToken stop);

    /// <summary>Whether it knows a kind in a version, such as <c>policy/v1</c>.</summary>
    Task<bool> ServesAsync(string version, string kind, CancellationToken stop);

    /// <summary>Null when there is none.</summary>
    Task<JsonObject?> FindAsync(ObjectName name, CancellationToken stop);

    /// <summary>All of a kind in a namespace that carry these labels; none when there is no such namespace.</summary>
    /// <param name="labels">Such as <c>app=shop,tier=web</c>.</param>
    Task<IReadOnlyList<JsonObject>> ListAsync(ObjectName of, string labels, CancellationToken stop);

    /// <summary>
    /// Makes an object, or changes what this says of it, as <see cref="ApplyAs.Manager"/> by the cluster's own merging. Where it says a
    /// resource version, only that one is changed.
    /// </summary>
    /// <returns>What it is now; null when it was changed meanwhile, and has to be looked at again.</returns>
    Task<JsonObject?> ApplyAsync(JsonObject wanted, ApplyAs how, CancellationToken stop);

    /// <summary>Sets annotations of an object that exists; a null value removes one.</summary>
    /// <returns>Whether it exists.</returns>
    Task<bool> AnnotateAsync(ObjectName name, IReadOnlyDictionary<string, string?> annotations, CancellationToken stop);

    /// <summary>Begins to remove an object, or finds it gone. It is there until all that it made is gone.</summary>
    /// <param name="resourceVersion">Only in this version; null for any.</param>
    /// <returns>Whether it is going or gone; false when it was changed meanwhile.</returns>
    Task<bool> DeleteAsync(ObjectName name, string? resourceVersion, CancellationToken stop);

    /// <summary>What a container wrote, each line with its time before it; none when it is gone or has not begun.</summary>
    Task<IReadOnlyList<string>> LogAsync(ContainerLogQuery query, CancellationToken stop);
}

/// <summary>Names an object, or all of a kind where there is no name.</summary>
/// <param name="Version">Such as <c>apps/v1</c>.</param>
/// <param name="Kind">Such as <c>Deployment</c>.</param>
/// <param name="Namespace">Null for what belongs to the whole cluster.</param>
public sealed record ObjectName(string Version, string Kind, string? Namespace, string Name = "")
{
    public override string ToString() =>
        $"{Kind} {(Namespace is null ? "" : $"{Namespace}/")}{(Name.Length == 0 ? "*" : Name)}";
}

/// <summary>How an object is applied.</summary>
public sealed record ApplyAs(string Manager)
{
    /// <summary>Takes fields that are somebody else's; else that is refused and said.</summary>
    public bool TakesOver { get; init; }

    /// <summary>Only tells what it would be.</summary>
    public bool IsTrial { get; init; }
}

/// <summary>Which lines of a container's output.</summary>
public sealed record ContainerLogQuery(string Namespace, string Pod, string Container)
{
    /// <summary>From then on, with whole seconds; null from the beginning.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only so many from the end, 1 to 10,000.</summary>
    public int? Tail { get; init; }

    /// <summary>Of the start before this one.</summary>
    public bool IsPrevious { get; init; }
}
