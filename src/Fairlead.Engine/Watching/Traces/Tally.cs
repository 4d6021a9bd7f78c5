using System.Globalization;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Watching.Traces;

/// <summary>Counts one kind of work and how long it took, as series that only rise: a count, a sum and buckets.</summary>
internal sealed class Tally
{
    /// <summary>Upper bounds of the buckets, in seconds; where people set their limits.</summary>
    internal static readonly double[] Bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 2, 5, 10];

    private readonly long[] buckets = new long[Bounds.Length + 1];
    private readonly Labels[] bucketLabels;
    private readonly Labels countLabels;
    private readonly Labels sumLabels;
    private readonly IReadOnlyList<Labels> totals;
    private readonly long[] totalCounts;
    private double sum;
    private long count;
    private bool isNew = true;

    /// <param name="labels">What all its series have.</param>
    /// <param name="histogram">The name of the durations, such as <c>traces_spanmetrics_latency</c>.</param>
    /// <param name="totals">Names of further counts, raised by their place.</param>
    public Tally(Labels labels, string histogram, params IReadOnlyList<string> totals)
    {
        bucketLabels =
        [
            .. Bounds
                .Select(bound => bound.ToString(CultureInfo.InvariantCulture))
                .Append("+Inf")
                .Select(bound => labels.With(Labels.MetricName, $"{histogram}_bucket").With("le", bound)),
        ];
        countLabels = labels.With(Labels.MetricName, $"{histogram}_count");
        sumLabels = labels.With(Labels.MetricName, $"{histogram}_sum");
        this.totals = [.. totals.Select(name => labels.With(Labels.MetricName, name))];
        totalCounts = new long[totals.Count];
    }

    /// <summary>When it last counted something.</summary>
    public DateTimeOffset Last { get; private set; }

    public void Add(TimeSpan duration, DateTimeOffset now)
    {
        var seconds = duration.TotalSeconds;
        var index = Array.FindIndex(Bounds, bound => seconds <= bound);
        buckets[index < 0 ? Bounds.Length : index]++;
        sum += seconds;
        count++;
        Last = now;
    }

    public void Raise(int total) => totalCounts[total]++;

    /// <summary>Adds its samples as of now. A series that is new was zero before, or its first rise would go unseen.</summary>
    public void Write(List<SeriesSamples> into, long before, long at)
    {
        var below = 0L;
        for (var i = 0; i < buckets.Length; i++)
        {
            below += buckets[i];
            Write(bucketLabels[i], below);
        }
        Write(countLabels, count);
        Write(sumLabels, sum);
        for (var i = 0; i < totals.Count; i++)
        {
            Write(totals[i], totalCounts[i]);
        }
        isNew = false;

        void Write(Labels labels, double value) =>
            into.Add(new(labels, isNew && before < at ? [new(before, 0), new(at, value)] : [new(at, value)]));
    }

    /// <summary>Adds the mark that its series have ended.</summary>
    public void End(List<SeriesSamples> into, long at) =>
        into.AddRange(
            bucketLabels
                .Concat([countLabels, sumLabels])
                .Concat(totals)
                .Select(labels => new SeriesSamples(labels, [new(at, Sample.Stale)]))
        );
}

/// <summary>Tallies by what they count, so many at most; one that was idle for an hour ends.</summary>
internal sealed class Tallies<TKey>(int max)
    where TKey : notnull
{
    private static readonly TimeSpan IdleMax = TimeSpan.FromHours(1);

    private readonly Dictionary<TKey, Tally> all = [];

    /// <summary>Null when there is none for it, and no room for one more.</summary>
    public Tally? Find(TKey key, Func<TKey, Tally> make)
    {
        if (all.TryGetValue(key, out var tally))
        {
            return tally;
        }
        if (all.Count >= max)
        {
            return null;
        }
        return all[key] = make(key);
    }

    public void Write(List<SeriesSamples> into, DateTimeOffset before, DateTimeOffset now)
    {
        foreach (var (key, tally) in all.ToList())
        {
            if (now - tally.Last <= IdleMax)
            {
                tally.Write(into, before.ToUnixTimeMilliseconds(), now.ToUnixTimeMilliseconds());
            }
            else
            {
                all.Remove(key);
                tally.End(into, now.ToUnixTimeMilliseconds());
            }
        }
    }
}
