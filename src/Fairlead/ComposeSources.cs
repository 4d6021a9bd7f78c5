using Fairlead.Drivers.Forges;
using Fairlead.Drivers.Git;
using Fairlead.Engine.Guarding.Secrets;
using Fairlead.Engine.Operations;
using Fairlead.Engine.Operations.Hooks;
using Fairlead.Engine.Sources;
using Fairlead.Model.Ports;
using Fairlead.Roles;

namespace Fairlead;

internal static partial class Compose
{
    /// <summary>What deploys from git.</summary>
    /// <param name="engine">As the server has it, once it has all of it.</param>
    private static (SourceParts Parts, IDisposable Closing) Sources(
        RoleContext context,
        IStore store,
        Vault vault,
        Func<Fence> fence,
        Func<EngineContext> engine
    )
    {
        var log = context.Logs.CreateLogger("Fairlead.Sources");
        var book = new SourceBook(store, fence);
        var mirrors = new GitMirrors(Path.Combine(context.State.Root, "sources"), context.World);
        var forges = new AllForges(context.World);
        var keeper = SourceKeeper.Of(engine, book, (mirrors, forges), context.World, log);
        return (new(book, mirrors, forges, keeper, new HookDesk(book, vault, context.World, keeper.Ring)), forges);
    }
}
