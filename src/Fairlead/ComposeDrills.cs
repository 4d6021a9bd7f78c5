using Fairlead.Engine.Responding.Drills;
using Fairlead.Roles;
using Fairlead.Roles.Drill;
using Fairlead.Roles.Server;

namespace Fairlead;

internal static partial class Compose
{
    /// <summary>The same server, which can also be tried.</summary>
    private static ServerPlatform Drilling(RoleContext context, ServerPlatform platform)
    {
        var server = platform.Engine.Server;
        var edge = EdgeOf(AddressesOf(context)).Http;
        var ground = new DrillGround(context.State, Self, edge);
        var book = new DrillBook(server.Store, () => platform.Conductor.Fence);
        Engine.Operations.EngineContext? whole = null;
        var runner = new DrillRunner(() => whole!, book, ground, context.World) // Set below, before anything runs.
        {
            IsDemo = platform.IsDemo,
        };
        whole = platform.Engine with
        {
            Server = server with { Response = server.Response with { Drills = (book, runner) } },
        };
        return platform with
        {
            Engine = whole,
            Connections = [.. platform.Connections, ground],
            Background = [.. platform.Background, runner],
        };
    }
}
