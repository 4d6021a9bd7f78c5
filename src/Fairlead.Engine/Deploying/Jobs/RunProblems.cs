using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Deploying.Jobs;

/// <summary>Why runs of jobs did not come to their end.</summary>
internal static class RunProblems
{
    public const string TooLongCode = "job.too-long";

    public static Problem Lost(JobRun run) =>
        new(
            "job.lost",
            What: $"Nobody knows how {run} ended.",
            Why: "It was there, and was gone at the next look: what is kept of it where it ran was removed.",
            Fix: $"See what it did, and run it again where needed: fairlead job run {run.Service} --app {run.Site.App}"
        );

    public static Problem TooLong(JobRun run) =>
        new(
            TooLongCode,
            What: $"{run} was ended.",
            Why: $"It had until {run.Deadline:u} with all its attempts.",
            Fix: $"Give it more 'timeout' in fairlead.yaml, or see what it does: fairlead logs {run.Site.App} --service {run.Service}"
        )
        {
            Trouble = Trouble.TimedOut,
        };

    public static Problem TooLate(JobRun run) =>
        new(
            "job.too-late",
            What: $"{run} was not begun.",
            Why: $"It was due at {run.Due:u}, which is longer ago than its 'startingDeadline' allows.",
            Fix: $"Run it now where it matters: fairlead job run {run.Service} --app {run.Site.App}"
        );

    public static Problem Overlaps(JobRun run, JobRun before, DateTimeOffset now) =>
        new(
            "job.overlaps",
            What: $"{run} was not begun.",
            Why: before.State == RunState.Waiting
                ? $"{before} waits for its turn already."
                : $"{before} has run for {(now - before.At).Text} and has not ended.",
            Fix: $"Let it end, or end it: fairlead job cancel {run.Service} --app {run.Site.App}. 'overlap: queue' runs one after the other."
        )
        {
            Trouble = Trouble.Conflict,
        };

    public static Problem Replaced(JobRun run, JobRun by) =>
        new(
            "job.replaced",
            What: $"{run} was ended.",
            Why: $"{by} is due, and 'overlap: replace' ends the one before.",
            Fix: "Let it be due less often, or write 'overlap: queue'."
        );

    public static Problem Cancelled(Request request) =>
        new(
            "job.cancelled",
            What: "It was cancelled.",
            Why: request.Reason ?? $"{request.By?.Name ?? "Somebody"} asked for it.",
            Fix: "Run it again when it is mended: fairlead job run"
        );

    public static Problem StepOver(JobRun run) =>
        new(
            "job.step-over",
            What: $"{run} was ended.",
            Why: $"The deployment of release {run.Release} that it belongs to went back.",
            Fix: "Deploy again."
        );

    public static Problem Gone(JobRun run) =>
        new(
            "job.gone",
            What: $"{run} was not begun.",
            Why: $"The live release has no job '{run.Service}' any more.",
            Fix: "Nothing has to be done."
        );

    public static Problem StepFailed(Deployment deployment, JobRun run) =>
        new(
            "deployment.job-failed",
            What: $"{deployment} stopped before what uses '{run.Service}' got traffic: {run} {(run.State == RunState.Cancelled ? "was ended" : "failed")}.",
            Why: run.Problem?.Why ?? "It did not say why.",
            Fix: $"See what it printed: fairlead job runs {run.Service} --app {run.Site.App}. Mend it and deploy again."
        )
        {
            Trouble = Trouble.RolledBack,
            Evidence = run.Lines,
        };
}
