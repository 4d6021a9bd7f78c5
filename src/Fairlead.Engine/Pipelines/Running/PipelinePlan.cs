using System.Text.Json.Serialization;
using Fairlead.Model.Pipelines;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Pipelines.Running;

/// <summary>What would become of a task.</summary>
/// <param name="Will">run, restore, nothing (it is up to date), maybe (what it needs runs first), skip, fail, or leave (no change touches it).</param>
/// <param name="Took">How long it took last time; null when it never ran.</param>
public sealed record PlannedTask(string Job, string Task, string Will, string Why, string? Took)
{
    /// <summary>What is other than when it was last done.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Changes { get; init; } = [];

    /// <summary>How many things decide it.</summary>
    [JsonIgnore]
    public int Parts { get; init; }
}

/// <summary>
/// Looks at each task as a run would, and does nothing. What a task that will run makes is not known before, so those after it may still be
/// found up to date.
/// </summary>
public sealed class PipelinePlan(LoadedPipeline loaded, RunSettings settings)
{
    private const int ChangesMax = 200;

    private readonly IReadOnlyDictionary<string, PastTask> past = loaded.Ports.Shelf.Past(loaded.Pipeline.Name);

    /// <summary>In the order of the graph.</summary>
    public async Task<IReadOnlyList<PlannedTask>> TasksAsync(CancellationToken stop)
    {
        var whole = new PipelineRun(loaded.Pipeline, loaded.Graph, loaded.Ports, settings);
        var tasks = new List<PlannedTask>();
        var moves = new bool[loaded.Graph.Runs.Count];
        for (var at = 0; at < loaded.Graph.Runs.Count; at++)
        {
            var run = loaded.Graph.Runs[at];
            var upstream = run.Needs.FirstOrDefault(need => moves[need], -1);
            var life = whole.LifeOf(at);
            foreach (var task in run.Job.Tasks)
            {
                var planned = await OfAsync(life, task, upstream < 0 ? null : loaded.Graph.Runs[upstream].Id, stop);
                tasks.Add(planned);
                moves[at] |= planned.Will is "run" or "maybe";
            }
            whole.Foresee(at, life);
        }
        return tasks;
    }

    /// <summary>How long each job would take, in the order of the graph.</summary>
    public IReadOnlyList<TimeSpan> Expected(IReadOnlyList<PlannedTask> tasks)
    {
        var busy = tasks
            .Where(static one => one.Will is "run" or "maybe")
            .Select(static one => $"{one.Job}/{one.Task}")
            .ToHashSet(StringComparer.Ordinal);
        return
        [
            .. loaded.Graph.Runs.Select(run =>
                TimeSpan.FromTicks(
                    run.Job.Tasks.Select(task => $"{run.Id}/{task.Name}")
                        .Where(busy.Contains)
                        .Sum(name => past.TryGetValue(name, out var last) ? last.Took.Ticks : TimeSpan.TicksPerSecond)
                )
            ),
        ];
    }

    private async Task<PlannedTask> OfAsync(JobLife life, JobTask task, string? upstream, CancellationToken stop)
    {
        var name = $"{life.Id}/{task.Name}";
        var took = past.TryGetValue(name, out var last) ? Durations.Text(last.Took) : null;
        var planned = new PlannedTask(life.Id, task.Name, "run", "its inputs are not said", took);
        if (life.SkipReason(task) is { } reason)
        {
            return planned with { Will = "skip", Why = reason };
        }
        TaskSight sight;
        try
        {
            sight = await life.LookAsync(task, stop);
        }
        catch (ProblemException caught)
        {
            return planned with { Will = "fail", Why = caught.Problem.What };
        }
        if (sight.Key is not { } key)
        {
            return task.Inputs is null
                ? planned
                : planned with
                {
                    Why = loaded.Graph.Runs.First(run => run.Id == life.Id).Job
                        is { Shards.List.Count: > 0, Image: null }
                        ? "its tests are not listed yet"
                        : "an image of its job is not here yet",
                };
        }
        IReadOnlyList<string> changes = last?.Key is { } earlier ? key.ChangesSince(earlier, ChangesMax) : [];
        planned = planned with { Changes = changes, Parts = key.Parts.Count };
        if (sight.Entry is not { } entry)
        {
            return planned with
            {
                Why =
                    last?.Key is null ? "never done before"
                    : changes.Count > 0 ? string.Join(", ", changes.Take(3))
                    : "what it made is not kept any more",
            };
        }
        return upstream is not null ? planned with { Will = "maybe", Why = $"depends on what {upstream} makes" }
            // Where nobody has made it here, it is taken over, though it makes nothing.
            : sight.IsThere && !sight.IsRemote ? planned with { Will = "nothing", Why = "nothing changed" }
            : planned with
            {
                Will = "restore",
                Why = $"{(sight.IsRemote ? $"{Reuse.Remote}, " : "")}made before in {Durations.Text(entry.Took)}",
            };
    }
}
