using System.ComponentModel;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Responding.Monitors;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Operations;

/// <summary>Lets a monitor rest: nobody looks, and the time counts nowhere.</summary>
public static class PauseMonitor
{
    public sealed record Input
    {
        [Description("The monitor, as 'fairlead monitor list' shows it.")]
        [Positional]
        public required string Monitor { get; init; }
    }

    public sealed record Output(string Monitor);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "monitor.pause",
            "Look by a monitor no more until it is resumed.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead monitor pause checkout"],
            Needs = Need.Of(Permission.Deploy),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var key = MonitorViews.Find(engine, input.Monitor).Monitor.Key;
        var pause = new MonitorPause(engine.Caller.ToString(), engine.World.Now);
        await KeepAsync(engine, key, Records.Body(pause), stop);
        return new(key);
    }

    /// <param name="body">Null ends the pause.</param>
    internal static async Task KeepAsync(
        EngineContext engine,
        string key,
        System.Text.Json.Nodes.JsonNode? body,
        CancellationToken stop
    )
    {
        await engine.Server.Store.CommitAsync(
            new Change(engine.Server.Conductor.Fence) { Writes = [new Write(MonitorPause.Collection, key, body)] },
            stop
        );
        engine.Server.Monitors.Ring();
    }
}
