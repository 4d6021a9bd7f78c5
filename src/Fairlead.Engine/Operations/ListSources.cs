using System.ComponentModel;
using System.Text.Json.Serialization;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Sources;
using Fairlead.Model.Git;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Operations;

/// <summary>Repositories that apps are deployed from, and how each stands.</summary>
public static class ListSources
{
    public sealed record Input
    {
        [Description("App name; all apps when left out.")]
        [Positional]
        [Names("app")]
        public string? App { get; init; }
    }

    public sealed record Output(IReadOnlyList<SourceView> Sources);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "source.list",
            "List the git repositories that apps are deployed from, and how each stands.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead source list"],
            Needs = Need.Of(Permission.See),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var book = engine.Server.Sources.Book;
        var views = new List<SourceView>();
        foreach (var source in await book.AllAsync(stop))
        {
            if ((input.App is null || source.App == input.App) && engine.Server.Reach.Has(source.Site))
            {
                views.Add(
                    SourceView.Of(
                        source,
                        await book.StateAsync(source.Name, stop),
                        (await book.PreviewsAsync(source.Name, stop)).Count(static one => !one.IsOver)
                    )
                );
            }
        }
        return new(views);
    }
}

/// <summary>A source as faces show it.</summary>
/// <param name="Commit">The latest that was handed over, refused or left out.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Hook">The path of any host of the edge that its webhooks are sent to.</param>
public sealed record SourceView(
    string Source,
    string App,
    string Environment,
    string Branch,
    string Url,
    string Every,
    string? Commit,
    string? Outcome,
    DateTimeOffset? LookedAt,
    int Previews,
    string Hook,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Problem? Trouble
)
{
    internal static SourceView Of(GitSource source, SourceState state, int previews) =>
        new(
            source.Name,
            source.App,
            source.Environment,
            source.Branch,
            source.Url,
            source.Poll.Text,
            state.Commit?[..12],
            source.IsLeaving ? "it is being removed" : state.Outcome,
            state.LookedAt,
            previews,
            $"/.fairlead/hooks/{source.Name}",
            state.Trouble
        );
}

/// <summary>Finds the source that is meant.</summary>
internal static class SourceDesk
{
    /// <exception cref="ProblemException">There is none of that name that the caller may know of.</exception>
    public static async Task<GitSource> FindAsync(EngineContext engine, string name, CancellationToken stop)
    {
        var all = (await engine.Server.Sources.Book.AllAsync(stop))
            .Where(one => engine.Server.Reach.Has(one.Site))
            .ToList();
        return all.FirstOrDefault(one => one.Name == name)
            ?? throw new ProblemException(SourceProblems.Unknown(name, [.. all.Select(static one => one.Name)]));
    }

    /// <exception cref="ProblemException">There is none.</exception>
    public static async Task<Preview> PreviewAsync(
        EngineContext engine,
        GitSource source,
        string branch,
        CancellationToken stop
    )
    {
        var all = (await engine.Server.Sources.Book.PreviewsAsync(source.Name, stop))
            .Where(static one => !one.IsOver)
            .ToList();
        return all.FirstOrDefault(one => one.Branch == branch || one.Site.Environment == branch)
            ?? throw new ProblemException(
                new Problem(
                    "source.no-preview",
                    What: $"'{branch}' has no preview.",
                    Why: all.Count == 0
                        ? $"'{source.Name}' has none now."
                        : $"There are: {string.Join(", ", all.Select(static one => one.Branch))}.",
                    Fix: "See all: fairlead preview list"
                )
                {
                    Trouble = Trouble.NotFound,
                }
            );
    }
}
