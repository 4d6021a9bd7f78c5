using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Watching;

namespace Fairlead.Engine.Operations;

/// <summary>How the machine and everything that runs on it is now.</summary>
public static class ShowHost
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);

    public sealed record Input;

    public static Operation Operation { get; } =
        new Operation<Input, HostView>(
            "host.status",
            "Show the machine's processors, memory and disks, and what each replica uses.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead host status"],
            Needs = Need.OfAll(Permission.See),
        };

    private static async Task<HostView> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var scrapes = engine.Server.Collecting.Scrapes;
        var before = await scrapes.ScrapeAsync(OwnTargets.Node, stop);
        await Task.Delay(Between, engine.World.Clock, stop);
        return HostView.Of(before, await scrapes.ScrapeAsync(OwnTargets.Node, stop));
    }
}
