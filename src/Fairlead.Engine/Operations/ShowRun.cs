using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Pipelines.Running;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>One run of a pipeline: what ran when, what was reused, which chain made it as long as it was, and what a task wrote.</summary>
public static class ShowRun
{
    private const int LinesMax = 400;

    public sealed record Input
    {
        [Description("The run's id, as 'fairlead ci runs' shows it.")]
        [Positional]
        public required string Run { get; init; }

        [Description("Show what this task wrote, as JOB/TASK; of the first one that failed when left out.")]
        public string? Task { get; init; }
    }

    /// <param name="Task">Whose lines are shown; null when none failed and none was named.</param>
    /// <param name="Lines">The last ones that it wrote, secrets left out.</param>
    public sealed record Output(
        ListRuns.Row Run,
        IReadOnlyList<TaskView> Tasks,
        string? Task,
        IReadOnlyList<string> Lines
    );

    /// <param name="From">Seconds since the run began.</param>
    /// <param name="IsCritical">It is of the chain that ended last: nothing is quicker unless it is.</param>
    /// <param name="Why">What decided it, in a few words.</param>
    public sealed record TaskView(
        string Job,
        string Task,
        string Outcome,
        double From,
        double Seconds,
        bool IsCritical,
        bool IsFlaky,
        int Attempts,
        string Why
    );

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "ci.show",
            "Show a run of a pipeline: its tasks in time, its longest chain, and what a task wrote.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead ci show 9f3c0a51d2e7", "fairlead ci show 9f3c0a51d2e7 --task test/unit"],
            Needs = Need.OfAll(Permission.Watch),
        };

    private static Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var runs = engine.Server.Runs;
        var kept = runs.Find(input.Run) ?? throw new ProblemException(Unknown(input.Run));
        var row = ListRuns.RowOf(kept, engine.World.Now);
        var chain = CriticalJobs.Of(kept.Record);
        var named = input.Task ?? (row.Failed is [var first, ..] ? first : null);
        return Task.FromResult(
            new Output(
                row,
                [
                    .. kept.Record.Results.Select(one => new TaskView(
                        one.Job,
                        one.Task,
                        Waterfall.Word(one.Outcome).ToLowerInvariant(),
                        Math.Round(one.Began.TotalSeconds, 2),
                        Math.Round(one.Took.TotalSeconds, 2),
                        chain.Contains(one.Job),
                        one.IsFlaky,
                        one.Attempts,
                        one.Why
                    )),
                ],
                named,
                LinesOf(runs, kept, named)
            )
        );
    }

    // Only what the run itself names leads to a file.
    private static IReadOnlyList<string> LinesOf(IRunArchive runs, KeptRun kept, string? named) =>
        kept.Record.Results.FirstOrDefault(one => $"{one.Job}/{one.Task}" == named) is { } found
            ? runs.Lines(kept, found.Job, found.Task, LinesMax)
            : [];

    private static Problem Unknown(string run) =>
        new(
            "pipeline.unknown-run",
            What: $"There is no run '{run}'.",
            Why: "The newest 50 of each pipeline are kept, where they ran.",
            Fix: "See which there are: fairlead ci runs"
        )
        {
            Trouble = Trouble.NotFound,
        };
}
