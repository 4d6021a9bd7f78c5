using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Returns an app to an earlier release, in one switch of all its traffic.</summary>
public static class Rollback
{
    public sealed record Input
    {
        [Description("App name, as in the manifest.")]
        [Positional]
        [Names("app")]
        public string? App { get; init; }

        [Description("Environment.")]
        public string? Environment { get; init; }

        [Description("Release number to return to; the one that was live before when left out.")]
        [Names("release")]
        public int? To { get; init; }
    }

    public static Operation Operation { get; } =
        new Operation<Input, DeploymentView>(
            "rollback",
            "Return an app to the release before, or to a given one.",
            Effect.Changes,
            RunAsync
        )
        {
            Needs = Need.Of(Permission.Deploy),
        };

    private static async Task<DeploymentView> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var record = await Sites.FindAsync(engine.Server, input.App, input.Environment, stop);
        var to = input.To ?? record.Previous ?? throw new ProblemException(NoPrevious(record.Site.App));
        var release = await Sites.ReleaseAsync(engine.Server, record.Site, to, stop);
        if (record.Live == release.Number && record.Active is null)
        {
            throw new ProblemException(IsLive(release.ToString()));
        }
        var deployment = await engine.Server.FrontDoor.RollbackAsync(record.Site, to, stop);
        return await DeploymentViews.OfAsync(engine.Server, deployment, stop);
    }

    private static Problem NoPrevious(string app) =>
        new(
            "release.no-previous",
            What: $"{app} cannot be rolled back.",
            Why: "No other release was live before this one.",
            Fix: $"See its releases: fairlead releases {app}"
        )
        {
            Trouble = Trouble.NotFound,
        };

    private static Problem IsLive(string release) =>
        new(
            "release.is-live",
            What: $"{release} is live already.",
            Why: "There is nothing to return from.",
            Fix: "Name another release with --to."
        )
        {
            Trouble = Trouble.Conflict,
        };
}
