using System.ComponentModel;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Deploying.Jobs;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Ends the runs of a job that are open.</summary>
public static class CancelJob
{
    public sealed record Input
    {
        [Description("The job, as in the manifest; left out where the app has only one.")]
        [Positional]
        public string? Job { get; init; }

        [Description("App name, as in the manifest.")]
        [Names("app")]
        public string? App { get; init; }

        [Description("Environment.")]
        public string? Environment { get; init; }

        [Description("Why, for the journal.")]
        public string? Reason { get; init; }
    }

    /// <param name="Runs">Those that are asked to end; each is over when it has.</param>
    public sealed record Output(IReadOnlyList<RunView> Runs, string Summary);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "job.cancel",
            "End the run of a job that is under way, and the one that waits for it.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead job cancel report --app shop"],
            Needs = Need.Of(Permission.Deploy),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var (record, job) = await JobViews.FindAsync(engine, input.Job, (input.App, input.Environment), stop);
        var open = JobTurn.StateOf(record, job.Service.Name).Open;
        if (open.Count == 0)
        {
            throw new ProblemException(
                new Problem(
                    "job.not-running",
                    What: $"There is nothing to cancel: no run of '{job.Service.Name}' is open.",
                    Why: "It has ended, or is not due yet.",
                    Fix: $"See how they went: fairlead job runs {job.Service.Name} --app {record.Site.App}"
                )
                {
                    Trouble = Trouble.Conflict,
                }
            );
        }
        await engine.Server.FrontDoor.AskForJobAsync(
            record.Site,
            job.Service.Name,
            RequestKind.CancelJob,
            Approve.Clean(input.Reason),
            stop
        );
        return new(
            [.. open.Select(one => JobViews.Of(one, engine.World.Now, withLines: false))],
            $"It is told to end, and is killed when it has not after {job.Service.StopGrace.TotalSeconds:0} s."
        );
    }
}
