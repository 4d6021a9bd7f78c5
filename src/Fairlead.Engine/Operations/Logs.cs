using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Operations;

/// <summary>What an app's replicas wrote.</summary>
public static class Logs
{
    private const int LinesMax = 2_000;
    private const int WaitMillisecondsMax = 10_000;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    public sealed record Input
    {
        [Description("App name, as in the manifest.")]
        [Positional]
        [Names("app")]
        public string? App { get; init; }

        [Description("Environment.")]
        public string? Environment { get; init; }

        [Description("Only this service.")]
        [Names("service")]
        public string? Service { get; init; }

        [Description("How many lines of each replica to begin with: 0 to 2000.")]
        public int Tail { get; init; } = 50;

        [Description("Go on from here: the cursor of the answer before.")]
        public string? Cursor { get; init; }

        [Description("How long to wait for news, in milliseconds: 0 to 10000.")]
        public int WaitMilliseconds { get; init; }
    }

    public static Operation Operation { get; } =
        new Operation<Input, LogPage>("logs", "Read what an app's replicas wrote; -f follows.", Effect.Reads, RunAsync)
        {
            Examples = ["fairlead logs shop --service api -f"],
            Needs = Need.Of(Permission.Watch),
        };

    private static async Task<LogPage> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var record = await Sites.FindAsync(engine.Server, input.App, input.Environment, stop);
        var query = new LogQuery(record.Site, input.Service, Math.Clamp(input.Tail, 0, LinesMax), LinesMax);
        var until =
            engine.World.Now + TimeSpan.FromMilliseconds(Math.Clamp(input.WaitMilliseconds, 0, WaitMillisecondsMax));
        var cursor = input.Cursor;
        while (true)
        {
            var page = await engine.Server.Logs.ReadAsync(query, cursor, stop);
            if (page.Lines.Count > 0 || engine.World.Now >= until)
            {
                return page;
            }
            cursor = page.Cursor;
            await Task.Delay(Look, engine.World.Clock, stop);
        }
    }
}
