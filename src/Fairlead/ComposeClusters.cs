using Fairlead.Drivers.Clusters;
using Fairlead.Drivers.Containers;
using Fairlead.Drivers.Http;
using Fairlead.Drivers.Routers;
using Fairlead.Drivers.State;
using Fairlead.Drivers.Targets;
using Fairlead.Engine.Clusters;
using Fairlead.Engine.Imaging;
using Fairlead.Engine.Operations;
using Fairlead.Model.Images;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;
using Fairlead.Roles;

namespace Fairlead;

/// <summary>Puts together what runs replicas in clusters of Kubernetes.</summary>
internal static partial class Compose
{
    /// <param name="Logs">Of what runs there and here.</param>
    private sealed record ClusterParts(
        Kubeconfigs Clusters,
        ClusterPorts Ports,
        ClusterRouter Router,
        ClusterKeeper Keeper,
        ClusterLogs Logs
    ) : IDisposable
    {
        public ShippingBuilder Shipping(IBuilder builder) => new(builder, Ports);

        public void Dispose() => Clusters.Dispose();
    }

    private static ClusterParts Clusters(
        RoleContext context,
        (IStore Store, RoleClient Node, RoleClient Edge) of,
        Scanning scanning,
        (Func<Fence> Fence, LiveMask Mask) server
    )
    {
        var (state, world) = (context.State, context.World);
        var clusters = new Kubeconfigs(Environment.GetEnvironmentVariable);
        var ports = new ClusterPorts(
            clusters,
            new ClusterSites(of.Store, world),
            new SentImages(() => Images(world, state), scanning.Papers, FolderTree.Open),
            world
        )
        {
            Mask = server.Mask,
            Fairlead = PlaceOfFairlead(Environment.GetEnvironmentVariable, Bridge.TryRead(state)),
        };
        var router = new ClusterRouter(new EdgeRouter(of.Edge), ports);
        return new(
            clusters,
            ports,
            router,
            new(
                ports,
                router,
                new(of.Store, server.Fence, world),
                server.Fence,
                context.Logs.CreateLogger("Fairlead.Clusters")
            ),
            new(new LocalLogs(of.Node), ports)
        );
    }

    /// <summary>Null where nobody said where it is: a wrong guess would keep the edge out of its own pods.</summary>
    internal static FairleadPlace? PlaceOfFairlead(Func<string, string?> variable, Bridge? bridge) =>
        bridge is null || variable(Bridge.Variable) is null or "" ? null
        : variable("FAIRLEAD_NAMESPACE") is { Length: > 0 } own ? new([], own, bridge.Port)
        : new([$"{bridge.Address}/32"], null, bridge.Port);

    /// <summary>Asks a registry which image a name means now, so that it stays that one.</summary>
    private static async Task<ReadyImage> PinAsync(World world, StateFolder state, string name, CancellationToken stop)
    {
        var image =
            ImageReference.TryParse(name, out var fault)
            ?? throw new ProblemException(
                new Problem(
                    "image.name",
                    What: $"'{name}' is no image.",
                    Why: fault!, // There is a fault where there is no image.
                    Fix: "Correct 'image' of the service's container."
                )
            );
        var found = await Images(world, state).Registry.ResolveAsync(image, stop);
        return new($"{image.At(found.Digest)}", $"{found.Digest}");
    }
}
