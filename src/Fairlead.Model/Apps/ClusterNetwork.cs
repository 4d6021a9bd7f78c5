using System.Text.Json.Serialization;

namespace Fairlead.Model.Apps;

/// <summary>Whom the pods of a service may call beside Fairlead's edge and the name server. Nobody but the app and the edge calls them.</summary>
/// <param name="Calls">Services of the same app.</param>
/// <param name="Hosts">What is outside of it.</param>
public sealed record ClusterNetwork(IReadOnlyList<ClusterCall> Calls, IReadOnlyList<OutsideHost> Hosts);

/// <summary>A service of the same app that is called.</summary>
/// <param name="Port">Where it listens.</param>
public sealed record ClusterCall(string Service, int Port);

/// <summary>Whether a cluster's network keeps pods apart.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ClusterPolicies>))]
public enum ClusterPolicies
{
    /// <summary>By a NetworkPolicy for each part.</summary>
    [JsonStringEnumMemberName("network")]
    Network,

    /// <summary>By nothing of Fairlead's.</summary>
    [JsonStringEnumMemberName("none")]
    None,
}
