using Fairlead.Drivers.Builds;
using Fairlead.Drivers.Http;
using Fairlead.Drivers.Routers;
using Fairlead.Drivers.Targets;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Guarding.Detecting;
using Fairlead.Model.Ports;
using Fairlead.Roles;

namespace Fairlead;

/// <summary>Puts together what looks for attacks.</summary>
internal static partial class Compose
{
    private static Detection Detection(
        RoleContext context,
        IStore store,
        (RoleClient Node, RoleClient Edge) roles,
        Conductor conductor
    )
    {
        var world = context.World;
        Fence Fence() => conductor.Fence;
        var findings = new FindingBook(store, Fence, world);
        var blocks = new BlockBook(store, new EdgePerimeter(roles.Edge), Fence, world);
        var keepsOut = Environment.GetEnvironmentVariable("FAIRLEAD_BLOCK_SCANNERS") is not ("off" or "0" or "false");
        IDetector[] detectors =
        [
            new PathScans(blocks, keepsOut, world),
            new JournalActs(store, world),
            new NewOwners(store, new TokenDesk(store, world), Fence),
            new ReplicaActs(new LocalSights(roles.Node), store, Fence, world),
            new ReleaseIntegrity(store, new ReleaseFiles(context.State, world), Fence),
        ];
        return new(findings, blocks, new(detectors, findings, world, context.Logs.CreateLogger<Watchman>()));
    }
}
