using Fairlead.Drivers.Forges;
using Fairlead.Drivers.Git;
using Fairlead.Engine.Operations;
using Fairlead.Engine.Operations.Hooks;
using Fairlead.Engine.Sources;
using Fairlead.Roles;
using Fairlead.Roles.Server;

namespace Fairlead;

internal static partial class Compose
{
    /// <summary>The same server, which also deploys from git.</summary>
    private static ServerPlatform Sourced(RoleContext context, ServerPlatform platform)
    {
        var (server, world) = (platform.Engine.Server, context.World);
        var book = new SourceBook(server.Store, () => platform.Conductor.Fence);
        var mirrors = new GitMirrors(Path.Combine(context.State.Root, "sources"), world);
        var forges = new AllForges(world);
        EngineContext? whole = null;
        var keeper = SourceKeeper.Of(
            () => whole!, // Set below, before anything runs.
            book,
            (mirrors, forges),
            world,
            context.Logs.CreateLogger("Fairlead.Sources")
        );
        var hooks = new HookDesk(book, server.Vault, world, keeper.Ring);
        whole = platform.Engine with { Server = server with { Sources = new(book, mirrors, forges, keeper, hooks) } };
        return platform with
        {
            Engine = whole,
            Connections = [forges, .. platform.Connections],
            Background = [keeper, .. platform.Background],
        };
    }
}
