using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Deploying.Jobs;

/// <summary>The life of one run, from being decided to being remembered. Pure.</summary>
internal static class RunLife
{
    /// <summary>What cannot be begun for so long has failed.</summary>
    public static readonly TimeSpan BeginMax = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan TroublePause = TimeSpan.FromSeconds(5);

    /// <summary>What is next for a run that was begun, or is to be; null when it goes on by itself.</summary>
    public static Decision? Next(Situation now, JobState state, JobRun run)
    {
        var seen = now.Seen.FindRun(run.Instance);
        return (seen, run) switch
        {
            ({ Run.Ending: { } ending }, _) => Over(now, state, With(run, seen.Run, ending)),
            (null, { Ending: { } why }) => Over(now, state, Stopped(run, why)),
            (null, { WasSeen: true }) => Over(
                now,
                state,
                run with
                {
                    State = RunState.Failed,
                    Problem = RunProblems.Lost(run),
                }
            ),
            (null, _) => Begin(now, state, run),
            (_, { WasSeen: false }) => Kept(now, state, run with { WasSeen = true, Attempts = seen.Run!.Attempts }),
            (_, { Ending: null }) when now.Now >= run.Deadline => Ended(now, state, run, RunProblems.TooLong(run)),
            ({ State: not InstanceState.Stopping }, { Ending: not null }) => new Decision.Do(
                new Move.EndRun(run.Instance)
            ),
            _ => null,
        };
    }

    /// <summary>It is remembered as it is now.</summary>
    /// <param name="told">A line of the journal; null where nothing is worth one.</param>
    public static Decision.Note Kept(Situation now, JobState state, JobRun run, string? told = null)
    {
        var kept = Replaced(state, run) with
        {
            Newest = Math.Max(state.Newest, run.Number),
            BegunAt = run is { State: RunState.Begun, WasSeen: false, Due: not null } ? now.Now : state.BegunAt,
        };
        return new(JobTurn.With(now.Record, kept), [], told is null ? [] : [Entry(now, run, "job-begins", told)]);
    }

    /// <summary>It is to be ended; it is over when it is gone.</summary>
    public static Decision.Note Ended(Situation now, JobState state, JobRun run, Problem why)
    {
        var ending = run with { Ending = run.Ending ?? why };
        return new(
            JobTurn.With(now.Record, Replaced(state, ending)),
            [],
            run.Ending is null ? [Entry(now, run, "job-ending", $"{run} is being ended: {why.Why}")] : []
        );
    }

    /// <summary>It is over, and goes into what is remembered.</summary>
    public static Decision.Note Over(Situation now, JobState state, JobRun run)
    {
        var over = run with { EndedAt = now.Now };
        var isTried = over.State is RunState.Succeeded or RunState.Failed or RunState.Cancelled;
        var after = state with
        {
            Open = [.. state.Open.Where(one => one.Number != run.Number)],
            Newest = Math.Max(state.Newest, run.Number),
            Last = isTried ? over : state.Last,
            SucceededAt = over.State == RunState.Succeeded ? now.Now : state.SucceededAt,
        };
        return new(JobTurn.With(now.Record, after), [], [Entry(now, over, "job-ended", Words(over))]) { Runs = [over] };
    }

    /// <summary>The same with a run in its newer form, or with one more.</summary>
    public static JobState Replaced(JobState state, JobRun run) =>
        state with
        {
            Open = [.. state.Open.Where(one => one.Number != run.Number).Append(run).OrderBy(static one => one.Number)],
        };

    // A place that takes none now is asked again after a pause, and everything else of the site goes on meanwhile.
    private static Decision? Begin(Situation now, JobState state, JobRun run)
    {
        var trouble = now.RunTroubles.GetValueOrDefault(run.Instance);
        if (trouble is not null && now.Now - trouble.Since >= BeginMax)
        {
            return Over(now, state, run with { State = RunState.Failed, Problem = trouble.Problem });
        }
        if (trouble is not null && now.Now - trouble.At < TroublePause)
        {
            return null;
        }
        if (ServiceOf(now, run) is { } service)
        {
            return new Decision.Do(new Move.BeginRun(OrderOf(now, run, service)));
        }
        // What was decided for a release that is gone by now is for the one that is live; it was not begun.
        return now.Live?.Find(run.Service) is { Service.Job: not null } job
            ? Kept(now, state, run with { Part = job.Part, Release = now.Live.Number })
            : Over(now, state, run with { State = RunState.Skipped, Problem = RunProblems.Gone(run) });
    }

    private static ReleasedService? ServiceOf(Situation now, JobRun run) =>
        new[] { now.Live, now.Next }
            .Select(one => one?.Find(run.Service))
            .FirstOrDefault(one => one?.Part == run.Part && one.Service.Job is not null);

    private static InstanceOrder OrderOf(Situation now, JobRun run, ReleasedService service)
    {
        var order = Orders.For(run.Instance, service, now);
        var env = new Dictionary<string, string>(order.Env)
        {
            ["FAIRLEAD_RUN"] = run.Number.ToString(System.Globalization.CultureInfo.InvariantCulture),
        };
        if (run.Due is { } due)
        {
            env["FAIRLEAD_DUE"] = due.ToUniversalTime()
                .ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);
        }
        return order with { Env = env };
    }

    private static JobRun With(JobRun run, RunSight sight, RunEnding ending) =>
        run with
        {
            State =
                ending.Problem is null ? RunState.Succeeded
                : run.Ending is { Code: not RunProblems.TooLongCode } ? RunState.Cancelled
                : RunState.Failed,
            Attempts = sight.Attempts,
            ExitCode = ending.ExitCode,
            Problem = ending.Problem is null ? null : run.Ending ?? ending.Problem,
            Lines = ending.Lines,
        };

    private static JobRun Stopped(JobRun run, Problem why) =>
        run with
        {
            State = why.Code == RunProblems.TooLongCode ? RunState.Failed : RunState.Cancelled,
            Problem = why,
        };

    private static string Words(JobRun run) =>
        run.State switch
        {
            RunState.Succeeded => $"{run} is done",
            RunState.Skipped or RunState.Missed => $"{run} is left out: {run.Problem?.Why}",
            RunState.Cancelled => $"{run} was ended: {run.Problem?.Why}",
            _ => $"{run} failed: {run.Problem?.Why}",
        };

    private static NewEntry Entry(Situation now, JobRun run, string kind, string text) =>
        new(now.Site, run.Cause == RunCause.Release ? run.For : null, kind, text);
}

/// <summary>Why a run cannot be begun. Memory only.</summary>
/// <param name="Since">When it was first tried.</param>
/// <param name="At">When it was last tried.</param>
public sealed record RunTrouble(DateTimeOffset Since, DateTimeOffset At, Problem Problem);
