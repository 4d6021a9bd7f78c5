using System.ComponentModel;
using Fairlead.Engine.Checking;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Infrastructure.Applying;
using Fairlead.Engine.Infrastructure.Code;
using Fairlead.Engine.Infrastructure.Costs;
using Fairlead.Engine.Infrastructure.Policies;
using Fairlead.Engine.Manifests;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Says what would be done so that the cloud has what an app needs; changes nothing there.</summary>
public static class PlanInfrastructure
{
    public sealed record Input
    {
        [Description("Folder with the fairlead.yaml.")]
        [Positional]
        [Folder]
        public required string Folder { get; init; }

        [Description("Environment, as in the manifest; its first one when left out.")]
        public string? Environment { get; init; }

        [Description("Tool that makes it: terraform, opentofu or cloudformation.")]
        public string With { get; init; } = InfrastructureViews.ToolUsual;

        [Description("Plan to remove everything.")]
        public bool Destroy { get; init; }
    }

    /// <param name="Plan">Names exactly this plan; 'infra apply' does it or nothing.</param>
    /// <param name="Changes">The most dangerous first.</param>
    /// <param name="Drift">What was changed at the cloud by others.</param>
    /// <param name="Findings">What policies say of it, the worst first, with lines of the code that was written for it.</param>
    /// <param name="Allowed">What was found and is accepted for now, with the reason.</param>
    /// <param name="Cost">Null when nothing could say it.</param>
    /// <param name="Notes">What the tool cannot do as the manifest says it.</param>
    /// <param name="Problems">Why it may not be done; empty when it may.</param>
    public sealed record Output(
        string App,
        string Environment,
        string Tool,
        string Plan,
        string Summary,
        PlanDanger Danger,
        IReadOnlyList<ChangeView> Changes,
        IReadOnlyList<ChangeView> Drift,
        IReadOnlyList<CheckFinding> Findings,
        IReadOnlyList<string> Allowed,
        CostView? Cost,
        IReadOnlyList<string> Notes,
        IReadOnlyList<Problem> Problems
    );

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "infra.plan",
            "Show what would be done so that the cloud has what the app needs.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples =
            [
                "fairlead infra plan samples/storefront --env production",
                "fairlead infra plan --with cloudformation",
                "fairlead infra plan --destroy",
            ],
            FailsByProblems = true,
            Needs = Need.Of(Permission.Deploy),
            AnswerMax = TimeSpan.FromMinutes(40),
        };

    private const string NotJudged =
        "Policies and prices read plans of Terraform and OpenTofu alone: nothing judged this one, 'policies' and 'budget' of the manifest did not count, and what it costs is not known.";

    private static Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop) =>
        RunAsync(input, engine, engine.Server.Infrastructure, stop);

    internal static async Task<Output> RunAsync(
        Input input,
        EngineContext engine,
        InfrastructureDesk desk,
        CancellationToken stop
    )
    {
        InfrastructureViews.Demand(desk, input.With);
        var (app, graph, code) = InfrastructureViews.Write(engine, input.Folder, input.Environment, input.With);
        engine.Demand(Permission.Deploy, app.Site);
        var review = desk.IsJudged(input.With)
            ? InfrastructureReview.Of(engine.OpenFolder(input.Folder), app.Infrastructure, engine.World)
            : null;
        (PolicyVerdict Verdict, CostEstimate Cost)? judged = null;
        var (record, plan) = await desk.PlanAsync(
            (app.Site, graph.Place, code),
            (input.With, input.Destroy ? ProvisionAim.Destroy : ProvisionAim.Apply),
            engine.Caller.Name,
            made =>
            {
                judged = review?.Judge(made, Settings(app, input.Destroy), Code(code), fail: null);
                return judged is { } found
                    ? InfrastructureReview.Kept(
                        found.Verdict,
                        found.Cost,
                        ([.. app.Services.Select(static one => one.Service.Name)], (decimal?)app.Infrastructure?.Budget)
                    )
                    : null;
            },
            stop
        );
        return new(
            app.Site.App,
            app.Site.Environment,
            input.With,
            record.Plan,
            record.Summary,
            plan.Changes.Count == 0 ? PlanDanger.Low : plan.Changes.Max(PlanRisk.Of),
            InfrastructureViews.Changes(plan.Changes),
            InfrastructureViews.Changes(plan.Drift),
            judged?.Verdict.Findings ?? [],
            judged?.Verdict.Allowed ?? [],
            judged is { } priced ? CostView.Of(priced.Cost) : null,
            [.. app.Warnings, .. code.Notes, .. review is null ? [NotJudged] : Array.Empty<string>()],
            record.IsBlocked ? [ApplyingProblems.Blocked(app.Site, record.Plan, record.Review!)] : []
        );
    }

    private static PolicySettings Settings(LoadedApp app, bool isDestroy) =>
        new()
        {
            IsProtected = app.Infrastructure?.Protected ?? app.Site.Environment == "production",
            IsDestroy = isDestroy,
        };

    private static CodeAtHand Code(CodeFiles code) =>
        new("", code.Files.ToDictionary(static one => one.Path, static one => one.Text, StringComparer.Ordinal));
}
