using Fairlead.Engine.Manifests.ComposeFiles.Importing;
using Fairlead.Engine.Manifests.ComposeFiles.Reading;
using Fairlead.Engine.Manifests.KubernetesFiles.Reading;

namespace Fairlead.Engine.Manifests.KubernetesFiles.Importing;

/// <summary>Where a container listens, and where its Service is asked.</summary>
internal static class Ports
{
    private const string Tcp = "TCP";

    /// <summary>The port of a container by number or name.</summary>
    public static int? Number(Piece.Group container, string? port) =>
        port is null ? null
        : ComposeValues.Whole(port) is { } number ? Valid(number)
        : Of(container).FirstOrDefault(one => one.Name == port).Port is > 0 and var named ? named
        : null;

    public static IEnumerable<(string? Name, int Port, Place Place)> Of(Piece.Group container)
    {
        foreach (var one in ClusterObject.Rows(container, "ports"))
        {
            if (
                (ClusterObject.Text(one, "protocol") ?? Tcp) == Tcp
                && Valid(ComposeValues.Whole(ClusterObject.Text(one, "containerPort") ?? "")) is { } port
            )
            {
                yield return (ClusterObject.Text(one, "name"), port, one.Place);
            }
        }
    }

    /// <summary>Ports at which a Service is asked, with the container's own.</summary>
    public static IEnumerable<(int Asked, int Port, string? Name)> Of(ClusterObject service, Piece.Group container)
    {
        foreach (var one in ClusterObject.Rows(service.Spec, "ports"))
        {
            if (
                (ClusterObject.Text(one, "protocol") ?? Tcp) == Tcp
                && Valid(ComposeValues.Whole(ClusterObject.Text(one, "port") ?? "")) is { } asked
            )
            {
                var target = ClusterObject.Text(one, "targetPort");
                // A Helm chart's rendered 0 or a name that no port has leads nowhere; what is asked is the best guess then.
                yield return (asked, Number(container, target) ?? asked, ClusterObject.Text(one, "name"));
            }
        }
    }

    private static int? Valid(int? port) => port is > 0 and <= 65535 ? port : null;
}
