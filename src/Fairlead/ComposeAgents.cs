using Fairlead.Engine.Agents;
using Fairlead.Model.Ports;
using Fairlead.Roles.Server;

namespace Fairlead;

/// <summary>Puts together what agents work with beside the operations.</summary>
internal static partial class Compose
{
    /// <summary>What keeps the operational pages of apps.</summary>
    private static PageKeeper Pages(ServerPlatform platform, World world) =>
        new(platform.Engine.Server.Store, () => platform.Conductor.Fence, world);
}
