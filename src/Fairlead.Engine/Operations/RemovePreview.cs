using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;

namespace Fairlead.Engine.Operations;

/// <summary>Ends a preview; the next commit of its branch makes it again.</summary>
public static class RemovePreview
{
    public sealed record Input
    {
        [Description("The branch, or the preview's environment.")]
        [Positional]
        public required string Branch { get; init; }

        [Description("The source's name.")]
        public required string Source { get; init; }
    }

    public sealed record Output(string Branch, string Environment);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "preview.remove",
            "End a preview now; the next commit of its branch makes it again.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead preview remove feature/login --source shop"],
            Needs = Need.Of(Permission.Deploy),
        };

    internal static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var source = await SourceDesk.FindAsync(engine, input.Source, stop);
        var preview = await SourceDesk.PreviewAsync(engine, source, input.Branch, stop);
        engine.Demand(Permission.Deploy, preview.Site);
        if (preview.Ending is null)
        {
            await engine.Server.Sources.Book.KeepAsync(
                preview with
                {
                    Ending = "somebody ended it",
                },
                $"its preview ends, by {engine.Caller}",
                stop
            );
        }
        engine.Server.Sources.Keeper.Ring(source.Name);
        return new(preview.Branch, preview.Site.Environment);
    }
}
