using System.ComponentModel;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Operations;

/// <summary>Keeps the rollout under way where it is, until somebody lets it go on; what nobody does in time is taken back.</summary>
public static class HoldDeployment
{
    private static readonly TimeSpan Least = 1.Minutes;
    private static readonly TimeSpan Usual = TimeSpan.FromHours(1);

    public sealed record Input
    {
        [Description("App name, as in the manifest.")]
        [Positional]
        [Names("app")]
        public string? App { get; init; }

        [Description("Environment.")]
        public string? Environment { get; init; }

        [Description("How long at most, from 1m to 24h for all holds of a deployment together; 1h when left out.")]
        public string? For { get; init; }

        [Description("Why, for the journal.")]
        public string? Reason { get; init; }
    }

    public static Operation Operation { get; } =
        new Operation<Input, DeploymentView>(
            "hold",
            "Keep the rollout under way where it is until 'resume'; what nobody resumes in time is taken back.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead hold shop --for 30m --reason 'a strange log line'"],
            Needs = Need.Of(Permission.Deploy),
            Agents = AgentUse.Freely,
        };

    private static async Task<DeploymentView> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var lasts = LastsOf(input.For);
        var deployment = await RollingOutAsync(input.App, input.Environment, "hold", engine, stop);
        await engine.Server.FrontDoor.HoldAsync(deployment, lasts, Approve.Clean(input.Reason), stop);
        return await DeploymentViews.OfAsync(engine.Server, deployment, stop);
    }

    /// <summary>The deployment whose steps are under way: there is nothing to hold before, and nothing after.</summary>
    internal static async Task<Deployment> RollingOutAsync(
        string? app,
        string? environment,
        string verb,
        EngineContext engine,
        CancellationToken stop
    )
    {
        var record = await Sites.FindAsync(engine.Server, app, environment, stop);
        var active = record.Active ?? throw Sites.NothingUnderWay(record.Site, verb);
        var deployment = await Sites.DeploymentAsync(engine.Server, active, stop);
        return deployment.Phase == DeploymentPhase.RollingOut
            ? deployment
            : throw new ProblemException(NotRollingOut(deployment, verb));
    }

    private static TimeSpan LastsOf(string? said)
    {
        if (said is null)
        {
            return Usual;
        }
        return Units.TryParseDuration(said) is { } lasts && lasts >= Least && lasts <= Holds.Most
            ? lasts
            : throw new ProblemException(
                new Problem(
                    "deployment.wrong-hold",
                    What: $"--for '{said}' cannot be used.",
                    Why: $"A rollout is held for {Least.Text} to {Holds.Most.Text}.",
                    Fix: "Write for example: fairlead hold shop --for 30m"
                )
                {
                    Trouble = Trouble.WrongUse,
                }
            );
    }

    private static Problem NotRollingOut(Deployment deployment, string verb) =>
        new(
            "deployment.not-rolling-out",
            What: $"There is nothing to {verb}: no step of {deployment} is under way.",
            Why: deployment.Phase == DeploymentPhase.RollingBack
                ? "It is being taken back."
                : "It is not built yet, or waits for people to say yes.",
            Fix: $"See where it stands: fairlead status {deployment.Site.App}"
        )
        {
            Trouble = Trouble.Conflict,
        };
}
