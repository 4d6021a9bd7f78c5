using System.Globalization;
using System.Text;
using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Running;

/// <summary>A run as a picture of lines: when each job ran, and which chain of them made it as long as it was.</summary>
public static class Waterfall
{
    private const int Columns = 40;
    private const int NameMax = 30;

    public static string Word(TaskOutcome outcome) =>
        outcome switch
        {
            TaskOutcome.Ran => "done",
            TaskOutcome.Quarantined => "quarantined",
            TaskOutcome.UpToDate => "up to date",
            TaskOutcome.Restored => "restored",
            TaskOutcome.DoneBefore => "done before",
            TaskOutcome.Failed => "FAILED",
            TaskOutcome.TimedOut => "TIMED OUT",
            TaskOutcome.Skipped => "skipped",
            _ => "cancelled",
        };

    /// <summary>A line for each job that took time, in the order in which they began; <c>*</c> marks the chain that ended last.</summary>
    public static IReadOnlyList<string> Lines(Graph graph, RunRecord record)
    {
        var jobs = Bars(record);
        var (end, ends) = (TimeSpan.Zero, new Dictionary<string, Bar>(StringComparer.Ordinal));
        foreach (var job in jobs)
        {
            end = job.To > end ? job.To : end;
            ends[job.Id] = job;
        }
        var chain = Chain(graph, ends);
        return
        [
            .. jobs.Where(static one => one.Outcome is not (TaskOutcome.UpToDate or TaskOutcome.Skipped))
                .OrderBy(static one => one.From)
                .Select(one =>
                {
                    var (from, to) = (Column(one.From, end), Math.Max(Column(one.To, end), Column(one.From, end) + 1));
                    var bar = new StringBuilder(Columns)
                        .Append(' ', from)
                        .Append(chain.Contains(one.Id) ? '#' : '=', to - from);
                    var name = one.Id.Length > NameMax ? one.Id[..(NameMax - 1)] + "…" : one.Id;
                    return string.Create(
                        CultureInfo.InvariantCulture,
                        $"{(chain.Contains(one.Id) ? '*' : ' ')} {name, -NameMax} {bar.ToString(), -Columns} {Durations.Text(one.To - one.From), 8}  {Word(one.Outcome)}"
                    );
                }),
        ];
    }

    /// <summary>The time of the longest chain of needs.</summary>
    public static TimeSpan CriticalPath(Graph graph, RunRecord record)
    {
        var ends = new Dictionary<string, Bar>(StringComparer.Ordinal);
        foreach (var bar in Bars(record))
        {
            ends[bar.Id] = bar;
        }
        var took = new TimeSpan[graph.Runs.Count];
        for (var at = 0; at < took.Length; at++)
        {
            took[at] = ends.TryGetValue(graph.Runs[at].Id, out var bar) ? bar.Busy : TimeSpan.Zero;
        }
        return new Schedule(graph, 1, took).CriticalPath;
    }

    /// <summary>The worst of a job's tasks; of good ones, what it took most for.</summary>
    public static TaskOutcome Outcome(IReadOnlyList<TaskResult> tasks) =>
        tasks.FirstOrDefault(static one => one.Outcome is TaskOutcome.Failed or TaskOutcome.TimedOut)?.Outcome
        ?? tasks.FirstOrDefault(static one => one.Outcome == TaskOutcome.Cancelled)?.Outcome
        ?? tasks.FirstOrDefault(static one => one.Outcome == TaskOutcome.Quarantined)?.Outcome
        ?? tasks.FirstOrDefault(static one => one.Outcome == TaskOutcome.Ran)?.Outcome
        ?? tasks.FirstOrDefault(static one => one.Outcome is TaskOutcome.Restored or TaskOutcome.DoneBefore)?.Outcome
        ?? tasks.FirstOrDefault(static one => one.Outcome == TaskOutcome.UpToDate)?.Outcome
        ?? TaskOutcome.Skipped;

    // From the one that ended last, back to the one it waited for longest, and so on.
    private static HashSet<string> Chain(Graph graph, Dictionary<string, Bar> ends)
    {
        var chain = new HashSet<string>(StringComparer.Ordinal);
        var at = graph.Runs.Count == 0 ? -1 : Latest(graph, [.. Enumerable.Range(0, graph.Runs.Count)], ends);
        while (at >= 0)
        {
            chain.Add(graph.Runs[at].Id);
            at = graph.Runs[at].Needs.Count == 0 ? -1 : Latest(graph, graph.Runs[at].Needs, ends);
        }
        return chain;
    }

    private static int Latest(Graph graph, IReadOnlyList<int> runs, Dictionary<string, Bar> ends)
    {
        var (latest, end) = (-1, TimeSpan.MinValue);
        foreach (var at in runs)
        {
            var to = ends.TryGetValue(graph.Runs[at].Id, out var bar) ? bar.To : TimeSpan.Zero;
            (latest, end) = to > end ? (at, to) : (latest, end);
        }
        return latest;
    }

    private static List<Bar> Bars(RunRecord record)
    {
        var (jobs, places) = (
            new List<List<TaskResult>>(),
            new Dictionary<string, List<TaskResult>>(StringComparer.Ordinal)
        );
        foreach (var one in record.Results)
        {
            if (!places.TryGetValue(one.Job, out var tasks))
            {
                places[one.Job] = tasks = [];
                jobs.Add(tasks);
            }
            tasks.Add(one);
        }
        return [.. jobs.Select(static tasks => Bar.Of(tasks))];
    }

    /// <summary>When a job ran.</summary>
    /// <param name="Busy">What its tasks took together.</param>
    private sealed record Bar(string Id, TimeSpan From, TimeSpan To, TimeSpan Busy, TaskOutcome Outcome)
    {
        public static Bar Of(List<TaskResult> tasks)
        {
            var (from, to, busy) = (TimeSpan.MaxValue, TimeSpan.MinValue, TimeSpan.Zero);
            foreach (var one in tasks)
            {
                from = one.Began < from ? one.Began : from;
                to = one.Began + one.Took > to ? one.Began + one.Took : to;
                busy += one.Took;
            }
            return new(tasks[0].Job, from, to, busy, Waterfall.Outcome(tasks));
        }
    }

    private static int Column(TimeSpan time, TimeSpan end) =>
        end <= TimeSpan.Zero ? 0 : Math.Clamp((int)(time / end * Columns), 0, Columns - 1);
}
