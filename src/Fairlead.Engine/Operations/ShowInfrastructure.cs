using System.ComponentModel;
using System.Text.Json.Serialization;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Infrastructure.Applying;
using Fairlead.Model.Apps;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Says what was done last with the infrastructure of an app, and which plan waits.</summary>
public static class ShowInfrastructure
{
    public sealed record Input
    {
        [Description("App, as in its manifest.")]
        [Positional]
        [Names("app")]
        public required string App { get; init; }

        [Description("Environment, as in the manifest; production when left out.")]
        public string Environment { get; init; } = "production";
    }

    /// <param name="Run">What was done last; null when nothing was.</param>
    /// <param name="Waiting">The plan that can be done; null when there is none.</param>
    public sealed record Output(string App, string Environment, RunView? Run, WaitingPlan? Waiting)
    {
        /// <summary>What others had changed when somebody looked last; null when nobody did since something was done.</summary>
        public DriftView? Drift { get; init; }
    }

    /// <param name="Changes">As they were at the cloud, the gravest first; empty when nothing was changed.</param>
    /// <param name="Others">How many more there were.</param>
    public sealed record DriftView(DateTimeOffset At, string By, IReadOnlyList<ChangeView> Changes, int Others);

    /// <param name="Lines">The last ones of what the tool said.</param>
    public sealed record RunView(
        string Plan,
        string Tool,
        string Summary,
        RunOutcome Outcome,
        string By,
        DateTimeOffset Began,
        DateTimeOffset? Ended,
        IReadOnlyList<string> Lines,
        Problem? Problem
    )
    {
        /// <summary>What of it costs how much in a month, in US dollars; empty where nothing could say it.</summary>
        public IReadOnlyList<CostShare> Costs { get; init; } = [];

        /// <summary>The outcome as a word: under way, done, failed or cut off.</summary>
        [JsonIgnore]
        public string State =>
            Outcome switch
            {
                RunOutcome.UnderWay => "under way",
                RunOutcome.Done => "done",
                RunOutcome.Failed => "failed",
                _ => "cut off",
            };
    }

    /// <param name="What">As the tool calls it.</param>
    /// <param name="Monthly">US dollars at list prices.</param>
    public sealed record CostShare(string What, string Part, decimal Monthly)
    {
        internal static IReadOnlyList<CostShare> Of(IEnumerable<PlannedCost> parts) =>
            [.. parts.Select(static one => new CostShare(one.What, one.Part, one.Monthly))];
    }

    /// <param name="Cost">In a month, before and after; null when nothing could say it.</param>
    /// <param name="Blocked">Why it may not be done; empty when it may.</param>
    public sealed record WaitingPlan(
        string Plan,
        string Tool,
        string Summary,
        string By,
        DateTimeOffset At,
        string? Cost,
        IReadOnlyList<string> Blocked
    )
    {
        /// <inheritdoc cref="RunView.Costs"/>
        public IReadOnlyList<CostShare> Costs { get; init; } = [];
    }

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "infra.status",
            "Show what was done last with an app's infrastructure, and which plan waits.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead infra status shop --env production"],
            Needs = Need.Of(Permission.See),
        };

    private static Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop) =>
        RunAsync(input, engine, engine.Server.Infrastructure, stop);

    internal static async Task<Output> RunAsync(
        Input input,
        EngineContext engine,
        InfrastructureDesk desk,
        CancellationToken stop
    )
    {
        var site = new Site(input.App, input.Environment);
        engine.Demand(Permission.See, site);
        var (last, waiting) = (await desk.FindRunAsync(site, stop), await desk.FindPlanAsync(site, stop));
        if (last is null && waiting is null)
        {
            throw new ProblemException(ApplyingProblems.NothingMade(site));
        }
        return new(
            site.App,
            site.Environment,
            last is { } run
                ? new(
                    run.Plan,
                    run.Tool,
                    run.Summary,
                    run.Outcome,
                    run.By,
                    run.Began,
                    run.Ended,
                    run.Lines,
                    run.Problem
                )
                {
                    Costs = CostShare.Of(run.Costs),
                }
                : null,
            waiting is { } plan
                ? new(
                    plan.Plan,
                    plan.Tool,
                    plan.Summary,
                    plan.By,
                    plan.At,
                    plan.Review?.Cost,
                    [.. (plan.Review?.Stopping ?? []).Select(ApplyingProblems.Line)]
                )
                {
                    Costs = CostShare.Of(plan.Review?.Parts ?? []),
                }
                : null
        )
        {
            Drift = await desk.FindDriftAsync(site, stop) is { } drift
                ? new(
                    drift.At,
                    drift.By,
                    [
                        .. drift.Changes.Select(static one => new ChangeView(
                            PlanRisk.Word(one.Action),
                            one.What,
                            one.Danger,
                            one.Why
                        )),
                    ],
                    drift.Others
                )
                : null,
        };
    }
}
