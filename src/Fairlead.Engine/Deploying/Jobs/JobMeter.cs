using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Deploying.Jobs;

/// <summary>How jobs stand, as numbers for alerts.</summary>
public static class JobMeter
{
    /// <summary>Adds how the jobs of all sites stand by their latest looks.</summary>
    public static void Measure(Conductor conductor, MetricPage page)
    {
        foreach (var look in conductor.Looks())
        {
            foreach (var state in look.Record.Jobs ?? [])
            {
                if (look.Live?.Find(state.Service)?.Service.Job is { } rules)
                {
                    Measure(look, state, rules.Schedule is not null, page);
                }
            }
        }
    }

    private static void Measure(Snapshot look, JobState state, bool isScheduled, MetricPage page)
    {
        (string, string)[] labels =
        [
            ("app", look.Record.Site.App),
            ("environment", look.Record.Site.Environment),
            ("job", state.Service),
        ];
        page.Gauge(
            "fairlead_job_running",
            "1 while a run of the job is under way.",
            state.Running is null ? 0 : 1,
            labels
        );
        page.Gauge(
            "fairlead_job_last_success_timestamp_seconds",
            "When a run of the job last did what it is for; 0 for never.",
            state.SucceededAt?.ToUnixTimeSeconds() ?? 0,
            labels
        );
        if (isScheduled)
        {
            page.Gauge(
                "fairlead_job_last_failed",
                "1 while the newest run of a job with a schedule has failed.",
                state.Last is { State: RunState.Failed } ? 1 : 0,
                labels
            );
            page.Gauge(
                "fairlead_job_periods_without_run",
                "How many times the job was due since a run of it last began by its schedule, up to 100.",
                state.Schedule is { } schedule ? CronTimes.Count(schedule, state.BegunAt, look.At) : 0,
                labels
            );
        }
    }
}
