using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Running;

/// <summary>The chain of jobs that made a run as long as it was, from what was written down of it. Pure.</summary>
public static class CriticalJobs
{
    /// <summary>From the job that ended last, back to the one it waited for longest, and so on.</summary>
    public static IReadOnlySet<string> Of(RunRecord run)
    {
        var ends = run
            .Results.GroupBy(static one => one.Job, StringComparer.Ordinal)
            .ToDictionary(
                static one => one.Key,
                static one => one.Max(static task => task.Began + task.Took),
                StringComparer.Ordinal
            );
        var chain = new HashSet<string>(StringComparer.Ordinal);
        // A record that was damaged may go round in a circle.
        for (var at = Latest(ends.Keys, ends); at is not null && chain.Add(at); )
        {
            at = Latest(run.Needs.GetValueOrDefault(at) ?? [], ends);
        }
        return chain;
    }

    private static string? Latest(IEnumerable<string> jobs, Dictionary<string, TimeSpan> ends) =>
        jobs.Where(ends.ContainsKey).MaxBy(one => ends[one]);
}
