using System.Text.Json.Serialization;

namespace Fairlead.Model.Apps;

/// <summary>What of a cluster's own leads requests to parts as well, by the shares that the edge has.</summary>
public sealed record ClusterRoutes(RouteKind By)
{
    /// <summary>Through which requests from outside come, as <c>namespace/name</c> or <c>name</c>; null for those from within alone.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Gateway { get; init; }
}

/// <summary>Whose objects say who gets which share.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RouteKind>))]
public enum RouteKind
{
    /// <summary>HTTPRoute of the Gateway API, on a gateway.</summary>
    [JsonStringEnumMemberName("gateway")]
    Gateway,

    /// <summary>HTTPRoute on services: Linkerd, and other meshes of the Gateway API.</summary>
    [JsonStringEnumMemberName("linkerd")]
    Linkerd,

    /// <summary>VirtualService and DestinationRule.</summary>
    [JsonStringEnumMemberName("istio")]
    Istio,

    /// <summary>Ingress with NGINX's notes for canaries.</summary>
    [JsonStringEnumMemberName("nginx")]
    Nginx,
}
