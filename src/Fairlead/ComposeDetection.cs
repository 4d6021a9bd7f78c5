using Fairlead.Drivers.Builds;
using Fairlead.Drivers.Http;
using Fairlead.Drivers.Routers;
using Fairlead.Drivers.Targets;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Guarding.Detecting;
using Fairlead.Engine.Operations.Identity;
using Fairlead.Model.Ports;
using Fairlead.Roles;

namespace Fairlead;

/// <summary>Puts together what looks for attacks.</summary>
internal static partial class Compose
{
    private static Detection Detection(
        RoleContext context,
        (IStore Store, IdentityDesk Identity) records,
        (RoleClient Node, RoleClient Edge) roles,
        Func<Fence> fence
    )
    {
        var (world, store) = (context.World, records.Store);
        var findings = new FindingBook(store, fence, world);
        var blocks = new BlockBook(store, new EdgePerimeter(roles.Edge), fence, world);
        var keepsOut = Environment.GetEnvironmentVariable("FAIRLEAD_BLOCK_SCANNERS") is not ("off" or "0" or "false");
        IDetector[] detectors =
        [
            new PathScans(blocks, keepsOut, world),
            new JournalActs(store, world),
            new NewOwners(store, records.Identity, new TokenDesk(store, world), fence),
            new ReplicaActs(new LocalSights(roles.Node), store, fence, world),
            new ReleaseIntegrity(store, new ReleaseFiles(context.State, world), fence),
        ];
        return new(findings, blocks, new(detectors, findings, world, context.Logs.CreateLogger<Watchman>()));
    }
}
