using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Operations;

/// <summary>Finds what was logged.</summary>
public static class SearchLogs
{
    public sealed record Input : LogQuestion
    {
        [Description("How many records at most: 1 to 10000.")]
        public int Limit { get; init; } = 100;

        [Description("The oldest first, instead of the newest.")]
        public bool OldestFirst { get; init; }

        [Description("Go on from here: the cursor of the answer before.")]
        public string? Cursor { get; init; }
    }

    /// <param name="Cursor">Where the next page begins; none when there is no more.</param>
    public sealed record Output(IReadOnlyList<LogView> Lines, string? Cursor);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "log.search",
            "Find what apps logged, by words, level, field, release or trace.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples =
            [
                "fairlead log search 'connection refused' --since 1h",
                "fairlead log search --app shop --level error --release 42",
                "fairlead log search --field status=502 --json",
            ],
            Needs = Need.Of(Permission.Watch),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var search = new LogSearch(
            input.Filter(engine.World.Now),
            Math.Clamp(input.Limit, 1, LogSearch.LimitMax),
            input.OldestFirst ? LogOrder.OldestFirst : LogOrder.NewestFirst,
            input.Cursor
        );
        var found = await engine.Server.LogStore.SearchAsync(search, stop);
        return new([.. found.Records.Select(LogViews.Of)], found.Cursor);
    }
}
