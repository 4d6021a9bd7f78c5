using Fairlead.Drivers.Queues;
using Fairlead.Engine.Clusters;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Deploying.Scaling;
using Fairlead.Engine.Guarding.Secrets;
using Fairlead.Model.Ports;
using Fairlead.Roles;

namespace Fairlead;

/// <summary>Puts together what follows the load of services.</summary>
internal static partial class Compose
{
    /// <param name="Keeper">Knows why a service has as many replicas as it has.</param>
    private sealed record ScaleParts(ScaleKeeper Keeper, ClusterScaler Clusters)
    {
        public IReadOnlyList<IBackgroundWork> Works => [Keeper, Clusters];
    }

    private static ScaleParts Scaling(
        RoleContext context,
        Conductor conductor,
        (IScrapes Node, Vault Vault) with,
        ClusterParts clusters
    ) =>
        new(
            new(
                conductor,
                new(with.Node, new QueueLengths(), with.Vault.ValueOfAsync),
                context.Logs.CreateLogger("Fairlead.Scaling")
            ),
            new(clusters.Ports, conductor.Looks, () => conductor.Fence, context.Logs.CreateLogger("Fairlead.Clusters"))
        );
}
