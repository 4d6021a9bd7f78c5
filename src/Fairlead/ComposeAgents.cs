using Fairlead.Drivers.Agents;
using Fairlead.Drivers.State;
using Fairlead.Engine.Agents;
using Fairlead.Engine.Guarding.Secrets;
using Fairlead.Engine.Operations.Agents;
using Fairlead.Engine.Responding.OnCall;
using Fairlead.Model.Ports;
using Fairlead.Roles;
using Fairlead.Roles.Server;

namespace Fairlead;

/// <summary>Puts together what agents work with beside the operations.</summary>
internal static partial class Compose
{
    /// <summary>The same server, which also speaks with other agents.</summary>
    private static ServerPlatform Speaking(RoleContext context, ServerPlatform platform)
    {
        var (server, world) = (platform.Engine.Server, context.World);
        var seal = new SharedSeal(
            server.Vault,
            "agents",
            Sealer.MakeKey,
            static key => new KeyFileSeal(Sealer.Of(key))
        );
        var wire = new AgentWire(world);
        var parts = new AgentParts(seal.OpenAsync, wire);
        server = server with { Agents = parts };
        var pushes = new AgentPushTeller(server, parts, world);
        var peers = new PeerTeller(server.Store, () => platform.Conductor.Fence, parts, world);
        return platform with
        {
            Connections = [.. platform.Connections, seal, wire],
            Background = [.. platform.Background, pushes, peers],
            Engine = platform.Engine with { Server = server with { Pushes = pushes } },
        };
    }

    /// <summary>What keeps the operational pages of apps.</summary>
    private static PageKeeper Pages(ServerPlatform platform, Func<Roster> roster, World world) =>
        new(platform.Engine.Server.Store, () => platform.Conductor.Fence, roster, world);
}
