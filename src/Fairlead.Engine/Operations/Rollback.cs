using System.ComponentModel;
using Fairlead.Engine.Agents;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

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
            Examples = ["fairlead rollback", "fairlead rollback shop --to 41"],
            Needs = Need.Of(Permission.Deploy),
            Agents = AgentUse.Always,
        };

    private static async Task<DeploymentView> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var record = await Sites.FindAsync(engine.Server, input.App, input.Environment, stop);
        var isAgent = engine.Caller.Kind is PrincipalKind.Agent;
        var to =
            input.To
            ?? (isAgent ? LastGood(record) : record.Previous)
            ?? throw new ProblemException(NoPrevious(record.Site.App));
        if (isAgent && to != LastGood(record))
        {
            throw new ProblemException(AgentProblems.NeedsPlan($"rollback to release {to}"));
        }
        var release = await Sites.ReleaseAsync(engine.Server, record.Site, to, stop);
        if (record.Live == release.Number && record.Active is null)
        {
            throw new ProblemException(IsLive(release.ToString()));
        }
        var deployment = await engine.Server.FrontDoor.RollbackAsync(record.Site, to, stop);
        return await DeploymentViews.OfAsync(engine.Server, deployment, stop);
    }

    /// <summary>
    /// The release before what is live, never one after it: who rolls back twice must not bring back what was taken away.
    /// </summary>
    internal static int? LastGood(SiteRecord record) =>
        record.History.LastOrDefault(number => number < record.Live) is > 0 and var number ? number : null;

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
