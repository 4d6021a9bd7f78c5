using System.Text.Json.Serialization;

namespace Fairlead.Engine.Guarding.Network;

/// <summary>In what a plan can be written.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<NetworkFormat>))]
public enum NetworkFormat
{
    /// <summary>NetworkPolicy of networking.k8s.io/v1.</summary>
    [JsonStringEnumMemberName("kubernetes")]
    Kubernetes,

    /// <summary>Policies and sidecars of Istio.</summary>
    [JsonStringEnumMemberName("istio")]
    Istio,

    /// <summary>Servers and policies of Linkerd.</summary>
    [JsonStringEnumMemberName("linkerd")]
    Linkerd,

    /// <summary>Security groups of AWS, as a file of Terraform.</summary>
    [JsonStringEnumMemberName("security-groups")]
    SecurityGroups,

    /// <summary>A table of nftables.</summary>
    [JsonStringEnumMemberName("nftables")]
    Nftables,
}

/// <summary>A plan as one format writes it.</summary>
/// <param name="Warnings">What the format cannot say, each a sentence; where in doubt, less is allowed than the plan says, never more.</param>
public sealed record WrittenPolicy(string Text, IReadOnlyList<string> Warnings);

/// <summary>Writes a plan in any format.</summary>
public static class NetworkFormats
{
    public static WrittenPolicy Write(NetworkPlan plan, NetworkFormat format, Places places) =>
        format switch
        {
            NetworkFormat.Kubernetes => Formats.KubernetesPolicies.Write(plan, places),
            NetworkFormat.Istio => Formats.IstioPolicies.Write(plan, places),
            NetworkFormat.Linkerd => Formats.LinkerdPolicies.Write(plan, places),
            NetworkFormat.SecurityGroups => Formats.SecurityGroups.Write(plan, places),
            NetworkFormat.Nftables => Formats.NftablesRules.Write(plan, places),
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, "is no format"),
        };
}
