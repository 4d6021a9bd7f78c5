using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Watching.Logs;

namespace Fairlead.Engine.Operations;

/// <summary>Counts what was logged over time.</summary>
public static class CountLogs
{
    private const int BarsMin = 2;
    private const int BarsMax = 500;
    private const long Second = 1_000_000_000;
    private static readonly TimeSpan Reach = TimeSpan.FromHours(1);

    // Steps that people can read: one of these, then whole days.
    private static readonly long[] Steps =
    [
        1,
        2,
        5,
        10,
        15,
        30,
        60,
        120,
        300,
        600,
        900,
        1_800,
        3_600,
        7_200,
        10_800,
        21_600,
        43_200,
        86_400,
    ];

    public sealed record Input : LogQuestion
    {
        [Description("About how many bars: 2 to 500.")]
        public int Bars { get; init; } = 30;
    }

    /// <param name="Time">Where the step begins.</param>
    /// <param name="Total">All records.</param>
    /// <param name="Levels">How many of each level.</param>
    public sealed record Bar(string Time, long Total, IReadOnlyDictionary<string, long> Levels);

    /// <param name="StepSeconds">How long each bar is.</param>
    public sealed record Output(IReadOnlyList<Bar> Histogram, long StepSeconds);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "log.histogram",
            "Count what apps logged over time, by level.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead log histogram --since 24h --level error"],
            Needs = Need.Of(Permission.Watch),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var filter = input.Filter(engine.World.Now, Reach);
        var now = LogReception.Nanoseconds(engine.World.Now);
        var end = Math.Min(filter.To, now);
        var step = StepOf(Math.Max(end - filter.From, Second), Math.Clamp(input.Bars, BarsMin, BarsMax));
        var counts = (await engine.Server.LogStore.CountAsync(filter, step, stop)).ToLookup(count => count.At);
        List<Bar> bars = [];
        // Steps without any are shown too: a gap is news.
        for (var at = filter.From / step * step; at < end; at += step)
        {
            var levels = counts[at].ToDictionary(one => LogViews.LevelOf(one.Severity) ?? "unset", one => one.Count);
            bars.Add(new(LogViews.TimeOf(at), levels.Values.Sum(), levels));
        }
        return new(bars, step / Second);
    }

    private static long StepOf(long reach, int bars)
    {
        var seconds = reach / Second / bars;
        var step = Array.Find(Steps, one => one >= seconds);
        return (step > 0 ? step : (seconds + 86_399) / 86_400 * 86_400) * Second;
    }
}
