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
