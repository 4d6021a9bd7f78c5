using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Responding.Monitors;
using Fairlead.Model.Monitoring;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Takes a monitor away that somebody added by hand.</summary>
public static class RemoveMonitor
{
    public sealed record Input
    {
        [Description("Its name.")]
        [Positional]
        public required string Monitor { get; init; }
    }

    public sealed record Output(string Monitor);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "monitor.remove",
            "Take a monitor away that was added by hand.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead monitor remove checkout"],
            Needs = Need.OfAll(Permission.Operate),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var store = engine.Server.Store;
        if (await store.ReadAsync(SavedMonitor.Collection, input.Monitor, stop) is null)
        {
            var monitor = MonitorViews.Find(engine, input.Monitor).Monitor;
            throw new ProblemException(
                new Problem(
                    "monitor.not-added",
                    What: $"{monitor.Key} cannot be removed by hand.",
                    Why: monitor.Origin is MonitorOrigin.Service
                        ? "Its service has it by itself."
                        : "The live release's manifest names it.",
                    Fix: monitor.Origin is MonitorOrigin.Service
                        ? $"Write into the manifest: monitors: {{ {monitor.Spec.Name}: off }}"
                        : "Take it out of the manifest and deploy."
                )
                {
                    Trouble = Trouble.Conflict,
                }
            );
        }
        await store.CommitAsync(
            new Change(engine.Server.Conductor.Fence)
            {
                Writes =
                [
                    new Write(SavedMonitor.Collection, input.Monitor, Body: null),
                    new Write(MonitorPause.Collection, input.Monitor, Body: null),
                ],
            },
            stop
        );
        engine.Server.Monitors.Ring();
        return new(input.Monitor);
    }
}
