using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using Fairlead.Engine.Pipelines.Expressions;
using Fairlead.Engine.Pipelines.Sharding;
using Fairlead.Model.Pipelines;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Pipelines.Running;

/// <summary>Does the jobs of a graph: each when what it needs has ended, as many at once as the machine has cores for.</summary>
public sealed class PipelineRun(Pipeline pipeline, Graph graph, PipelinePorts ports, RunSettings settings)
{
    private readonly Lock gate = new();
    private readonly List<TaskResult> results = [];
    private readonly List<Problem> problems = [];
    private readonly List<string> suggested = [];
    private readonly RunStatus?[] ends = new RunStatus?[graph.Runs.Count];
    private readonly RunStatus[] before = new RunStatus[graph.Runs.Count];
    private readonly string?[] made = new string?[graph.Runs.Count];
    private readonly Dictionary<string, CancellationTokenSource> siblings = new(StringComparer.Ordinal);
    private readonly long began = ports.World.Clock.GetTimestamp();

    internal Pipeline Pipeline => pipeline;

    internal PipelinePorts Ports => ports;

    internal RunSettings Settings => settings;

    internal Graph Graph => graph;

    internal Attempts Attempts => LazyInitializer.EnsureInitialized(ref field, () => new(this));

    // Jobs that begin at the same time must decide by the same one how tests are parted.
    internal RunShards Shards => LazyInitializer.EnsureInitialized(ref field, () => new(this));

    internal AskedOnce Asked { get; } = new(ports);

    internal PastTasks Past { get; } = new(pipeline.Name, ports);

    /// <summary>In UTC.</summary>
    internal DateOnly Today { get; } = DateOnly.FromDateTime(ports.World.Now.UtcDateTime);

    internal Quarantine Quarantine { get; } =
        new(pipeline.Quarantine, DateOnly.FromDateTime(ports.World.Now.UtcDateTime));

    internal TimeSpan Elapsed => ports.World.Clock.GetElapsedTime(began);

    /// <summary>The run as it stands.</summary>
    public RunRecord Record { get; private set; } =
        new(ports.World.NewId(), pipeline.Name, ports.World.Now, settings.Occasion.Branch, settings.Source)
        {
            Needs = graph
                .Runs.Where(static one => one.Needs.Count > 0)
                .ToDictionary(
                    static one => one.Id,
                    one => (IReadOnlyList<string>)[.. one.Needs.Select(at => graph.Runs[at].Id)],
                    StringComparer.Ordinal
                ),
        };

    /// <summary>Why it did not end well; empty when it did.</summary>
    public IReadOnlyList<Problem> Problems
    {
        get
        {
            lock (gate)
            {
                return [.. problems];
            }
        }
    }

    /// <exception cref="OperationCanceledException"><paramref name="stop"/> fired; what ran is gone, and the run can be gone on with.</exception>
    public async Task<RunRecord> RunAsync(CancellationToken stop)
    {
        ports.Shelf.Begin(Record);
        var schedule = new Schedule(graph, settings.Cores, PastTasks.Expected(graph, Past.Tasks));
        var ended = Channel.CreateUnbounded<Ended>();
        using var all = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var (going, fault) = (0, (Exception?)null);
        try
        {
            while (true)
            {
                while (schedule.Next() is { } at)
                {
                    going++;
                    _ = LiveAsync(at, ended.Writer, all.Token);
                }
                if (going == 0)
                {
                    break;
                }
                // Without the token: what was begun is waited for, so that nothing of it outlives the run.
                var (done, broken) = await ended.Reader.ReadAsync(CancellationToken.None);
                going--;
                schedule.End(done);
                if (broken is not null)
                {
                    fault ??= broken;
                    await all.CancelAsync();
                }
            }
        }
        finally
        {
            await SettleAsync(stop);
        }
        Record = Record with { Results = [.. results], Took = Elapsed };
        if (fault is not null)
        {
            ExceptionDispatchInfo.Throw(fault);
        }
        stop.ThrowIfCancellationRequested();
        ports.Shelf.Close(Record, Elapsed);
        return Record;
    }

    /// <summary>A task begins: what is known of a run that is cut off here.</summary>
    internal void Start(TaskWork work) => ports.Shelf.Start(Record, work.Run.Id, work.Task.Name);

    internal void Note(TaskResult result)
    {
        lock (gate)
        {
            results.Add(result);
            ports.Shelf.End(Record, result);
        }
        if (result.Outcome is not (TaskOutcome.UpToDate or TaskOutcome.Skipped))
        {
            ports.Say(
                $"{result.Job}{(result.Task == result.Job ? "" : $"/{result.Task}")}: {Waterfall.Word(result.Outcome)} in {Durations.Text(result.Took)}{(result.Outcome == TaskOutcome.Restored ? $" ({result.Why})" : "")}{(result.IsFlaky ? " (flaky: it failed before with the same key)" : "")}"
            );
        }
    }

    /// <summary>What became of tests in quarantine; null when there are none, and none are called for.</summary>
    public QuarantineSummary? Quarantined
    {
        get
        {
            lock (gate)
            {
                return Quarantine.IsEmpty && suggested.Count == 0
                    ? null
                    : new(Quarantine.Tolerated, Quarantine.Notes(), [.. suggested]);
            }
        }
    }

    internal void Suggest(IReadOnlyList<string> entries)
    {
        lock (gate)
        {
            suggested.AddRange(entries);
        }
    }

    internal void Fail(Problem problem)
    {
        lock (gate)
        {
            problems.Add(problem);
        }
    }

    /// <summary>Globs of all that the jobs it needs make, directly or through others.</summary>
    internal IReadOnlyList<string> OutputsOf(JobRun run) =>
        [
            .. graph
                .Before(run)
                .SelectMany(at => graph.Runs[at].Job.Tasks)
                .SelectMany(static one => one.Outputs)
                .Distinct(),
        ];

    private async Task LiveAsync(int at, ChannelWriter<Ended> ended, CancellationToken stop)
    {
        var run = graph.Runs[at];
        try
        {
            // Others begin while this one reads its files.
            await Task.Yield();
            var family = FamilyOf(run.Job, stop);
            var scope = ScopeOf(run);
            before[at] = scope.Status;
            var life = new JobLife(run, this, scope, MadeBy(run));
            var end = await life.LiveAsync(family.Token);
            made[at] = Folded(run, life.Made);
            ends[at] = end is RunStatus.Failure && run.Job.MayFail ? RunStatus.Success : end;
            if (end is RunStatus.Failure && run.Job.Matrix is { FailsFast: true })
            {
                await family.CancelAsync();
            }
            await ended.WriteAsync(new(at, Fault: null), CancellationToken.None);
        }
        catch (Exception caught)
        {
            // A fault of ours: whoever awaits the run is told.
            await ended.WriteAsync(new(at, caught), CancellationToken.None);
        }
    }

    /// <param name="Fault">Of ours; null where there is none.</param>
    private sealed record Ended(int At, Exception? Fault);

    /// <summary>A job as it would begin if all it needs had ended well.</summary>
    internal JobLife LifeOf(int at) => new(graph.Runs[at], this, ScopeOf(graph.Runs[at]), MadeBy(graph.Runs[at]));

    /// <summary>Takes a job as done, with what is there of what it makes.</summary>
    internal void Foresee(int at, JobLife life)
    {
        ends[at] = RunStatus.Success;
        made[at] = Folded(graph.Runs[at], life.Made);
    }

    private CancellationTokenSource FamilyOf(Job job, CancellationToken stop)
    {
        lock (gate)
        {
            return siblings.TryGetValue(job.Name, out var there)
                ? there
                : siblings[job.Name] = CancellationTokenSource.CreateLinkedTokenSource(stop);
        }
    }

    private JobScope ScopeOf(JobRun run)
    {
        var (needs, status) = (new Dictionary<string, RunStatus>(StringComparer.Ordinal), RunStatus.Success);
        foreach (var need in run.Needs)
        {
            var name = graph.Runs[need].Job.Name;
            var end = ends[need] ?? RunStatus.Cancelled;
            needs[name] = needs.TryGetValue(name, out var other) ? Worse(other, end) : end;
            // One that was left out since another failed passes that on.
            status = Worse(status, end == RunStatus.Skipped ? Worse(end, before[need]) : end);
        }
        var values = ShardNames.Known(run.Job, run.Values);
        return new(settings.Occasion, new Dictionary<string, string>(), values, needs, status)
        {
            Machine = run.Job.Machine,
            Files = globs => TaskKeys.Digest(ports.Workspace.Find(globs)),
        };
    }

    private static RunStatus Worse(RunStatus one, RunStatus other) => one > other ? one : other;

    private Dictionary<string, string> MadeBy(JobRun run) =>
        run
            .Needs.Where(need => made[need] is not null)
            .ToDictionary(need => graph.Runs[need].Id, need => made[need]!, StringComparer.Ordinal);

    // With what it was made of: who needs this one may read what those before it made.
    private string? Folded(JobRun run, string? own)
    {
        var needed = MadeBy(run);
        return needed.Count == 0
            ? own
            : TaskKeys.Digest([
                .. needed.Select(static one => new WorkFile(one.Key, one.Value, 0, false, false)),
                new(run.Id, own ?? "", 0, false, false),
            ]);
    }

    private async Task SettleAsync(CancellationToken stop)
    {
        foreach (var one in siblings.Values)
        {
            one.Dispose();
        }
        await Shards.SettleAsync(stop);
        foreach (var said in ports.Shared is { } shared ? await shared.SettleAsync(stop) : [])
        {
            ports.Say(said);
        }
        Past.Settle();
        ports.Cache.Settle();
    }
}
