using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Sources;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Lets one commit of a change from a fork have a preview. What comes after it is not approved.</summary>
public static class ApprovePreview
{
    private const int CommitLetters = 40;

    public sealed record Input
    {
        [Description("The source's name.")]
        [Positional]
        public required string Source { get; init; }

        [Description("The change's number: of a pull request or a merge request.")]
        [Range(1, int.MaxValue)]
        public required int Change { get; init; }

        [Description("The commit that was looked at, all 40 letters of it: its code will run here.")]
        public required string Commit { get; init; }
    }

    public sealed record Output(string Environment, string Host);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "preview.approve",
            "Let one commit of a change from a fork have a preview; its code will run here.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead preview approve shop --change 12 --commit 0a1b2c3d4e5f60718293a4b5c6d7e8f901234567"],
            Needs = Need.Of(Permission.Deploy),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var source = await SourceDesk.FindAsync(engine, input.Source, stop);
        var rules = source is { Previews: { } said, IsLeaving: false }
            ? said
            : throw new ProblemException(
                SourceReading.Wrong(
                    "no-previews",
                    source.Name,
                    "This source makes no previews.",
                    $"fairlead source add {source.App} --name {source.Name} --preview 'feature/*'"
                )
            );
        if (input.Commit.Length != CommitLetters || !input.Commit.All(char.IsAsciiHexDigitLower))
        {
            throw new ProblemException(
                SourceReading.Wrong(
                    "commit",
                    input.Commit,
                    $"A commit is approved by all {CommitLetters} letters of its name.",
                    "--commit $(git rev-parse HEAD)"
                )
            );
        }
        var preview = PreviewPlan.New(
            source,
            rules,
            FormattableString.Invariant($"change:{input.Change}"),
            engine.World.Now
        ) with
        {
            Change = input.Change,
            Approved = input.Commit,
        };
        engine.Demand(Permission.Deploy, preview.Site);
        var book = engine.Server.Sources.Book;
        var all = await book.PreviewsAsync(source.Name, stop);
        var before = all.FirstOrDefault(one => one.Key == preview.Key && !one.IsOver);
        if (before is null && all.Count(static one => !one.IsOver) >= rules.Max)
        {
            throw new ProblemException(
                SourceReading.Wrong(
                    "previews-full",
                    preview.Branch,
                    $"There are {rules.Max} previews, which are the most.",
                    $"fairlead preview remove BRANCH --source {source.Name}"
                )
            );
        }
        var kept = before is null ? preview : before with { Approved = input.Commit, At = engine.World.Now };
        await book.KeepAsync(kept, $"{input.Commit[..12]} may have a preview, by {engine.Caller}", stop);
        engine.Server.Sources.Keeper.Ring(source.Name);
        return new(kept.Site.Environment, kept.Host);
    }
}
