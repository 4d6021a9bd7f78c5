using System.ComponentModel;
using Fairlead.Engine.Guarding.Scanning;
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

        [Description("Change one variable of one service: service.env.NAME=value.")]
        public IReadOnlyList<string> Set { get; init; } = [];

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
        );

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
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
        var doubts = await PassAsync(candidate, engine, stop);
        var deployment = await engine.Server.FrontDoor.DeployAsync(candidate, input.Plan, input.Queue, stop);
        var view = await DeploymentViews.OfAsync(engine.Server, deployment, stop);
        return new(view, $"{deployment} is on its way to {plan.Environment}.", [.. plan.Warnings, .. doubts]);
    }

    // Before anything is built or started. A rollback is never held up: what it brings back was let through once.
    private static async Task<IReadOnlyList<string>> PassAsync(
        Deploying.Candidate candidate,
        EngineContext engine,
        CancellationToken stop
    )
    {
        if (candidate.Security is not { } policy)
        {
            return [];
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
        return verdict.Status == Verdict.Failed
            ? throw new ProblemException(ScanGate.Problems(verdict, policy, candidate.Site.App))
            :
            [
                .. verdict.Unknown.Select(static one => $"Security is unknown: {one}"),
                .. verdict.Open.Select(static one =>
                    $"{one.Severity.ToString().ToLowerInvariant()} {one.Rule} {one.Where}: {one.What}"
                ),
            ];
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
