namespace Fairlead.Engine.Pipelines.Sharding;

/// <summary>
/// Parts tests among shards so that all take about as long: the longest first, each to the shard that has least so far (longest processing time; Graham 1969: at most
/// a third longer than the best). Every test is in exactly one shard, and the same tests and times are parted the same way, in whichever order they come.
/// </summary>
public static class ShardPlan
{
    // What takes no time at all still has to be begun.
    private static readonly TimeSpan TimeMin = TimeSpan.FromMilliseconds(1);

    /// <param name="tests">Their names; one that comes twice counts once.</param>
    /// <param name="times">How long they took; one that is not known is thought to take the median of those that are.</param>
    /// <param name="count">How many shards, at least 1.</param>
    /// <returns>The tests of each shard, sorted; some are empty when there are fewer tests than shards.</returns>
    public static IReadOnlyList<IReadOnlyList<string>> Of(
        IEnumerable<string> tests,
        IReadOnlyDictionary<string, TimeSpan> times,
        int count
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        List<string> names = [.. tests.Distinct(StringComparer.Ordinal)];
        var usual = Median([.. names.Where(times.ContainsKey).Select(name => times[name])]);
        var shards = Enumerable.Range(0, count).Select(static _ => new List<string>()).ToArray();
        // Of equal ones the shard with fewer tests, then the first one.
        var least = new PriorityQueue<int, (TimeSpan, int, int)>();
        var took = new TimeSpan[count];
        for (var at = 0; at < count; at++)
        {
            least.Enqueue(at, (TimeSpan.Zero, 0, at));
        }
        foreach (
            var (name, time) in names
                .Select(name => (name, Time: times.TryGetValue(name, out var known) ? known : usual))
                .OrderByDescending(static one => one.Time)
                .ThenBy(static one => one.name, StringComparer.Ordinal)
        )
        {
            var at = least.Dequeue();
            shards[at].Add(name);
            took[at] += time > TimeMin ? time : TimeMin;
            least.Enqueue(at, (took[at], shards[at].Count, at));
        }
        foreach (var shard in shards)
        {
            shard.Sort(StringComparer.Ordinal);
        }
        return shards;
    }

    private static TimeSpan Median(List<TimeSpan> times)
    {
        times.Sort();
        return times.Count == 0 ? TimeMin : times[times.Count / 2];
    }
}
