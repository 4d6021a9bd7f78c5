using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Guarding.Access.Narrowed;
using Fairlead.Engine.Watching.Traces;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Operations;

/// <summary>Shows which services call which, how often, how well and how fast.</summary>
public static class ShowTraceMap
{
    public sealed record Input
    {
        [Description("App name; all senders when left out.")]
        [Positional]
        [Names("app")]
        public string? App { get; init; }

        [Description("Environment.")]
        public string? Environment { get; init; }

        [Description("Over how long, such as 15m or 1d.")]
        public string Since { get; init; } = "1h";
    }

    public static Operation Operation { get; } =
        new Operation<Input, ServiceMap>(
            "trace.map",
            "Show which services call which, with rates, errors and durations.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead trace map shop --since 1d"],
            Needs = Need.Of(Permission.Watch),
        };

    private static async Task<ServiceMap> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var matchers = new List<Matcher>();
        Want(Source.AppLabel, input.App);
        Want(Source.EnvironmentLabel, input.Environment);
        var now = engine.World.Now;
        var from = now - ListTraces.DurationOf("since", input.Since);
        if (engine.Server.Reach is not { IsAll: false } reach)
        {
            return await engine.Server.Spans.MapAsync(matchers, from, now, stop);
        }
        List<ServiceMap> maps = [];
        foreach (var narrow in NarrowMetrics.Narrow(matchers, reach))
        {
            maps.Add(await engine.Server.Spans.MapAsync(narrow, from, now, stop));
        }
        return new([.. maps.SelectMany(map => map.Nodes)], [.. maps.SelectMany(map => map.Edges)]);

        void Want(string label, string? value)
        {
            if (value is not null)
            {
                matchers.Add(new(MatchKind.Equal, label, value));
            }
        }
    }
}
