using System.ComponentModel;
using System.Text.Json.Serialization;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Monitoring;

namespace Fairlead.Engine.Operations;

/// <summary>One monitor with its last look and how long it was up on each day.</summary>
public static class ShowMonitor
{
    public sealed record Input
    {
        [Description("The monitor, as 'fairlead monitor list' shows it.")]
        [Positional]
        public required string Monitor { get; init; }
    }

    /// <param name="Origin">added, manifest or service.</param>
    /// <param name="Ping">Where its sign of life is given, for those who may take keys; null for one that looks itself.</param>
    /// <param name="Days">Newest first, as far as anything is known.</param>
    public sealed record Output(
        MonitorRow Monitor,
        string Origin,
        IReadOnlyList<string> DependsOn,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Ping,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] LookView? Last,
        IReadOnlyList<Day> Days
    );

    /// <summary>A day of a monitor, in whole seconds.</summary>
    public sealed record Day(
        string Date,
        string? Up,
        long UpSeconds,
        long DownSeconds,
        long UnknownSeconds,
        long MaintenanceSeconds
    );

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "monitor.show",
            "Show a monitor, its last look, and how long it was up on each day.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead monitor show shop/production/web"],
            Needs = Need.Of(Permission.See),
        };

    private static Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var sight = MonitorViews.Find(engine, input.Monitor);
        var (definition, now) = (sight.Monitor, engine.World.Now);
        return Task.FromResult(
            new Output(
                MonitorViews.Row(sight, now),
                definition.Origin.ToString().ToLowerInvariant(),
                definition.Spec.DependsOn,
                PingOf(engine, definition),
                sight.Last is { } last ? LookView.Of(last) : null,
                [.. sight.BookAt(now).Days.Reverse().Select(DayOf)]
            )
        );
    }

    /// <summary>The address is the proof, so it is a key, and only for those who may take keys.</summary>
    internal static string? PingOf(EngineContext engine, MonitorDefinition monitor)
    {
        var mayTake =
            engine.Standing is not { } standing
            || (
                monitor.Site is { } site ? standing.May(Permission.Develop, site) : standing.MayAll(Permission.Develop)
            );
        return mayTake ? engine.Server.Monitors.PingPathOf(monitor) : null;
    }

    private static Day DayOf(Responding.Monitors.UptimePart part) =>
        new(
            part.From.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
            MonitorViews.Percent(part.Tally),
            part.Tally.Up / 1000,
            part.Tally.Down / 1000,
            part.Tally.Unknown / 1000,
            part.Tally.Maintenance / 1000
        );
}
