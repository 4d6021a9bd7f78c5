using System.ComponentModel;
using Fairlead.Engine.Agents;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>An app's operational page: what runs where, and what to do. It is kept after each deployment; what is shown is as things are now.</summary>
public static class AppPage
{
    public sealed record Input
    {
        [Description("App name, as in the manifest.")]
        [Positional]
        [Names("app")]
        public string? App { get; init; }

        [Description("Environment.")]
        public string? Environment { get; init; }
    }

    /// <param name="Text">Markdown.</param>
    /// <param name="Digest">SHA-256 of the text, in hex.</param>
    public sealed record Output(string Text, string Digest, DateTimeOffset At);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "app.page",
            "Show an app's operational page: what runs, how to deploy, roll back and look, what holds.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead app page shop --environment production"],
            Needs = Need.Of(Permission.See),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var record = await Sites.FindAsync(engine.Server, input.App, input.Environment, stop);
        var keeper = new PageKeeper(
            engine.Server.Store,
            () => engine.Server.Conductor.Fence,
            () => engine.Server.Response.Routing.Plan.Roster,
            engine.World
        );
        var page =
            await keeper.ComposeAsync(record.Site, stop)
            ?? throw new ProblemException(
                new Problem(
                    "app.no-page",
                    What: $"{record.Site} has no page.",
                    Why: "It is gone since it was asked for.",
                    Fix: "See what there is: fairlead status"
                )
                {
                    Trouble = Trouble.NotFound,
                }
            );
        return new(page.Text, page.Digest, page.At);
    }
}
