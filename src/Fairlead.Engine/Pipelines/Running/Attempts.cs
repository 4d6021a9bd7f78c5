using System.Globalization;
using Fairlead.Engine.Pipelines.Reports;
using Fairlead.Model.Pipelines;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Pipelines.Running;

/// <summary>Runs a task's command, again when it fails and may be done again.</summary>
internal sealed class Attempts(PipelineRun whole)
{
    private const int LinesMax = 20;

    private readonly OwnReports reports = new(whole);

    public async Task<TaskResult> RunAsync(
        TaskWork work,
        JobPlace place,
        (TaskKey? Key, TaskResult Result) known,
        CancellationToken stop
    )
    {
        var (ports, (key, result)) = (whole.Ports, known);
        var hasFailed = key is not null && ports.Cache.HasFailed(key);
        TestSummary? said = null;
        for (var attempt = 1; ; attempt++)
        {
            var last = new Queue<string>();
            reports.Clear(work);
            var before = RunShards.Before(work);
            var end = await place.RunAsync(work.Task, OrderOf(work), line => Take(work, line, last), stop);
            whole.Shards.Learn(work, before);
            var outcome = end.ExitCode switch
            {
                0 => TaskOutcome.Ran,
                null => TaskOutcome.TimedOut,
                _ => TaskOutcome.Failed,
            };
            result = result with { Outcome = outcome, ExitCode = end.ExitCode, Attempts = attempt };
            if (outcome == TaskOutcome.Ran)
            {
                whole.Suggest(hasFailed ? FlakySuggestion.Of(work.Name, said, whole.Today) : []);
                return result with { IsFlaky = hasFailed };
            }
            if (key is not null)
            {
                ports.Cache.Mourn(key);
                hasFailed = true;
            }
            said = reports.Read(work);
            if (whole.Quarantine.Judge(work.Name, end.ExitCode, said) is { } tolerated)
            {
                return Tolerate(work, result, tolerated);
            }
            if (attempt > work.Task.Retries)
            {
                whole.Fail(RunProblems.Failed(work, result, [.. last]));
                return result with { Why = end.ExitCode is { } code ? $"exit code {code}" : "its time was over" };
            }
            ports.Say(
                $"{work.Shown}: failed ({(end.ExitCode is { } number ? $"exit code {number}" : "its time was over")}); once more, {attempt} of {work.Task.Retries}"
            );
        }
    }

    private TaskResult Tolerate(TaskWork work, TaskResult result, IReadOnlyList<ToleratedTest> tests)
    {
        foreach (var one in tests)
        {
            whole.Ports.Say(
                $"{work.Shown}: warning: {one.Test} failed and is in quarantine ({one.Owner}, {Quarantine.Days(one.DaysLeft)} left: {one.Reason})"
            );
        }
        var count = string.Create(
            CultureInfo.InvariantCulture,
            $"{tests.Count} {(tests.Count == 1 ? "test that is" : "tests that are")} in quarantine"
        );
        return result with { Outcome = TaskOutcome.Quarantined, Why = $"only {count} failed" };
    }

    /// <summary>What is asked of whoever runs its command.</summary>
    public TaskOrder OrderOf(TaskWork work)
    {
        var env = new Dictionary<string, string>(work.Env, StringComparer.Ordinal);
        foreach (var (name, value) in work.Secrets)
        {
            env[name] = value;
        }
        return new(
            $"{whole.Record.Id}-{work.Name}",
            work.Words,
            Path.Combine(work.Workspace.Root, work.Task.Folder),
            env,
            work.Task.Timeout ?? work.Run.Job.Timeout,
            whole.Ports.Shelf.LogOf(whole.Record, work.Run.Id, work.Task.Name)
        )
        {
            Inherits = work.Task.Act is Act.Deploy ? DeployVariables.All : [],
        };
    }

    private void Take(TaskWork work, string line, Queue<string> last)
    {
        lock (last)
        {
            last.Enqueue(line);
            if (last.Count > LinesMax)
            {
                last.Dequeue();
            }
        }
        whole.Ports.Say($"{work.Shown} | {line}");
    }
}
