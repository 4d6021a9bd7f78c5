using Fairlead.Engine.Pipelines.Expressions;
using Fairlead.Engine.Pipelines.Sharding;
using Fairlead.Model.Pipelines;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Pipelines.Running;

/// <summary>Does the tasks of one job, one after the other.</summary>
internal sealed class JobLife(JobRun run, PipelineRun whole, JobScope scope, IReadOnlyDictionary<string, string> made)
{
    private readonly Reuse reuse = new(whole);
    private readonly Dictionary<string, string> own = new(StringComparer.Ordinal);
    private RunStatus status = scope.Status;
    private bool hasBegun;

    private PipelinePorts Ports => whole.Ports;

    /// <summary>A digest of what it made, for those that need it; null when it made nothing that is said.</summary>
    public string? Made =>
        own.Count == 0
            ? null
            : TaskKeys.Digest([.. own.Select(static one => new WorkFile(one.Key, one.Value, 0, false, false))]);

    public string Id => run.Id;

    /// <summary>Why a task would be skipped; null when it would not.</summary>
    public string? SkipReason(JobTask task) =>
        !Conditions.Holds(run.Job.If, scope) ? $"not {run.Job.If}"
        : !Conditions.Holds(task.If, scope with { Status = RunStatus.Success }) ? $"not {task.If}"
        : null;

    /// <summary>What is known of a task before it is done.</summary>
    public async Task<TaskSight> LookAsync(JobTask task, CancellationToken stop)
    {
        var work = WorkOf(task, Ports.Workspace, scope with { Status = RunStatus.Success });
        await using var place = new JobPlace(run, whole, Ports.Workspace);
        var key = await KeyAsync(work, place, fetches: false, stop);
        if (run.Job.Shards is { AreListed: true })
        {
            var tests = await whole.Shards.OfAsync(work, key, listAsync: null, stop);
            key = tests is null ? null : Parted(key, tests);
        }
        var there = work.Workspace.Find(task.Outputs);
        var entry = key is null ? null : Ports.Cache.Find(key, whole.Settings.Occasion.Scope);
        var shared = key is not null && entry is null ? await reuse.FindSharedAsync(work, key, stop) : null;
        entry ??= shared?.Task;
        Remember(work, entry?.Outputs ?? there);
        return new(key, entry, entry is not null && there.SequenceEqual(entry.Outputs), shared is not null);
    }

    public async Task<RunStatus> LiveAsync(CancellationToken stop)
    {
        if (!Conditions.Holds(run.Job.If, scope))
        {
            SkipAll(run.Job.If is null ? "what it needs did not end well" : $"not {run.Job.If}");
            return RunStatus.Skipped;
        }
        status = RunStatus.Success;
        using var limit = new CancellationTokenSource(run.Job.Timeout, Ports.World.Clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        // What is taken to another machine is the source, not all that lies in the folder.
        var isApart = run.Job.IsApart || run.Job.Image is not null && Ports.Rooms.TakesSource;
        using var apart = isApart ? Ports.Apart(run.Id, whole.OutputsOf(run)) : null;
        await using (var place = new JobPlace(run, whole, apart ?? Ports.Workspace))
        {
            foreach (var task in run.Job.Tasks)
            {
                await StepAsync(task, place, limit.Token, both.Token);
            }
        }
        // Reports matter most when something failed.
        apart?.GiveBack([
            .. run.Job.Tasks.SelectMany(one =>
                status == RunStatus.Success ? one.Outputs.Concat(one.Reports) : one.Reports
            ),
        ]);
        return status;
    }

    private async Task StepAsync(JobTask task, JobPlace place, CancellationToken limit, CancellationToken stop)
    {
        hasBegun = false;
        var began = whole.Elapsed;
        var result = new TaskResult(run.Id, task.Name, TaskOutcome.Skipped, began, TimeSpan.Zero, "");
        var here = scope with { Status = status };
        if (stop.IsCancellationRequested)
        {
            var isLate = limit.IsCancellationRequested;
            whole.Note(
                result with
                {
                    Outcome = TaskOutcome.Cancelled,
                    Why = isLate ? "the job's time was over" : "the run was stopped",
                }
            );
            status = isLate ? RunStatus.Failure : RunStatus.Cancelled;
            return;
        }
        if (!Conditions.Holds(task.If, here))
        {
            whole.Note(result with { Why = task.If is null ? "one before it failed" : $"not {task.If}" });
            return;
        }
        try
        {
            result = await DoAsync(WorkOf(task, place.Workspace, here), place, result, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            var isLate = limit.IsCancellationRequested;
            if (isLate)
            {
                whole.Fail(RunProblems.Late(run.Job, $"{run.Id}/{task.Name}"));
            }
            result = result with
            {
                Attempts = hasBegun ? 1 : 0,
                Outcome = isLate ? TaskOutcome.TimedOut : TaskOutcome.Cancelled,
                Why = isLate ? $"the job's {run.Job.Timeout} were over" : "the run was stopped",
            };
        }
        catch (ProblemException caught)
        {
            result = result with { Outcome = TaskOutcome.Failed, Why = caught.Problem.What };
            whole.Fail(caught.Problem);
        }
        whole.Note(result with { Took = whole.Elapsed - began });
        status =
            result.IsGood || result.Outcome == TaskOutcome.Skipped || task.MayFail ? status
            : result.Outcome == TaskOutcome.Cancelled ? RunStatus.Cancelled
            : RunStatus.Failure;
    }

    private async Task<TaskResult> DoAsync(TaskWork work, JobPlace place, TaskResult result, CancellationToken stop)
    {
        // Tests whose inputs are not said may be parted otherwise by now: what another shard has is not done with this one.
        if (
            whole.Settings.DoneBefore.Contains(work.Name)
            && work.Task.Inputs is null
            && run.Job.Shards is not { AreListed: true }
        )
        {
            Remember(work, work.Workspace.Find(work.Task.Outputs));
            return result with
            {
                Outcome = TaskOutcome.DoneBefore,
                Why = "it ended well before the run was interrupted",
            };
        }
        var key = await KeyAsync(work, place, fetches: true, stop);
        if (await whole.Shards.OfAsync(work, key, ListOf(work, place), stop) is { } tests)
        {
            (work, key) = (work with { Tests = tests }, Parted(key, tests));
            if (tests.Count == 0)
            {
                // With nothing named, many tools would do all tests there are.
                return result with { Why = "there are fewer tests than shards" };
            }
        }
        result = result with { Key = key?.Digest };
        if (key is not null && whole.Settings.UsesCache && await reuse.TryAsync(work, key, stop) is { } reused)
        {
            Remember(work, reused.Outputs);
            return result with { Outcome = reused.Outcome, Why = reused.Why };
        }
        var reason = whole.Past.Reason(work, key, whole.Settings.UsesCache);
        await place.OpenAsync(work.Task, scope, stop);
        hasBegun = true;
        whole.Start(work);
        Ports.Say($"{work.Shown}: {string.Join(' ', Shown(work))}  ({reason})");
        if (key is not null && work.Task.Outputs.Count > 0)
        {
            work.Workspace.Clear(work.Task.Outputs);
        }
        using var lent = work.Tests is null ? null : Lend(ref work);
        using var undeclared = key is not null && whole.Settings.IsStrict ? Watch(work) : null;
        result = await whole.Attempts.RunAsync(work, place, (key, result with { Why = reason }), stop);
        if (result.Outcome is TaskOutcome.Ran or TaskOutcome.Quarantined && undeclared?.End() is { } problem)
        {
            whole.Fail(problem);
            return result with { Outcome = TaskOutcome.Failed, Why = problem.What };
        }
        if (result.Outcome == TaskOutcome.Ran)
        {
            Keep(work, key, result);
        }
        else if (result.Outcome == TaskOutcome.Quarantined)
        {
            // Not kept: what was kept would be taken for up to date, and protect beyond the entry's day and from whoever shares the cache.
            Remember(work, work.Workspace.Find(work.Task.Outputs));
        }
        return result;
    }

    private static TaskKey? Parted(TaskKey? key, IReadOnlyList<string> tests) =>
        key is null ? null : new([.. key.Parts, .. tests.Select(static one => new KeyPart($"test {one}", ""))]);

    // Only what runs is told where its list lies: that decides nothing.
    private static IDisposable Lend(ref TaskWork work)
    {
        var (name, mine) = (work.LentName("tests"), work);
        var isFiles = work.Run.Job.Shards!.Files.Count > 0;
        var lent = work.Workspace.Lend(
            name,
            string.Concat(work.Tests!.Select(test => $"{(isFiles ? mine.FromFolder(test) : test)}\n"))
        );
        work = work with
        {
            Env = new Dictionary<string, string>(work.Env, StringComparer.Ordinal)
            {
                [Shards.FileVariable] = work.LentPath(name),
            },
        };
        return lent;
    }

    private Func<CancellationToken, Task<IReadOnlyList<string>>> ListOf(TaskWork work, JobPlace place) =>
        async stop =>
        {
            await place.OpenAsync(work.Task, scope, stop);
            return await ShardList.AskAsync(
                work,
                whole.Attempts.OrderOf(work),
                (order, line, ending) => place.RunAsync(work.Task, order, line, ending),
                Ports,
                stop
            );
        };

    private Undeclared? Watch(TaskWork work) =>
        Ports.Watch is { } watch
            ? new(
                work,
                [.. whole.OutputsOf(run), .. run.Job.Tasks.SelectMany(static one => one.Outputs)],
                watch(work.Workspace.Root)
            )
            : null;

    private void Keep(TaskWork work, TaskKey? key, TaskResult result)
    {
        var files = work.Workspace.Find(work.Task.Outputs);
        if (work.Task.Outputs.Count > 0 && files.Count == 0)
        {
            Ports.Say($"{work.Shown}: it made nothing that fits its outputs ({string.Join(", ", work.Task.Outputs)})");
        }
        Remember(work, files);
        var took = whole.Elapsed - result.Began;
        whole.Past.Note(work, key, took);
        if (key is not null && whole.Settings.UsesCache)
        {
            reuse.Keep(work, key, (files, took));
        }
    }

    private void Remember(TaskWork work, IReadOnlyList<WorkFile> files)
    {
        if (work.Task.Outputs.Count > 0)
        {
            own[work.Task.Name] = TaskKeys.Digest(files);
        }
    }

    private async Task<TaskKey?> KeyAsync(TaskWork work, JobPlace place, bool fetches, CancellationToken stop)
    {
        // Of another version than is asked for, nothing is done with it. Those of an image are what its digest says.
        var tools = run.Job.Image is null
            ? await whole.Asked.ToolsAsync(run.Job, scope, ("", Ports.Runner.VersionAsync), stop)
            : new Dictionary<string, string>();
        if (work.Task.Inputs is null || await place.PartsAsync(fetches, stop) is not { } images)
        {
            return null;
        }
        var before = new Dictionary<string, string>(made, StringComparer.Ordinal);
        foreach (var (task, digest) in own)
        {
            before[$"{run.Id}/{task}"] = digest;
        }
        return TaskKeys.Of(work, [.. TaskKeys.Tools(tools), .. images], before, Ports);
    }

    private TaskWork WorkOf(JobTask task, IWorkspace workspace, JobScope here)
    {
        var filled = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (
            var env in (IReadOnlyDictionary<string, string>[])
                [whole.Pipeline.Env, run.Job.Env, task.Env, ShardNames.Env(run.Job, run.Values)]
        )
        {
            foreach (var (name, value) in env)
            {
                filled[name] = Conditions.Fill(value, here);
            }
        }
        here = here with { Env = filled };
        var words =
            TaskWords.Of(task.Act, text => Conditions.Fill(text, here), Ports.Self)
            ?? throw new ProblemException(RunProblems.Foreign($"{run.Id}/{task.Name}", task));
        var secrets = run.Job.Secrets.ToDictionary(
            static one => one,
            one => Ports.Secret(one) ?? "",
            StringComparer.Ordinal
        );
        return new(run, task, workspace)
        {
            Words = words,
            Env = filled,
            Secrets = secrets,
        };
    }

    private static IEnumerable<string> Shown(TaskWork work) =>
        work.Task.Act is Act.Script script
            ? [$"{script.Shell}: {script.Text.Split('\n').FirstOrDefault(static one => one.Trim().Length > 0)?.Trim()}"]
            : work.Words;

    private void SkipAll(string why)
    {
        foreach (var task in run.Job.Tasks)
        {
            whole.Note(new(run.Id, task.Name, TaskOutcome.Skipped, whole.Elapsed, TimeSpan.Zero, why));
        }
    }
}
