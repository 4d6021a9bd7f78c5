using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;

namespace Fairlead.Engine.Operations;

/// <summary>Looks once, whatever is planned; it changes nothing of the monitor's state.</summary>
public static class TestMonitor
{
    public sealed record Input
    {
        [Description("The monitor, as 'fairlead monitor list' shows it.")]
        [Positional]
        public required string Monitor { get; init; }
    }

    public sealed record Output(string Monitor, LookView Look);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "monitor.test",
            "Look once by a monitor, and say what was seen.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead monitor test shop/production/web"],
            Needs = Need.Of(Permission.Deploy),
            AnswerMax = TimeSpan.FromMinutes(6),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var monitor = MonitorViews.Find(engine, input.Monitor).Monitor;
        return new(monitor.Key, LookView.Of(await engine.Server.Monitors.TryAsync(monitor, stop)));
    }
}
