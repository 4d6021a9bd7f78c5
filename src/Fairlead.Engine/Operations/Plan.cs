using System.ComponentModel;
using System.Text.Json;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Deploying.Scaling;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Handoffs;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Operations;

/// <summary>Says what a deployment would change, in which steps, and how risky that is; touches nothing.</summary>
public static class Plan
{
    public sealed record Input
    {
        [Description("Folder with the fairlead.yaml.")]
        [Positional]
        [Folder]
        public required string Folder { get; init; }

        [Description("Environment, as in the manifest; its first one when left out.")]
        public string? Environment { get; init; }

        [Description(
            "Change one variable or the replicas of one service: service.env.NAME=value or service.replicas=N."
        )]
        public IReadOnlyList<string> Set { get; init; } = [];
    }

    public sealed record Output
    {
        public required string App { get; init; }

        public required string Environment { get; init; }

        /// <summary>The number the release would get.</summary>
        public required int Release { get; init; }

        public int? Replaces { get; init; }

        /// <summary>Names exactly this plan: <c>deploy --plan DIGEST</c> does this or nothing.</summary>
        public required string Digest { get; init; }

        public required IReadOnlyList<Changes.ServiceChange> Services { get; init; }

        public required IReadOnlyList<string> Steps { get; init; }

        /// <summary>Where requests wait, and what a rollback takes.</summary>
        public required IReadOnlyList<string> Notes { get; init; }

        /// <summary>low, medium or high.</summary>
        public required string Risk { get; init; }

        public required string RiskBecause { get; init; }

        /// <summary>Whether the release before can be made live again.</summary>
        public required bool IsReversible { get; init; }

        /// <summary>Nothing of the app differs from what is live.</summary>
        public required bool IsEmpty { get; init; }

        public required IReadOnlyList<string> Warnings { get; init; }
    }

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "plan",
            "Show what a deployment would change, step by step; touches nothing.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead plan", "fairlead plan samples/storefront --env staging"],
            Needs = Need.Of(Permission.Deploy),
        };

    internal static async Task<(Output Plan, Candidate Candidate)> MakeAsync(
        Input input,
        EngineContext engine,
        CancellationToken stop
    )
    {
        var (candidate, warnings) = await Candidates.ReadAsync(
            engine,
            input.Folder,
            input.Environment,
            input.Set,
            stop
        );
        // Only its manifest says which site it is.
        engine.Demand(Permission.Deploy, candidate.Site);
        var server = engine.Server;
        var document = await server.Store.ReadAsync(Records.Sites, candidate.Site.ToString(), stop);
        var record = document is null ? new SiteRecord(candidate.Site) : Records.Read<SiteRecord>(document);
        var released = record.Live is { } number ? await Sites.ReleaseAsync(server, record.Site, number, stop) : null;
        var live = Counts.Of(released, record, released);
        var next = Counts.Of(await server.FrontDoor.DraftAsync(candidate, stop), record, released)!; // It is made of one.
        var steps = Planner.Deploy(live, next, record.Contracted);
        var (risk, because) = Changes.Risk(live, next, steps);
        var changes = Changes.Of(live, next);
        var plan = new Output
        {
            App = candidate.Site.App,
            Environment = candidate.Site.Environment,
            Release = next.Number,
            Replaces = record.Live,
            Digest = PlanDigest.Of(live, next),
            Services = changes,
            Steps = [.. steps.Select(step => step.ToString())],
            Notes = Changes.Notes(live, next, steps),
            Risk = risk,
            RiskBecause = because,
            IsReversible = live is not null && !steps.OfType<Step.Migrate>().Any(static one => one.Contracts.Count > 0),
            IsEmpty = IsSame(live, next, changes),
            Warnings =
            [
                .. warnings,
                .. live is null ? [] : PlannedMigrations.Dangers(engine.OpenFolder(input.Folder), next, steps),
                .. candidate.Blocks.Select(static one => $"Blocked: {one.What} {one.Why}"),
                .. HandoffGate.RiskProblem(candidate.RiskMax, risk) is { } risky
                    ? new[] { $"Blocked: {risky.What} {risky.Why}" }
                    : [],
            ],
        };
        return (plan, candidate);
    }

    /// <summary>Whether a candidate is what is live.</summary>
    internal static async Task<bool> IsLiveAsync(
        Candidate candidate,
        SiteRecord record,
        EngineContext engine,
        CancellationToken stop
    )
    {
        var released = record.Live is { } number
            ? await Sites.ReleaseAsync(engine.Server, record.Site, number, stop)
            : null;
        var live = Counts.Of(released, record, released);
        var next = Counts.Of(await engine.Server.FrontDoor.DraftAsync(candidate, stop), record, released)!; // It is made of one.
        return IsSame(live, next, Changes.Of(live, next));
    }

    /// <summary>How risky a candidate's deployment would be: low, medium or high.</summary>
    internal static async Task<string> RiskAsync(
        Candidate candidate,
        SiteRecord? record,
        EngineContext engine,
        CancellationToken stop
    )
    {
        var known = record ?? new SiteRecord(candidate.Site);
        var released = known.Live is { } number
            ? await Sites.ReleaseAsync(engine.Server, candidate.Site, number, stop)
            : null;
        var live = Counts.Of(released, known, released);
        var next = Counts.Of(await engine.Server.FrontDoor.DraftAsync(candidate, stop), known, released)!; // It is made of one.
        return Changes.Risk(live, next, Planner.Deploy(live, next)).Risk;
    }

    private static bool IsSame(Release? live, Release next, IReadOnlyList<Changes.ServiceChange> changes) =>
        live is not null
        && changes.All(static one => one.Change == "unchanged")
        && live.Hosts.SequenceEqual(next.Hosts)
        && Same(live.Tls, next.Tls)
        && Same(live.Databases, next.Databases)
        // Alerts, goals, runbooks and monitors are those of the release that is live: a new one brings them.
        && Same(live.Watch, next.Watch)
        && Same(live.Monitors, next.Monitors);

    private static bool Same<T>(T? left, T? right) =>
        JsonSerializer.Serialize(left, Records.Json) == JsonSerializer.Serialize(right, Records.Json);

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop) =>
        (await MakeAsync(input, engine, stop)).Plan;
}
