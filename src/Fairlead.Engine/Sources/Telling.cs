using Fairlead.Engine.Deploying;
using Fairlead.Engine.Operations;
using Fairlead.Model.Git;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Microsoft.Extensions.Logging;

namespace Fairlead.Engine.Sources;

/// <summary>How a commit stands, for those who wrote it. Pure.</summary>
/// <param name="State">pending, success, failure or gone.</param>
/// <param name="Text">One line.</param>
internal sealed record CommitNews(string Commit, string State, string Text)
{
    private const int TextLettersMax = 140;

    /// <param name="outcome">What became of a commit that has no deployment, in words.</param>
    /// <returns>Null when there is nothing to tell.</returns>
    public static CommitNews? Of(string? commit, Problem? trouble, Deployment? deployment, string? outcome) =>
        commit is null ? null
        : trouble is not null ? new(commit, "failure", Cut(trouble.What))
        : deployment is null
            ? outcome is null ? null
                : new(commit, "success", $"Nothing to do: {outcome}.")
        : deployment.Phase switch
        {
            DeploymentPhase.Promoted => new(commit, "success", $"Release {deployment.Release} is live."),
            DeploymentPhase.AwaitingApproval => new(
                commit,
                "pending",
                $"Release {deployment.Release} waits to be approved."
            ),
            { IsOver: true } => new(
                commit,
                "failure",
                Cut(deployment.Reason is { } why ? $"{why.What} {why.Why}" : "It is not live.")
            ),
            _ => new(commit, "pending", $"Release {deployment.Release} is on its way."),
        };

    /// <summary>The comment of a preview, in Markdown. Nothing that the commit's author wrote is in it.</summary>
    public string Comment(string url) =>
        State switch
        {
            "success" => $"**Preview** of {Commit[..12]} is ready: {url}",
            "failure" => $"**Preview** of {Commit[..12]} failed: `{Text.Replace('`', '\'')}`",
            "gone" => $"**Preview** is gone: {Text}.",
            _ => $"**Preview** of {Commit[..12]} is on its way to {url}",
        };

    private static string Cut(string text) =>
        text.Length <= TextLettersMax ? text : $"{text[..(TextLettersMax - 3)]}...";
}

/// <summary>Tells a forge how commits stand: a status beside each, and one comment at a preview's change.</summary>
internal sealed class Telling(GitSource source, EngineContext engine, IForges forges, ILogger log)
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(30);

    /// <summary>Not before then is it tried again, where the last try failed.</summary>
    public DateTimeOffset RetryAt { get; init; }

    /// <returns>What was told, and when to try again where that failed.</returns>
    public async Task<(Told? Told, DateTimeOffset RetryAt)> TellAsync(
        CommitNews? news,
        Told? before,
        string environment,
        Preview? preview,
        CancellationToken stop
    )
    {
        if (
            news is null
            || source is not { Forge: { } address, TokenSecret: { } tokenName }
            || before == new Told(news.Commit, news.State)
            || engine.World.Now < RetryAt
        )
        {
            return (before, RetryAt);
        }
        try
        {
            var token = await SourceSecrets.OpenAsync(engine.Server.Vault, source, tokenName, stop);
            var forge = forges.Open(address, source.IsInside, token);
            var url = preview is null ? null : new Uri(DeploymentViews.UrlOf(engine.Server.PublicUrl, preview.Host));
            if (news.State != "gone")
            {
                await forge.StatusAsync(news.Commit, new(news.State, $"fairlead/{environment}", news.Text, url), stop);
            }
            if (
                preview is not null
                && (preview.Change ?? await forge.ChangeOfAsync(preview.Branch, stop)) is { } change
            )
            {
                await forge.CommentAsync(
                    change,
                    $"<!-- fairlead {source.Name}/{environment} -->",
                    news.Comment(url!.ToString()), // A preview has a host.
                    stop
                );
            }
            return (new(news.Commit, news.State), default);
        }
        catch (ProblemException caught)
        {
            Log.Trouble(log, source.Name, caught.Problem.Code, caught.Problem.What, caught.Problem.Why);
            return (before, engine.World.Now + RetryPause);
        }
    }
}
