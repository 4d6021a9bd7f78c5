using System.Text.Json.Serialization;

namespace Fairlead.Model.Apps;

/// <summary>Where in which cluster of Kubernetes a service runs.</summary>
/// <param name="Namespace">Of the cluster; a DNS label.</param>
public sealed record ClusterPlace(string Namespace)
{
    /// <summary>As the server's kubeconfig calls it; null for the cluster that the server is in, or the one that is chosen there.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Context { get; init; }

    /// <summary>Where images of what is built here are sent, such as <c>ghcr.io/acme</c>; null where nothing is built.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Registry { get; init; }

    /// <summary>What is done about what somebody changed by hand.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public DriftPolicy Drift { get; init; }

    /// <summary>What of the cluster's own is told the shares as well; null for the edge alone.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ClusterRoutes? Routes { get; init; }

    /// <summary>Pods take only what the mesh of <see cref="Routes"/> has sealed, and what comes from the edge's own address.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsSealed { get; init; }

    /// <summary>Whom the service's pods may call; null where no policy keeps them apart.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ClusterNetwork? Network { get; init; }
}

/// <summary>What is done about objects that are not as they were ordered.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DriftPolicy>))]
public enum DriftPolicy
{
    /// <summary>They are made as ordered again, and it is said.</summary>
    [JsonStringEnumMemberName("repair")]
    Repair,

    /// <summary>It is said.</summary>
    [JsonStringEnumMemberName("report")]
    Report,
}
