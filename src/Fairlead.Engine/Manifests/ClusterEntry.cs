using System.ComponentModel;
using Fairlead.Engine.Manifests.Forms;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Manifests;

/// <summary>Which cluster runs an environment, as the manifest says it.</summary>
[Description("Which cluster of Kubernetes, and where in it.")]
public sealed record ClusterEntry
{
    [Description(
        "As the server's kubeconfig calls it; when left out, the cluster that the server runs in, else the one that is chosen there."
    )]
    public string? Context { get; init; }

    [Description("Its namespace for this environment; app-environment when left out. It is made when it is not there.")]
    [Shaped(Shape.Namespace)]
    public string? Namespace { get; init; }

    [Description(
        "Where images of what is built are sent, such as ghcr.io/acme. The cluster must be able to fetch them."
    )]
    [Shaped(Shape.Image)]
    public string? Registry { get; init; }

    [Description(
        "What is done about objects that somebody changed by hand: 'repair' or 'report'; repair when left out."
    )]
    public DriftPolicy? Drift { get; init; }

    [Description(
        "Whose routes are told the shares as well: 'gateway' (Gateway API), 'linkerd', 'istio' or 'nginx'; none when left out."
    )]
    [Elsewhere("router", "mesh")]
    public RouteKind? Routes { get; init; }

    [Description(
        "'none' lets pods talk to everybody; when left out, a NetworkPolicy for each part allows what the manifest names."
    )]
    public ClusterPolicies? Policies { get; init; }

    [Description(
        "With 'routes: istio' or 'linkerd': true to have pods take only what the mesh has sealed, from the app and its gateway, and the edge."
    )]
    [Elsewhere("strict", "mutualTls", "mtlsMode")]
    public bool? Mtls { get; init; }

    [Description("With 'routes': the gateway that requests from outside come through, as name or namespace/name.")]
    public string? Gateway { get; init; }
}
