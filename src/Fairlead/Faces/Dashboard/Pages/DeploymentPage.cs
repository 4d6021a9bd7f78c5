using System.Text.Json.Nodes;
using Fairlead.Engine.Operations;
using Fairlead.Faces.Dashboard.Acts;
using Fairlead.Faces.Dashboard.Charts;
using AppStatus = Fairlead.Engine.Operations.Status;

namespace Fairlead.Faces.Dashboard.Pages;

/// <summary>One deployment: how it stands, how traffic moves, what speaks for and against, and what can be done.</summary>
public sealed class DeploymentPage : IPage
{
    private const int LogLines = 12;

    public string Route => "/ui/deployments/{id}";

    public string Section => "Overview";

    public async Task<Seen> ReadAsync(Asking asking, Place place, CancellationToken stop)
    {
        var told = await asking.AskAsync<Explain.Output>(
            Explain.Operation,
            new JsonObject { ["deployment"] = place["id"] },
            stop
        );
        var (deployment, story) = (told.Deployment, told.Story);
        var site = new JsonObject { ["app"] = deployment.App, ["environment"] = deployment.Environment };
        var status = await asking.TryAsync<AppStatus.Output>(AppStatus.Operation, site, stop);
        var tried = DeploymentStory.TriedPart(deployment.Steps.Select(static one => one.Text));
        var liveNow = status?.Apps is [var app, ..] ? app.Live : null;
        var logs = await asking.TryAsync<SearchLogs.Output>(SearchLogs.Operation, LogsOf(deployment), stop);
        var model = new DeploymentModel(deployment, story)
        {
            Now = asking.Now,
            Live = liveNow,
            Phases = DeploymentStory.Phases(deployment, story, asking.Now),
            Shares = DeploymentStory.Shares(deployment, story, asking.Now),
            Odds = DeploymentStory.Odds(deployment),
            Compared = tried is null ? [] : await Comparison.AskAsync(asking, (deployment, tried, story), stop),
            Logs = logs?.Lines ?? [],
            Acts = await ActsAsync(asking, deployment, liveNow, stop),
        };
        return Seen.Of<DeploymentPart>(AnswerOf(deployment), model) with
        {
            Crumbs =
            [
                (deployment.Environment, null),
                (deployment.App, Links.App(deployment.App, deployment.Environment)),
                ($"deployment of release {deployment.Release}", null),
            ],
        };
    }

    internal static string AnswerOf(DeploymentView deployment)
    {
        var name = $"Release {deployment.Release}";
        var gates =
            deployment.Verdicts.Any(static one => one.Ruling == Model.Releases.Ruling.Broken) ? "and a gate is broken"
            : deployment.Verdicts.Count > 0
            && deployment.Verdicts.All(static one => one.Ruling == Model.Releases.Ruling.Holds)
                ? "and its gates hold"
            : "and nothing speaks against it yet";
        var back = deployment.Replaces is { } before ? $"release {before} has all traffic" : "nothing is live";
        return deployment.Phase switch
        {
            DeploymentPhase.Queued => $"{name} waits for the one before it",
            DeploymentPhase.Building => $"{name} is being built",
            DeploymentPhase.AwaitingApproval => $"{name} waits for a yes",
            DeploymentPhase.RollingOut when deployment.Held is { } held =>
                $"{name} is held at {DeploymentStory.ShareOf(deployment) ?? 0}% by {Texts.Who(held.By)}, {gates}",
            DeploymentPhase.RollingOut when DeploymentStory.ShareOf(deployment) is { } share =>
                $"{name} at {share}%, {gates}",
            DeploymentPhase.RollingOut => $"{name} is starting, without traffic yet",
            DeploymentPhase.RollingBack => $"{name} is taken back",
            DeploymentPhase.Promoted => $"{name} went live",
            DeploymentPhase.RolledBack => $"{name} was rolled back: {back}",
            DeploymentPhase.Failed => $"{name} failed before anything was replaced",
            DeploymentPhase.Aborted => $"{name} was aborted: {back}",
            _ => $"{name} was superseded by a newer one",
        };
    }

    private static JsonObject LogsOf(DeploymentView deployment) =>
        new()
        {
            ["app"] = deployment.App,
            ["environment"] = deployment.Environment,
            ["release"] = deployment.Release,
            ["limit"] = LogLines,
        };

    private static void Waiting(List<Act> acts, string plan, Dictionary<string, string> own)
    {
        acts.Add(
            new(
                "Approve",
                Approve.Operation,
                $"Says yes to exactly the plan {plan}.",
                new Dictionary<string, string>(own) { ["plan"] = plan }
            )
            {
                Asks = [Ask.Reason],
            }
        );
        acts.Add(
            new("Reject", Reject.Operation, "Ends it. Whoever asked for it is told why.", own)
            {
                IsGrave = true,
                Asks = [Ask.Reason with { IsNeeded = true }],
            }
        );
    }

    private static void Running(List<Act> acts, DeploymentView deployment, Dictionary<string, string> site)
    {
        if (deployment.Phase == DeploymentPhase.RollingOut)
        {
            acts.Add(
                deployment.Held is null
                    ? new(
                        "Hold",
                        HoldDeployment.Operation,
                        "Keeps traffic where it is, and its gates watched, until somebody lets it go on. What nobody does in time is taken back.",
                        site
                    )
                    {
                        Asks =
                        [
                            new("for", "For how long at most", IsNeeded: true, LettersMax: 20) { Value = "1h" },
                            Ask.Reason,
                        ],
                    }
                    : new Act(
                        "Let it go on",
                        ResumeDeployment.Operation,
                        "It goes on from where it is; its gates decide as before.",
                        site
                    )
                    {
                        Asks = [Ask.Reason],
                    }
            );
            acts.Add(
                new(
                    "Promote now",
                    Promote.Operation,
                    "Does not wait for the rest of the holds: the new release gets all traffic. A broken gate still takes it back.",
                    site
                )
                {
                    Asks = [Ask.Reason],
                }
            );
        }
        if (deployment.Phase != DeploymentPhase.RollingBack)
        {
            acts.Add(
                new(
                    "Abort",
                    Abort.Operation,
                    deployment.Replaces is { } before
                        ? $"Takes it back: release {before} gets all traffic again."
                        : "Takes it back: nothing is live then.",
                    site
                )
                {
                    IsGrave = true,
                    Asks = [Ask.Reason],
                }
            );
        }
    }

    private static async Task<IReadOnlyList<Act>> ActsAsync(
        Asking asking,
        DeploymentView deployment,
        int? live,
        CancellationToken stop
    )
    {
        var site = new Dictionary<string, string>
        {
            ["app"] = deployment.App,
            ["environment"] = deployment.Environment,
        };
        var own = new Dictionary<string, string> { ["deployment"] = deployment.Id };
        var acts = new List<Act>();
        if (deployment is { Phase: DeploymentPhase.AwaitingApproval, Plan: { } plan })
        {
            Waiting(acts, plan, own);
        }
        else if (!deployment.IsOver)
        {
            Running(acts, deployment, site);
        }
        else if (
            deployment.Phase == DeploymentPhase.Promoted
            && live == deployment.Release
            && deployment.Replaces is { } earlier
        )
        {
            acts.Add(
                new(
                    $"Roll back to {earlier}",
                    Rollback.Operation,
                    $"Release {earlier} gets all traffic in one switch. What the new release wrote to databases stays.",
                    new Dictionary<string, string>(site) { ["to"] = $"{earlier}" }
                )
                {
                    IsGrave = true,
                    Confirms = deployment.App,
                }
            );
        }
        return await Offered.ToAsync(asking, acts, stop);
    }
}

/// <param name="Story">Its journal, oldest first.</param>
public sealed record DeploymentModel(DeploymentView Deployment, IReadOnlyList<Follow.Entry> Story)
{
    public DateTimeOffset Now { get; init; }

    public int? Live { get; init; }

    public IReadOnlyList<Phase> Phases { get; init; } = [];

    public Picture? Shares { get; init; }

    public Picture? Odds { get; init; }

    public IReadOnlyList<Picture> Compared { get; init; } = [];

    public IReadOnlyList<LogView> Logs { get; init; } = [];

    public IReadOnlyList<Act> Acts { get; init; } = [];
}
