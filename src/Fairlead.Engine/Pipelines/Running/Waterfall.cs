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
        var jobs = record
            .Results.GroupBy(static one => one.Job)
            .Select(static one =>
                (
                    Id: one.Key,
                    From: one.Min(static of => of.Began),
                    To: one.Max(static of => of.Began + of.Took),
                    Outcome: Outcome([.. one])
                )
            )
            .ToList();
        var end = jobs.Select(static one => one.To).DefaultIfEmpty().Max();
        var chain = Chain(graph, jobs.ToDictionary(static one => one.Id, static one => one.To, StringComparer.Ordinal));
        return
        [
            .. jobs.OrderBy(static one => one.From)
                .Where(static one => one.Outcome is not (TaskOutcome.UpToDate or TaskOutcome.Skipped))
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
        var took = record
            .Results.GroupBy(static one => one.Job, StringComparer.Ordinal)
            .ToDictionary(static one => one.Key, static one => TimeSpan.FromTicks(one.Sum(static of => of.Took.Ticks)));
        return new Schedule(graph, 1, [.. graph.Runs.Select(run => took.GetValueOrDefault(run.Id))]).CriticalPath;
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
    private static HashSet<string> Chain(Graph graph, Dictionary<string, TimeSpan> ends)
    {
        var chain = new HashSet<string>(StringComparer.Ordinal);
        var at = graph.Runs.Count == 0 ? -1 : Latest(graph, Enumerable.Range(0, graph.Runs.Count), ends);
        while (at >= 0)
        {
            chain.Add(graph.Runs[at].Id);
            at = graph.Runs[at].Needs.Count == 0 ? -1 : Latest(graph, graph.Runs[at].Needs, ends);
        }
        return chain;
    }

    private static int Latest(Graph graph, IEnumerable<int> runs, Dictionary<string, TimeSpan> ends) =>
        runs.MaxBy(at => ends.GetValueOrDefault(graph.Runs[at].Id));

    private static int Column(TimeSpan time, TimeSpan end) =>
        end <= TimeSpan.Zero ? 0 : Math.Clamp((int)(time / end * Columns), 0, Columns - 1);
}
