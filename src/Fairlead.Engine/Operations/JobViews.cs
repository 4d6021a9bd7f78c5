using System.Globalization;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Deploying.Jobs;
using Fairlead.Model.Apps;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Operations;

/// <summary>A job as people are shown it.</summary>
/// <param name="Schedule">Its times and their zone; <c>each release</c> where it has none.</param>
/// <param name="State">running, waiting or idle.</param>
/// <param name="Next">When it is due next; null where it has no schedule.</param>
/// <param name="Last">How its newest run ended; null where none has yet.</param>
/// <param name="SucceededAt">When it last did what it is for.</param>
public sealed record JobView(
    string Job,
    string App,
    string Environment,
    string Schedule,
    string State,
    DateTimeOffset? Next,
    string? Last,
    DateTimeOffset? LastAt,
    DateTimeOffset? SucceededAt
);

/// <summary>A run of a job as people are shown it.</summary>
/// <param name="Run">Its number among those of its job.</param>
/// <param name="Cause">schedule, release or person.</param>
/// <param name="TookSeconds">From being begun to its end; until now where it runs.</param>
/// <param name="Told">Why it did not do what it is for.</param>
public sealed record RunView(
    int Run,
    string Job,
    string Part,
    RunState State,
    RunCause Cause,
    DateTimeOffset? Due,
    DateTimeOffset At,
    double TookSeconds,
    int Attempts,
    int? ExitCode,
    string Told
)
{
    /// <summary>The last lines that it printed; null where they were not asked for.</summary>
    public IReadOnlyList<string>? Lines { get; init; }
}

/// <summary>Finds jobs, and makes what faces show of them.</summary>
internal static class JobViews
{
    public static JobView Of(SiteRecord record, ReleasedService job, DateTimeOffset now)
    {
        var state = JobTurn.StateOf(record, job.Service.Name);
        var schedule = job.Service.Job!.Schedule;
        return new(
            job.Service.Name,
            record.Site.App,
            record.Site.Environment,
            schedule?.ToString() ?? "each release",
            state.Running is not null ? "running"
                : state.Open.Count > 0 ? "waiting"
                : "idle",
            schedule is null ? null : CronTimes.Next(schedule, now),
            state.Last is { } last ? Told(last) : null,
            state.Last?.EndedAt,
            state.SucceededAt
        );
    }

    public static RunView Of(JobRun run, DateTimeOffset now, bool withLines) =>
        new(
            run.Number,
            run.Service,
            run.Part.ToString(),
            run.State,
            run.Cause,
            run.Due,
            run.At,
            Math.Round(Math.Max(0, ((run.EndedAt ?? now) - run.At).TotalSeconds), 1),
            run.Attempts,
            run.ExitCode,
            Told(run)
        )
        {
            Lines = withLines ? run.Lines : null,
        };

    /// <summary>The job that is meant, in the live release.</summary>
    /// <param name="name">Null where the app has only one.</param>
    /// <exception cref="ProblemException">There is none such.</exception>
    public static async Task<(SiteRecord Record, ReleasedService Job)> FindAsync(
        EngineContext engine,
        string? name,
        (string? App, string? Environment) where,
        CancellationToken stop
    )
    {
        var record = await Sites.FindAsync(engine.Server, where.App, where.Environment, stop);
        var release = await LiveReleases.OfAsync(engine, record.Site.App, record.Site.Environment, null, stop);
        ReleasedService[] jobs = [.. release.Services.Where(static one => one.Service.Job is not null)];
        var meant = name is null && jobs is [var only] ? only : jobs.FirstOrDefault(one => one.Service.Name == name);
        return meant is null ? throw new ProblemException(Unknown(record.Site, name, jobs)) : (record, meant);
    }

    /// <summary>What is remembered of a run by what it is for; null where there is none yet.</summary>
    public static async Task<JobRun?> AskedForAsync(
        EngineContext engine,
        Site site,
        (string Job, string Request) asked,
        CancellationToken stop
    )
    {
        var record = await Sites.FindAsync(engine.Server, site.App, site.Environment, stop);
        return JobTurn.StateOf(record, asked.Job).Open.FirstOrDefault(one => one.For == asked.Request)
            ?? (await PastAsync(engine, site, asked.Job, stop)).FirstOrDefault(one => one.For == asked.Request);
    }

    /// <summary>Runs that are over, the newest first.</summary>
    public static async Task<IReadOnlyList<JobRun>> PastAsync(
        EngineContext engine,
        Site site,
        string job,
        CancellationToken stop
    ) =>
        [
            .. (await engine.Server.Store.ListAsync(JobRun.Collection, $"{site}/{job}/", stop))
                .Select(Records.Read<JobRun>)
                .OrderByDescending(static one => one.Number),
        ];

    private static string Told(JobRun run) =>
        run.State switch
        {
            RunState.Succeeded => "succeeded",
            RunState.Begun => run.Ending is null ? "runs" : "is being ended",
            RunState.Waiting => "waits for the one before",
            _ => string.Create(
                CultureInfo.InvariantCulture,
                $"{run.State.ToString().ToLowerInvariant()}: {run.Problem?.Why}"
            ),
        };

    private static Problem Unknown(Site site, string? name, ReleasedService[] jobs) =>
        new(
            "job.unknown",
            What: name is null ? $"Nobody can tell which job of {site} is meant." : $"{site} has no job '{name}'.",
            Why: jobs.Length == 0
                ? "Its live release has no service of kind job."
                : $"Its jobs are {string.Join(", ", jobs.Select(static one => one.Service.Name))}.",
            Fix: jobs.Length == 0
                ? "Add one to fairlead.yaml and deploy: kind: job"
                : $"Name one of them: fairlead job list {site.App}"
        )
        {
            Trouble = Trouble.NotFound,
        };
}
