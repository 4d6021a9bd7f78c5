using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;

namespace Fairlead.Engine.Operations;

/// <summary>Shows what is logged as it comes in.</summary>
public static class TailLogs
{
    private const int LinesMax = 2_000;
    private const int WaitMillisecondsMax = 10_000;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    public sealed record Input : LogQuestion
    {
        [Description("How many records to begin with: 0 to 2000.")]
        public int Tail { get; init; } = 10;

        [Description("Go on from here: the cursor of the answer before.")]
        public string? Cursor { get; init; }

        [Description("How long to wait for news, in milliseconds: 0 to 10000.")]
        public int WaitMilliseconds { get; init; }
    }

    /// <param name="Cursor">Where the next call begins.</param>
    public sealed record Output(IReadOnlyList<LogView> Lines, string Cursor);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "log.tail",
            "Show the last of what apps logged; -f shows what comes in.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead log tail -f --app shop --level warning"],
            Needs = Need.Of(Permission.Watch),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var (store, filter) = (engine.Server.LogStore, input.Filter(engine.World.Now));
        if (input.Cursor is null)
        {
            // The place first: what comes in meanwhile is rather shown twice than never.
            var place = (await store.TailAsync(filter, cursor: null, 1, stop)).Cursor!;
            var tail = Math.Clamp(input.Tail, 0, LinesMax);
            var last = tail == 0 ? [] : (await store.SearchAsync(new(filter, tail), stop)).Records;
            return new([.. last.Reverse().Select(LogViews.Of)], place);
        }
        var until =
            engine.World.Now + TimeSpan.FromMilliseconds(Math.Clamp(input.WaitMilliseconds, 0, WaitMillisecondsMax));
        var cursor = input.Cursor;
        while (true)
        {
            var found = await store.TailAsync(filter, cursor, LinesMax, stop);
            if (found.Records.Count > 0 || engine.World.Now >= until)
            {
                return new([.. found.Records.Select(LogViews.Of)], found.Cursor!);
            }
            cursor = found.Cursor!;
            await Task.Delay(Look, engine.World.Clock, stop);
        }
    }
}
