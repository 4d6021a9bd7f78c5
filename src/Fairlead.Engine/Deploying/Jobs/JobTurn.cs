using System.Globalization;
using Fairlead.Model.Apps;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Deploying.Jobs;

/// <summary>
/// What is next for the jobs of a site, whatever else goes on there. That a time was dealt with and that a run is decided is one change of the site's record, made by who is in charge;
/// a run is begun by its name, so it may be begun again after any crash and still is one. Pure.
/// </summary>
internal static class JobTurn
{
    /// <summary>A clock that was this much ahead was wrong: what is due is counted from now again.</summary>
    public static readonly TimeSpan JumpMax = TimeSpan.FromHours(1);

    private static readonly TimeSpan LateMax = TimeSpan.FromMinutes(1);

    // States of jobs that no release has any more: of each only its newest number is needed.
    private const int GoneMax = 100;

    /// <summary>Null when nothing is to be done, or what is left belongs to the step under way.</summary>
    public static Decision? Next(Situation now)
    {
        if (now.Seen.Runs.Count == 0 && now.Record.Jobs is null && now.Live?.Services.Any(IsJob) is not true)
        {
            return null; // Most sites have none.
        }
        return Strays(now) ?? Opened(now) ?? Due(now);
    }

    /// <summary>Somebody asks for a run, or for the end of those that are open.</summary>
    internal static Decision.Note Asked(Situation now, Request request)
    {
        var name = request.Service ?? "";
        if (request.Kind == RequestKind.CancelJob)
        {
            return Cancelled(now, StateOf(now.Record, name), request);
        }
        if (now.Live?.Find(name) is not { Service.Job: { } rules } job)
        {
            return new(now.Record, [], []);
        }
        var state = StateOf(now.Record, name);
        var run = New(now, job, state.Newest + 1) with
        {
            Cause = RunCause.Person,
            For = request.Id,
            By = request.By?.Name,
        };
        return Took(now, state, run, rules.Schedule?.Overlap ?? Overlap.Forbid);
    }

    /// <summary>A run as it is decided now.</summary>
    internal static JobRun New(Situation now, ReleasedService job, int number) =>
        new()
        {
            Site = now.Site,
            Number = number,
            Part = job.Part,
            Release = now.Live?.Number ?? 0,
            Cause = RunCause.Schedule,
            At = now.Now,
            Deadline = now.Now + LimitOf(job.Service),
        };

    /// <summary>How long all attempts of a run may take together, with what comes between them.</summary>
    internal static TimeSpan LimitOf(Service job) =>
        (job.Job!.Timeout + job.StopGrace + LateMax) * (job.Job.Retries + 1) + RunLife.BeginMax;

    internal static JobState StateOf(SiteRecord record, string service) =>
        record.Jobs?.FirstOrDefault(one => one.Service == service) ?? new(service);

    internal static SiteRecord With(SiteRecord record, JobState state) =>
        record with
        {
            Jobs =
            [
                .. (record.Jobs ?? [])
                    .Where(one => one.Service != state.Service)
                    .Append(state)
                    .OrderBy(static one => one.Service, StringComparer.Ordinal),
            ],
        };

    private static bool IsJob(ReleasedService one) => one.Service.Job is not null;

    // What runs and belongs to no run that is open: its outcome is remembered already.
    private static Decision.Do? Strays(Situation now)
    {
        var open = (now.Record.Jobs ?? [])
            .SelectMany(static one => one.Open)
            .Select(static one => one.Instance)
            .ToHashSet();
        return
            now.Seen.Runs.FirstOrDefault(one => one.State != InstanceState.Stopping && !open.Contains(one.Key))
                is { } stray
            ? new(new Move.EndRun(stray.Key))
            : null;
    }

    private static Decision? Opened(Situation now)
    {
        foreach (var state in now.Record.Jobs ?? [])
        {
            foreach (var run in state.Open.Where(one => !RunSteps.Has(now, one)))
            {
                var decision =
                    run.State == RunState.Waiting ? TurnOf(now, state, run)
                    : run is { Cause: RunCause.Release, Ending: null }
                        ? RunLife.Ended(now, state, run, RunProblems.StepOver(run))
                    : RunLife.Next(now, state, run);
                if (decision is not null)
                {
                    return decision;
                }
            }
        }
        return null;
    }

    // One that waited has its turn, with what is live by then.
    private static Decision.Note? TurnOf(Situation now, JobState state, JobRun run)
    {
        if (state.Running is not null)
        {
            return null;
        }
        if (now.Live?.Find(state.Service) is not { Service.Job: { } rules } job)
        {
            return RunLife.Over(now, state, run with { State = RunState.Skipped, Problem = RunProblems.Gone(run) });
        }
        if (IsTooLate(now, run.Due, rules.Schedule))
        {
            return RunLife.Over(now, state, run with { State = RunState.Missed, Problem = RunProblems.TooLate(run) });
        }
        var begun = New(now, job, run.Number) with
        {
            Cause = run.Cause,
            Due = run.Due,
            Missed = run.Missed,
            For = run.For,
            By = run.By,
        };
        return RunLife.Kept(now, state, begun, Words(begun));
    }

    private static Decision.Note? Due(Situation now)
    {
        foreach (var job in (now.Live?.Services ?? []).Where(IsJob))
        {
            var state = StateOf(now.Record, job.Service.Name);
            var schedule = job.Service.Job!.Schedule;
            // What is counted begins anew with another schedule, and when the clock was wrong by then.
            if (state.Schedule?.ToString() != schedule?.ToString() || state.Since > now.Now + JumpMax)
            {
                return Counted(now, state, schedule);
            }
            if (schedule is not null && CronTimes.Latest(schedule, state.Since, now.Now) is { } due)
            {
                return Taken(now, state, job, due);
            }
        }
        return
            (now.Record.Jobs ?? []).FirstOrDefault(one =>
                one.Schedule is not null && now.Live?.Find(one.Service)?.Service.Job is null
            )
                is { } gone
            ? Counted(now, gone, schedule: null)
            : null;
    }

    private static Decision.Note Counted(Situation now, JobState state, JobSchedule? schedule)
    {
        var jumped = state.Schedule is not null && state.Since > now.Now + JumpMax;
        var record = With(
            now.Record,
            state with
            {
                Schedule = schedule,
                Since = now.Now,
                BegunAt = now.Now,
                // Of one that no longer stands in any release nothing is late, and nothing has failed.
                Last = schedule is null ? null : state.Last,
            }
        );
        string[] alive = [.. (now.Live?.Services ?? []).Select(static one => one.Service.Name)];
        var gone = record.Jobs!.Where(one => one.Open.Count == 0 && !alive.Contains(one.Service)).Skip(GoneMax);
        return new(
            record with
            {
                Jobs = [.. record.Jobs!.Except(gone)],
            },
            [],
            jumped
                ?
                [
                    new(
                        now.Site,
                        null,
                        "job-clock",
                        $"{state.Service}: the clock went back from {state.Since:u}, so its times are counted from now"
                    ),
                ]
                : []
        );
    }

    // A time is dealt with in the same change that decides what becomes of it.
    private static Decision.Note Taken(Situation now, JobState state, ReleasedService job, DateTimeOffset due)
    {
        var schedule = job.Service.Job!.Schedule!;
        var run = New(now, job, state.Newest + 1) with
        {
            Due = due,
            Missed = CronTimes.Count(schedule, state.Since, due) - 1,
        };
        var dealt = state with { Since = due };
        return IsTooLate(now, due, schedule)
            ? RunLife.Over(now, dealt, run with { State = RunState.Missed, Problem = RunProblems.TooLate(run) })
            : Took(now, dealt, run, schedule.Overlap);
    }

    private static Decision.Note Took(Situation now, JobState state, JobRun run, Overlap overlap)
    {
        if (state.Open.Count == 0)
        {
            return RunLife.Kept(now, state, run, Words(run));
        }
        if (overlap == Overlap.Forbid || state.Open.Any(static one => one.State == RunState.Waiting))
        {
            return RunLife.Over(
                now,
                state,
                run with
                {
                    State = RunState.Skipped,
                    Problem = RunProblems.Overlaps(run, state.Open[0], now.Now),
                }
            );
        }
        var waiting = run with { State = RunState.Waiting };
        var before = state.Running;
        return overlap == Overlap.Replace && before is { Ending: null }
            ? RunLife.Kept(
                now,
                RunLife.Replaced(state, before with { Ending = RunProblems.Replaced(before, run) }),
                waiting,
                $"{before} is ended, so that {run} can begin"
            )
            : RunLife.Kept(now, state, waiting, $"{run} waits for {state.Open[0]}");
    }

    private static Decision.Note Cancelled(Situation now, JobState state, Request request)
    {
        var why = RunProblems.Cancelled(request);
        var note = new Decision.Note(now.Record, [], []);
        foreach (var run in state.Open)
        {
            var next =
                run.State == RunState.Waiting
                    ? RunLife.Over(now, state, run with { State = RunState.Cancelled, Problem = why })
                    : RunLife.Ended(now, state, run, why);
            state = StateOf(next.Record, state.Service);
            now = now with { Record = next.Record };
            note = next with { Entries = [.. note.Entries, .. next.Entries], Runs = [.. note.Runs, .. next.Runs] };
        }
        return note;
    }

    private static bool IsTooLate(Situation now, DateTimeOffset? due, JobSchedule? schedule) =>
        due is { } at
        && schedule is not null
        && (schedule.StartingDeadline ?? (schedule.Missed == MissedRun.Skip ? LateMax : null)) is { } limit
        && now.Now - at > limit;

    private static string Words(JobRun run) =>
        run switch
        {
            { Due: { } due, Missed: > 0 } => string.Create(
                CultureInfo.InvariantCulture,
                $"{run} begins, for {due:u} and {run.Missed} times before it that passed"
            ),
            { Due: { } due } => string.Create(CultureInfo.InvariantCulture, $"{run} begins, for {due:u}"),
            { Cause: RunCause.Release } => $"{run} begins, for release {run.Release}",
            _ => $"{run} begins, asked for by {run.By ?? "somebody"}",
        };
}
