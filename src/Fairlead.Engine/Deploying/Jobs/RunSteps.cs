using Fairlead.Engine.Operations;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Deploying.Jobs;

/// <summary>Jobs that belong to a release: run to their end by a step of its rollout, once. Pure.</summary>
internal static class RunSteps
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    /// <summary>The step for a job of a release; none for one that has a schedule, which only runs when it is due.</summary>
    public static IEnumerable<Step> Of(ReleasedService job) =>
        job.Service.Job is { Schedule: null } ? [new Step.Run(job.Part, JobTurn.LimitOf(job.Service))] : [];

    /// <summary>Whether a run belongs to the step under way.</summary>
    public static bool Has(Situation now, JobRun run) =>
        run.Cause == RunCause.Release
        && now.Deployment is { Phase: DeploymentPhase.RollingOut, Current: Step.Run step } deployment
        && run.For == deployment.Id
        && run.Part == step.Part;

    /// <summary>Begins the run, waits for its end, and goes on or back by it.</summary>
    public static Decision Next(Situation now, Step.Run step)
    {
        var state = JobTurn.StateOf(now.Record, step.Part.Service);
        if (state.Open.FirstOrDefault(one => Has(now, one)) is not { } run)
        {
            return state.Open is [var other, ..]
                ? new Decision.Wait(Look, $"{step} waits for {other}")
                : Begin(now, state, step);
        }
        return RunLife.Next(now, state, run) switch
        {
            Decision.Note { Runs: [var over] } note => Went(now, note, over),
            { } decision => decision,
            null => new Decision.Wait(Look, $"{step}: {WordsOf(now, run)}"),
        };
    }

    private static Decision.Note Begin(Situation now, JobState state, Step.Run step)
    {
        var job = now.Next!.Find(step.Part.Service)!;
        var run = JobTurn.New(now, job, state.Newest + 1) with
        {
            Cause = RunCause.Release,
            Release = now.Next.Number,
            For = now.Deployment!.Id,
        };
        return RunLife.Kept(now, state, run, $"{run} begins, for release {run.Release}");
    }

    // The outcome and what follows from it are one change: whatever is killed, it is not run again.
    private static Decision.Note Went(Situation now, Decision.Note note, JobRun over)
    {
        var after = now with { Record = note.Record };
        var next =
            over.State == RunState.Succeeded
                ? Transitions.Advance(after, [])
                : Transitions.TakeBack(
                    after,
                    DeploymentPhase.RolledBack,
                    RunProblems.StepFailed(now.Deployment!, over)
                );
        return next with { Runs = [over], Entries = [.. note.Entries, .. next.Entries] };
    }

    private static string WordsOf(Situation now, JobRun run) =>
        now.RunTroubles.GetValueOrDefault(run.Instance) is { } trouble ? trouble.Problem.Why
        : now.Seen.FindRun(run.Instance) is { Run: { Attempts: > 1 } sight } ? $"attempt {sight.Attempts}"
        : "it runs";
}
