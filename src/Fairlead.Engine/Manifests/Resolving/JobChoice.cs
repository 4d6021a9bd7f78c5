using Fairlead.Engine.Deploying.Jobs;
using Fairlead.Engine.Manifests.Reading;
using Fairlead.Model.Apps;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Manifests.Resolving;

/// <summary>When a service runs that ends by itself, and what may be said only of those.</summary>
internal static class JobChoice
{
    private static readonly string[] JobKeys = ["schedule", "timeout", "retries"];

    // What is for programs that stay up: a job has none of it, so to say it is a mistake that somebody would look for.
    private static readonly string[] StayingKeys =
    [
        "replicas",
        "health",
        "port",
        "deploy",
        "drain",
        "keep",
        "gateway",
        "traffic",
    ];

    private static readonly TimeSpan DeadlineMin = TimeSpan.FromSeconds(10);

    /// <summary>The kind that a service is taken for; a program that seems to end is none where the manifest says what only those have that stay up.</summary>
    public static Kind? Taken(Draft draft) =>
        draft.Detected?.Kind is Kind.Job && StayingKeys.Append("routes").Any(draft.Says)
            ? Kind.Worker
            : draft.Detected?.Kind;

    public static JobRules? Of(Draft draft, TargetKind target, Findings findings)
    {
        if (draft.Kind is not Kind.Job)
        {
            foreach (var key in JobKeys.Where(draft.Says))
            {
                findings.Add(draft.Node.At(key), "job-only", OnlyJobs(draft, key));
            }
            return null;
        }
        foreach (var key in StayingKeys.Where(draft.Says))
        {
            findings.Add(draft.Node.At(key), "job-ends", Ends(draft, key));
        }
        if (target is TargetKind.Kubernetes || draft.IsAtAws)
        {
            findings.Add(draft.Node, "job-target", NotThere(draft));
        }
        if (draft.IsStatic)
        {
            findings.Add(draft.Node, "job-nothing", Nothing(draft));
        }
        var entry = draft.Entry;
        if (entry.Timeout > JobRules.TimeoutMost || entry.Timeout < TimeSpan.FromSeconds(1))
        {
            findings.Add(draft.Node.At("timeout"), "job-timeout", TooLong(draft));
        }
        var standard = new JobRules();
        return new()
        {
            Schedule = ScheduleOf(draft, findings),
            Timeout = entry.Timeout ?? standard.Timeout,
            Retries = entry.Retries ?? standard.Retries,
        };
    }

    private static JobSchedule? ScheduleOf(Draft draft, Findings findings)
    {
        if (draft.Entry.Schedule is not { } entry)
        {
            return null;
        }
        var node = draft.Node.At("schedule");
        var schedule = new JobSchedule(entry.Cron.Trim(), entry.Timezone ?? "UTC")
        {
            Missed = entry.Missed ?? MissedRun.RunOnce,
            StartingDeadline = entry.StartingDeadline,
            Overlap = entry.Overlap ?? Overlap.Forbid,
        };
        if (!CronTimes.IsZone(schedule.Zone))
        {
            findings.Add(node.At("timezone"), "job-timezone", NoZone(draft, schedule.Zone));
            return null;
        }
        if (CronTimes.FaultOf(schedule.Cron) is { } fault)
        {
            findings.Add(node, "job-schedule", NoTimes(draft, schedule.Cron, fault));
            return null;
        }
        if (entry.StartingDeadline < DeadlineMin)
        {
            findings.Add(node.At("startingDeadline"), "job-deadline", TooShort(draft));
        }
        return schedule;
    }

    private static (string What, string Why, string Fix) OnlyJobs(Draft draft, string key) =>
        (
            $"'{draft.Name}' says '{key}', and is no job.",
            "Only what ends by itself is run at its time, tried again and ended when it takes too long.",
            "Write: kind: job. Or remove it."
        );

    private static (string What, string Why, string Fix) Ends(Draft draft, string key) =>
        (
            $"The job '{draft.Name}' says '{key}'.",
            "That is for services that stay up. A job is run to its end, one at a time.",
            $"Remove '{key}', or write: kind: worker"
        );

    private static (string What, string Why, string Fix) NotThere(Draft draft) =>
        (
            $"The job '{draft.Name}' cannot run {(draft.IsAtAws ? "at AWS" : "in a cluster")}.",
            "Jobs run as processes of the machine and in its containers; a cluster and AWS have schedulers of their own, which this version does not speak to.",
            "Let an environment with 'target: local' or 'target: docker' run it, or use a CronJob or EventBridge there. If it stays up, write: kind: worker"
        );

    private static (string What, string Why, string Fix) Nothing(Draft draft) =>
        (
            $"The job '{draft.Name}' has nothing to run.",
            "A job is a command that ends.",
            "Add the command, for example: run: ./report.sh"
        );

    private static (string What, string Why, string Fix) TooLong(Draft draft) =>
        (
            $"An attempt of the job '{draft.Name}' may take from 1s to {JobRules.TimeoutMost.Text}.",
            "What never ends is no job, and holds up the runs after it.",
            "Write for example 'timeout: 30m', or make it a worker: kind: worker"
        );

    private static (string What, string Why, string Fix) TooShort(Draft draft) =>
        (
            $"The job '{draft.Name}' would be left out for being a moment late.",
            "A server looks every two seconds, and a busy one less often.",
            $"Write at least: startingDeadline: {DeadlineMin.Text}"
        );

    private static (string What, string Why, string Fix) NoZone(Draft draft, string zone) =>
        (
            $"The job '{draft.Name}' is meant in the time zone {Shown.Line(zone)}, which this machine does not know.",
            "Without it nobody can say when it is due.",
            "Write a name as in the IANA database, such as Europe/Berlin or UTC. If it is one: apt-get install tzdata"
        );

    private static (string What, string Why, string Fix) NoTimes(Draft draft, string cron, string fault) =>
        (
            $"The schedule {Shown.Line(cron)} of '{draft.Name}' cannot be read.",
            fault,
            "Write minute, hour, day of the month, month and weekday, for example: schedule: '*/15 * * * *'"
        );
}
