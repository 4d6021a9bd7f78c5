namespace Fairlead.Engine.Pipelines.Running;

/// <summary>
/// Decides which job begins next: of those that may, the one with the longest way to the end after it (list scheduling by critical path;
/// Graham 1969 bounds it by twice the best, and graphs of builds come close to the best).
/// </summary>
public sealed class Schedule
{
    private readonly Graph graph;
    private readonly int cores;
    private readonly int[] open;
    private readonly List<int>[] followers;
    private readonly TimeSpan[] ways;

    // The next one last. A list of numbers, since .NET has that compiled beforehand, and no queue by ranks of ours.
    private readonly List<int> ready = [];
    private readonly Dictionary<string, int> going = new(StringComparer.Ordinal);
    private int free;

    /// <param name="cores">Of the machine, at least 1.</param>
    /// <param name="expected">How long each is expected to take, in the order of the graph.</param>
    public Schedule(Graph graph, int cores, IReadOnlyList<TimeSpan> expected)
    {
        (this.graph, this.cores, free) = (graph, cores, cores);
        open = [.. graph.Runs.Select(static one => one.Needs.Count)];
        followers = [.. graph.Runs.Select(static _ => new List<int>())];
        ways = new TimeSpan[graph.Runs.Count];
        for (var at = 0; at < graph.Runs.Count; at++)
        {
            foreach (var need in graph.Runs[at].Needs)
            {
                followers[need].Add(at);
            }
        }
        // What follows stands behind in the list, so one pass from its end is enough.
        for (var at = graph.Runs.Count - 1; at >= 0; at--)
        {
            var after = TimeSpan.Zero;
            foreach (var one in followers[at])
            {
                after = ways[one] > after ? ways[one] : after;
            }
            ways[at] = expected[at] + after;
        }
        for (var at = 0; at < graph.Runs.Count; at++)
        {
            Offer(at);
        }
    }

    /// <summary>The longest chain of needs: nothing can be quicker, however many cores there are.</summary>
    public TimeSpan CriticalPath
    {
        get
        {
            var longest = TimeSpan.Zero;
            foreach (var way in ways)
            {
                longest = way > longest ? way : longest;
            }
            return longest;
        }
    }

    /// <summary>The next job that may begin; null when none may now.</summary>
    public int? Next()
    {
        var later = new List<int>();
        int? chosen = null;
        while (chosen is null && ready.Count > 0)
        {
            var at = ready[^1];
            ready.RemoveAt(ready.Count - 1);
            var job = graph.Runs[at].Job;
            // What wants more than there is gets all there is.
            var fits = Math.Min(job.Cores, cores) <= free;
            var isHeld = job.Matrix?.Parallel is { } most && going.GetValueOrDefault(job.Name) >= most;
            if (fits && !isHeld)
            {
                chosen = at;
                continue;
            }
            later.Add(at);
            if (!fits)
            {
                // Smaller ones that pass by would keep it waiting for ever.
                break;
            }
        }
        foreach (var at in later)
        {
            Enqueue(at);
        }
        if (chosen is { } one)
        {
            free -= Math.Min(graph.Runs[one].Job.Cores, cores);
            going[graph.Runs[one].Job.Name] = going.GetValueOrDefault(graph.Runs[one].Job.Name) + 1;
        }
        return chosen;
    }

    /// <summary>A job that had begun is over, however it ended: what follows may be looked at.</summary>
    public void End(int at)
    {
        free += Math.Min(graph.Runs[at].Job.Cores, cores);
        going[graph.Runs[at].Job.Name]--;
        foreach (var follower in followers[at])
        {
            open[follower]--;
            Offer(follower);
        }
    }

    /// <summary>How long a run would take if all took as long as expected.</summary>
    public static TimeSpan Forecast(Graph graph, int cores, IReadOnlyList<TimeSpan> expected)
    {
        var schedule = new Schedule(graph, cores, expected);
        var running = new PriorityQueue<int, TimeSpan>();
        var now = TimeSpan.Zero;
        do
        {
            while (schedule.Next() is { } at)
            {
                running.Enqueue(at, now + expected[at]);
            }
            if (running.TryDequeue(out var ended, out var end))
            {
                now = end;
                schedule.End(ended);
            }
        } while (running.Count > 0 || schedule.ready.Count > 0);
        return now;
    }

    private void Offer(int at)
    {
        if (open[at] == 0)
        {
            Enqueue(at);
        }
    }

    private void Enqueue(int at)
    {
        var (low, high) = (0, ready.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (IsBefore(at, ready[middle]))
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }
        ready.Insert(low, at);
    }

    private bool IsBefore(int one, int other) => ways[one] != ways[other] ? ways[one] > ways[other] : one < other;
}
