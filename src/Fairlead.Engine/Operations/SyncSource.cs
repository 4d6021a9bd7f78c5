using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;

namespace Fairlead.Engine.Operations;

/// <summary>Looks at a repository now, as a webhook would let it.</summary>
public static class SyncSource
{
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(30);

    public sealed record Input
    {
        [Description("The source's name.")]
        [Positional]
        public required string Name { get; init; }

        [Description("Deploy what the branches hold though it was handed over or refused before.")]
        public bool Again { get; init; }
    }

    /// <param name="IsDone">The look is over; else it goes on by itself, as with a pipeline.</param>
    public sealed record Output(bool IsDone, SourceView Source);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "source.sync",
            "Look at a repository now, and deploy what is new.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead source sync shop", "fairlead source sync shop --again"],
            Needs = Need.Of(Permission.Deploy),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var source = await SourceDesk.FindAsync(engine, input.Name, stop);
        engine.Demand(Permission.Deploy, source.Site);
        var parts = engine.Server.Sources;
        var isDone = await parts.Keeper.SyncAsync(source.Name, input.Again, WaitMax, stop);
        var state = await parts.Book.StateAsync(source.Name, stop);
        var previews = await parts.Book.PreviewsAsync(source.Name, stop);
        return new(isDone, SourceView.Of(source, state, previews.Count(static one => !one.IsOver)));
    }
}
