using System.ComponentModel;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Guarding.Scanning;
using Fairlead.Engine.Handoffs;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Makes a release of a folder and brings it to life by its strategies.</summary>
public static class Deploy
{
    public sealed record Input
    {
        [Description("Folder with the fairlead.yaml.")]
        [Positional]
        [Folder]
        public required string Folder { get; init; }

        [Description("Environment, as in the manifest; its first one when left out.")]
        public string? Environment { get; init; }

        [Description("Do exactly the plan of this digest, or nothing.")]
        public string? Plan { get; init; }

        [Description(
            "Change one variable or the replicas of one service: service.env.NAME=value or service.replicas=N."
        )]
        public IReadOnlyList<string> Set { get; init; } = [];

        [Description(
            "In an emergency: deploy without approvals, in a freeze and whatever a scan finds, for this reason. It is told to everybody."
        )]
        public string? BreakGlass { get; init; }

        [Description("Let a deployment under way end first, instead of taking its place.")]
        public bool Queue { get; init; }
    }

    /// <param name="Deployment">Null when nothing had to be done.</param>
    /// <param name="Summary">What was asked for, in words.</param>
    public sealed record Output(DeploymentView? Deployment, string Summary, IReadOnlyList<string> Warnings);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "deploy",
            "Build a folder and bring it to life, step by step.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples =
            [
                "fairlead deploy",
                "fairlead deploy samples/storefront --env staging",
                "fairlead deploy --set api.env.LOG_LEVEL=debug",
            ],
            Needs = Need.Of(Permission.Deploy),
        };

    internal static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var asked = new Plan.Input
        {
            Folder = input.Folder,
            Environment = input.Environment,
            Set = input.Set,
        };
        var (plan, candidate) = await Plan.MakeAsync(asked, engine, stop);
        if (input.Plan is { } approved && approved != plan.Digest)
        {
            throw new ProblemException(Moved(approved, plan));
        }
        var record = (await Sites.AllAsync(engine.Server, stop)).FirstOrDefault(one => one.Site == candidate.Site);
        if (plan.IsEmpty && record is { Active: null, Queue.Count: 0 })
        {
            return new(null, $"{plan.App}@{plan.Replaces} is live and nothing has changed since.", plan.Warnings);
        }
        var glass = Glass(input.BreakGlass, candidate, record, engine);
        await SpareAsync(glass, candidate, record, engine, stop);
        if (glass is null && HandoffGate.RiskProblem(candidate.RiskMax, plan.Risk) is { } risky)
        {
            throw new ProblemException(risky);
        }
        var (doubts, scan) = await PassAsync(candidate, engine, glass, stop);
        await ProvideAsync(candidate, engine, stop);
        var deployment = await engine.Server.FrontDoor.DeployAsync(candidate, input.Plan, input.Queue, glass, stop);
        await RememberAsync(engine, deployment, scan, stop);
        var view = await DeploymentViews.OfAsync(engine.Server, deployment, stop);
        return new(view, $"{deployment} is on its way to {plan.Environment}.", [.. plan.Warnings, .. doubts]);
    }

    /// <summary>Deploys a candidate that nobody typed, by all the rules of one that somebody did.</summary>
    /// <param name="waits">Let the deployment under way end first.</param>
    /// <returns>Null when it is live already and nothing has changed.</returns>
    /// <exception cref="ProblemException">A freeze holds, or a scan finds what may not be.</exception>
    internal static async Task<(Deployment? Deployment, IReadOnlyList<string> Doubts)> ShipAsync(
        Candidate candidate,
        EngineContext engine,
        bool waits,
        CancellationToken stop
    )
    {
        var record = (await Sites.AllAsync(engine.Server, stop)).FirstOrDefault(one => one.Site == candidate.Site);
        var glass = Glass(reason: null, candidate, record, engine);
        await SpareAsync(glass, candidate, record, engine, stop);
        if (record is { Active: null, Queue.Count: 0 } && await Plan.IsLiveAsync(candidate, record, engine, stop))
        {
            return (null, []);
        }
        if (
            HandoffGate.RiskProblem(candidate.RiskMax, await Plan.RiskAsync(candidate, record, engine, stop)) is
            { } risky
        )
        {
            throw new ProblemException(risky);
        }
        var (doubts, scan) = await PassAsync(candidate, engine, glass: null, stop);
        await ProvideAsync(candidate, engine, stop);
        var deployment = await engine.Server.FrontDoor.DeployAsync(
            candidate,
            approvedPlan: null,
            waits,
            breakGlass: null,
            stop
        );
        await RememberAsync(engine, deployment, scan, stop);
        return (deployment, doubts);
    }

    // Before anything is built: where users had to bear too much already, what is new has to wait.
    private static async Task SpareAsync(
        string? glass,
        Candidate candidate,
        SiteRecord? record,
        EngineContext engine,
        CancellationToken stop
    )
    {
        var site = candidate.Site;
        var live = record?.Live is { } number ? await Sites.ReleaseAsync(engine.Server, site, number, stop) : null;
        if (
            glass is null
            && BudgetFreeze.IsAsked(candidate.Watch?.Slo, live?.Watch?.Slo)
            && BudgetFreeze.Problem(site, await engine.Server.Metrics.NumberAsync(BudgetFreeze.Query(site), stop))
                is { } problem
        )
        {
            throw new ProblemException(problem);
        }
    }

    // What a release only names is there before anything of it is started, and before its migrations.
    private static Task ProvideAsync(Candidate candidate, EngineContext engine, CancellationToken stop) =>
        candidate.Databases?.Any(static one => one.Provided is not null) is true
            ? engine.Server.Databases.EnsureAsync(candidate.Site, candidate.Databases, stop)
            : Task.CompletedTask;

    // Before anything is built or started. A rollback is never held up: what it brings back was let through once.
    private static async Task<(IReadOnlyList<string> Doubts, SourceScan? Scan)> PassAsync(
        Candidate candidate,
        EngineContext engine,
        string? glass,
        CancellationToken stop
    )
    {
        if (glass is null && candidate.Blocks.Count > 0)
        {
            throw new ProblemException(candidate.Blocks);
        }
        if (candidate.Security is not { } policy)
        {
            return ([], null);
        }
        var scan = new FolderScan(engine.Scanning.Ports, engine.World);
        var result = await scan.RunAsync(engine.OpenFolder(candidate.Source), policy, stop);
        var verdict = ScanGate.Judge(result, policy, engine.World.Now);
        await engine.Server.Store.CommitAsync(
            new Change(engine.Server.Conductor.Fence)
            {
                Entries = [new NewEntry(candidate.Site, Deployment: null, "scan", ScanGate.Summary(verdict))],
            },
            stop
        );
        return verdict.Status == Verdict.Failed && glass is null
            ? throw new ProblemException(ScanGate.Problems(verdict, policy, candidate.Site.App))
            : (
                [
                    .. verdict.Unknown.Select(static one => $"Security is unknown: {one}"),
                    .. verdict.Open.Select(static one =>
                        $"{one.Severity.ToString().ToLowerInvariant()} {one.Rule} {one.Where}: {one.What}"
                    ),
                ],
                SourceScan.Of(result, policy, engine.World.Now)
            );
    }

    // Only evidence: when this is lost, the release was not scanned as far as anybody can prove.
    private static async Task RememberAsync(
        EngineContext engine,
        Deployment deployment,
        SourceScan? scan,
        CancellationToken stop
    )
    {
        if (scan is null)
        {
            return;
        }
        var key = Memory.ReleaseKey(deployment.Site, deployment.Release);
        await engine.Server.Store.CommitAsync(
            new Change(engine.Server.Conductor.Fence)
            {
                Writes = [new Write(SourceScan.Collection, key, Records.Body(scan))],
            },
            stop
        );
    }

    private const int ReasonLettersMax = 500;

    /// <summary>The reason for setting the rules aside; null when they hold.</summary>
    /// <exception cref="ProblemException">A freeze holds, or the caller may not break the glass.</exception>
    private static string? Glass(string? reason, Candidate candidate, SiteRecord? record, EngineContext engine)
    {
        if (reason is null)
        {
            var freeze =
                candidate.Protection?.FreezeAt(engine.World.Now) ?? record?.Protection?.FreezeAt(engine.World.Now);
            return freeze is null ? null : throw new ProblemException(Problems.Frozen(candidate.Site, freeze));
        }
        engine.Demand(Permission.BreakGlass, candidate.Site);
        var text = reason.Trim();
        return text.Length is > 0 and <= ReasonLettersMax && !text.Any(char.IsControl)
            ? text
            : throw new ProblemException(
                new Problem(
                    "deploy.glass-reason",
                    What: "The glass is not broken without a reason.",
                    Why: $"A reason has 1 to {ReasonLettersMax} letters on one line; it is told to everybody.",
                    Fix: "Write for example: fairlead deploy --break-glass 'payments are down, incident 12'"
                )
                {
                    Trouble = Trouble.WrongUse,
                }
            );
    }

    private static Problem Moved(string approved, Plan.Output plan) =>
        new(
            "plan.moved",
            What: $"The plan {approved} is not what would be done now.",
            Why: $"The source, the manifest or what is live has changed since; the plan is {plan.Digest} now.",
            Fix: $"Look at it and approve that one: fairlead deploy --plan {plan.Digest}"
        )
        {
            Trouble = Trouble.Conflict,
        };
}
