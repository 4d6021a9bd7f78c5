using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;

namespace Fairlead.Engine.Operations;

/// <summary>Ends a monitor's rest.</summary>
public static class ResumeMonitor
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
            "monitor.resume",
            "Look by a monitor again that was paused.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead monitor resume checkout"],
            Needs = Need.Of(Permission.Deploy),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var key = MonitorViews.Find(engine, input.Monitor).Monitor.Key;
        await PauseMonitor.KeepAsync(engine, key, body: null, stop);
        return new(key);
    }
}
