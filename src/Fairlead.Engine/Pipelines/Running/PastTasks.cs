using Fairlead.Model.Pipelines;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Pipelines.Running;

/// <summary>How each task was last done, and how long it took.</summary>
internal sealed class PastTasks(string pipeline, PipelinePorts ports)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, PastTask> past = new(ports.Shelf.Past(pipeline), StringComparer.Ordinal);
    private bool isNew;

    /// <summary>By <c>job/task</c>, as they were before anything ran.</summary>
    public IReadOnlyDictionary<string, PastTask> Tasks => past;

    /// <summary>How long each job took last time, or is thought to take when it never ran.</summary>
    public static IReadOnlyList<TimeSpan> Expected(Graph graph, IReadOnlyDictionary<string, PastTask> past)
    {
        var expected = new TimeSpan[graph.Runs.Count];
        for (var at = 0; at < expected.Length; at++)
        {
            foreach (var task in graph.Runs[at].Job.Tasks)
            {
                expected[at] += past.TryGetValue($"{graph.Runs[at].Id}/{task.Name}", out var last)
                    ? last.Took
                    : TimeSpan.FromSeconds(1);
            }
        }
        return expected;
    }

    public void Note(TaskWork work, TaskKey? key, TimeSpan took)
    {
        lock (gate)
        {
            if (past.TryGetValue(work.Name, out var last) && last.Key is not null && last.Key.Equals(key))
            {
                return;
            }
            past[work.Name] = new(key, took);
            isNew = true;
        }
    }

    /// <summary>Why a task runs, in a few words.</summary>
    public string Reason(TaskWork work, TaskKey? key, bool usesCache)
    {
        PastTask? last;
        lock (gate)
        {
            past.TryGetValue(work.Name, out last);
        }
        return key is null ? "its inputs are not said"
            : !usesCache ? "without the cache"
            : ports.Cache.HasFailed(key) ? "it failed before"
            : last?.Key is not { } earlier ? "never done before"
            : key.ChangesSince(earlier, linesMax: 3) is { Count: > 0 } changes ? string.Join(", ", changes)
            : "what it made is not kept any more";
    }

    /// <summary>Keeps it for the next run.</summary>
    public void Settle()
    {
        lock (gate)
        {
            if (isNew)
            {
                ports.Shelf.Remember(pipeline, past);
            }
        }
    }
}
