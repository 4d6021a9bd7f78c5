using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;

namespace Fairlead.Engine.Operations;

/// <summary>Everything that is looked at again and again, and how it is.</summary>
public static class ListMonitors
{
    public sealed record Input
    {
        [Description("Only those of this app.")]
        [Positional, Names("app")]
        public string? App { get; init; }

        [Description("Only those of this environment.")]
        public string? Environment { get; init; }
    }

    public sealed record Output(IReadOnlyList<MonitorRow> Monitors);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "monitor.list",
            "List what is looked at again and again, how it is, and how long it was up.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead monitor list", "fairlead monitor list shop"],
            Needs = Need.Of(Permission.See),
        };

    private static Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var now = engine.World.Now;
        return Task.FromResult(
            new Output([
                .. MonitorViews
                    .Seen(engine)
                    .Where(one =>
                        (input.App is null || one.Monitor.Site?.App == input.App)
                        && (input.Environment is null || one.Monitor.Site?.Environment == input.Environment)
                    )
                    .Select(one => MonitorViews.Row(one, now)),
            ])
        );
    }
}
