using System.Globalization;
using System.Text.Json.Serialization;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Exporting;

/// <summary>In which shape an app is written for Kubernetes.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<KubernetesShape>))]
public enum KubernetesShape
{
    /// <summary>Plain objects, for <c>kubectl apply</c>.</summary>
    [JsonStringEnumMemberName("manifests")]
    Manifests,

    /// <summary>Objects with a kustomization around them.</summary>
    [JsonStringEnumMemberName("kustomize")]
    Kustomize,

    /// <summary>A chart whose values are images and replicas.</summary>
    [JsonStringEnumMemberName("helm")]
    Helm,
}

/// <summary>Who leads requests of hosts to services.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<KubernetesRoutes>))]
public enum KubernetesRoutes
{
    /// <summary>Ingress of networking.k8s.io/v1.</summary>
    [JsonStringEnumMemberName("ingress")]
    Ingress,

    /// <summary>HTTPRoute of gateway.networking.k8s.io/v1.</summary>
    [JsonStringEnumMemberName("gateway")]
    Gateway,

    /// <summary>Nobody: services are reached from within.</summary>
    [JsonStringEnumMemberName("none")]
    None,
}

/// <summary>What a manifest does not say.</summary>
/// <param name="Namespace">The app's own: it holds nothing else.</param>
/// <param name="Images">Of services that are built, by their name.</param>
public sealed record KubernetesSettings(string Namespace, IReadOnlyDictionary<string, string> Images)
{
    public KubernetesRoutes Routes { get; init; }

    /// <summary>The Gateway that routes hang on.</summary>
    public string Gateway { get; init; } = "gateway";

    /// <summary>The cluster's minor version: 30 for 1.30.</summary>
    public int Minor { get; init; } = 30;

    /// <summary>Argo's Rollouts where the strategy is one that Kubernetes does not know.</summary>
    public bool HasRollouts { get; init; }

    /// <summary>From where Argo CD takes the files; null where it does not.</summary>
    public ArgoSource? Argo { get; init; }

    /// <summary>Reads <c>1.30</c>.</summary>
    /// <exception cref="ProblemException">It is no version, or one too old.</exception>
    public static int MinorOf(string version) =>
        version.Split('.') is ["1", var minor, ..]
        && int.TryParse(minor, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number is >= 19 and < 1_000
            ? number
            : throw new ProblemException(
                new Problem(
                    "export.wrong-version",
                    What: $"'{version}' is no version of Kubernetes that this is written for.",
                    Why: "It takes 1.19 or a later one.",
                    Fix: "Write what 'kubectl version' says of the server, for example: --for 1.30"
                )
                {
                    Trouble = Trouble.WrongUse,
                }
            );
}

/// <summary>Where in a repository of Git the files of an export will be.</summary>
/// <param name="Repository">Such as <c>https://github.com/acme/deploys</c> or <c>git@github.com:acme/deploys</c>.</param>
/// <param name="Path">Folder in it.</param>
/// <param name="Revision">Branch, tag or commit.</param>
public sealed record ArgoSource(string Repository, string Path, string Revision)
{
    private const int LettersMax = 500;

    /// <exception cref="ProblemException">A part of it can be none.</exception>
    public static ArgoSource Of(string repository, string path, string revision)
    {
        var isRepository =
            IsWord(repository)
            && (
                (Uri.TryCreate(repository, UriKind.Absolute, out var url) && url.Scheme is "https" or "http" or "ssh")
                || repository.Split('@', 2) is [{ Length: > 0 }, var rest]
                    && rest.IndexOf(':', StringComparison.Ordinal) > 0
            );
        var isPath =
            IsWord(path) && !path.StartsWith('/') && path.TrimEnd('/').Split('/').All(word => word is not ("" or ".."));
        return isRepository && isPath && IsWord(revision)
            ? new(repository, path.TrimEnd('/'), revision)
            : throw new ProblemException(
                new Problem(
                    "export.wrong-source",
                    What: $"Argo CD could not take anything from {repository}, {path} at {revision}.",
                    Why: "It takes the address of a repository of Git, a folder in it, and a branch, tag or commit.",
                    Fix: "Write for example: --argocd https://github.com/acme/deploys --argocd-path shop/production --argocd-revision main"
                )
                {
                    Trouble = Trouble.WrongUse,
                }
            );
    }

    private static bool IsWord(string text) =>
        text.Length is > 0 and <= LettersMax && text.All(letter => letter is > ' ' and <= '~');
}
