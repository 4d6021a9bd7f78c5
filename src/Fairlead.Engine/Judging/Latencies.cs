using System.Runtime.InteropServices;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Judging;

/// <summary>Latencies in the buckets of <see cref="LatencyHistogram"/>, kept without the empty ones at both ends.</summary>
/// <param name="First">The bucket of the first count.</param>
public sealed record Latencies(int First, IReadOnlyList<long> Counts)
{
    public static readonly Latencies None = new(0, []);

    /// <summary>Takes the counts of all buckets.</summary>
    public static Latencies Of(IReadOnlyList<long> buckets)
    {
        var (first, end) = (0, Math.Min(buckets.Count, LatencyHistogram.Size));
        while (end > 0 && buckets[end - 1] == 0)
        {
            end--;
        }
        while (first < end && buckets[first] == 0)
        {
            first++;
        }
        return first == end ? None : new(first, [.. buckets.Skip(first).Take(end - first)]);
    }

    /// <summary>Adds the counts to those of all buckets.</summary>
    public void AddTo(long[] buckets)
    {
        for (var index = 0; index < Counts.Count && First + index < buckets.Length; index++)
        {
            buckets[First + index] += Counts[index];
        }
    }

    /// <summary>Divides them at a limit.</summary>
    internal Split At(Limit limit)
    {
        var (good, partly, bad) = (0L, 0L, 0L);
        for (var index = 0; index < Counts.Count; index++)
        {
            var bucket = First + index;
            if (bucket < limit.Bucket)
            {
                good += Counts[index];
            }
            else if (bucket == limit.Bucket)
            {
                partly = Counts[index];
            }
            else
            {
                bad += Counts[index];
            }
        }
        return new(bad, good, partly, limit.Above);
    }
}

/// <summary>A latency within its bucket.</summary>
/// <param name="Above">How much of the bucket lies above it, 0 to 1.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Limit(int Bucket, double Above)
{
    private static readonly double[] Edges =
    [
        .. Enumerable
            .Range(0, LatencyHistogram.Size)
            .Select(index => LatencyHistogram.UpperEdge(index).TotalMilliseconds),
    ];

    public static Limit At(double milliseconds)
    {
        var bucket = LatencyHistogram.Index(TimeSpan.FromTicks((long)(milliseconds * TimeSpan.TicksPerMillisecond)));
        var (from, to) = (bucket == 0 ? 0 : Edges[bucket - 1], Edges[bucket]);
        return new(bucket, Math.Clamp((to - milliseconds) / (to - from), 0, 1));
    }

    /// <summary>The latency that this part of the requests stayed below, reckoned as if each bucket were filled evenly.</summary>
    /// <param name="part">Above 0, below 1.</param>
    /// <returns>In milliseconds; NaN when there are none.</returns>
    public static double Quantile(long[] buckets, double part)
    {
        var all = 0L;
        foreach (var count in buckets)
        {
            all += count;
        }
        var rank = all * part;
        for (var bucket = 0; bucket < buckets.Length; bucket++)
        {
            if (buckets[bucket] > 0 && rank <= buckets[bucket])
            {
                var from = bucket == 0 ? 0 : Edges[bucket - 1];
                return from + ((Edges[bucket] - from) * rank / buckets[bucket]);
            }
            rank -= buckets[bucket];
        }
        return double.NaN;
    }
}

/// <summary>Requests divided into bad and good ones; those of the limit's own bucket count as bad in part.</summary>
/// <param name="Weight">How much each of the <paramref name="Partly"/> counts, 0 to 1.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Split(long Bad, long Good, long Partly = 0, double Weight = 0)
{
    public long All => Bad + Good + Partly;

    public double Sum => Bad + (Partly * Weight);
}
