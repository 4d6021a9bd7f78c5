using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;

namespace Fairlead.Engine.Operations;

/// <summary>Deploys from a repository no more. Its previews end; what is live of its branch stays.</summary>
public static class RemoveSource
{
    public sealed record Input
    {
        [Description("The source's name.")]
        [Positional]
        public required string Name { get; init; }
    }

    /// <param name="Previews">How many end first.</param>
    public sealed record Output(string Source, int Previews, string Note);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "source.remove",
            "Deploy from a repository no more: its previews end, what is live of its branch stays.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead source remove shop"],
            Needs = Need.Of(Permission.Deploy),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var source = await SourceDesk.FindAsync(engine, input.Name, stop);
        engine.Demand(Permission.Deploy, source.Site);
        var (book, keeper) = (engine.Server.Sources.Book, engine.Server.Sources.Keeper);
        await book.KeepAsync(
            source with
            {
                IsLeaving = true,
            },
            $"{source.Name} is to be removed, by {engine.Caller}",
            stop
        );
        keeper.Ring(source.Name);
        var previews = (await book.PreviewsAsync(source.Name, stop)).Count(static one => !one.IsOver);
        return new(
            source.Name,
            previews,
            $"Nothing is deployed from it any more. Its webhooks' secret stays: fairlead secret remove {source.HookSecret} --app {source.App} --env {source.Environment}"
        );
    }
}
