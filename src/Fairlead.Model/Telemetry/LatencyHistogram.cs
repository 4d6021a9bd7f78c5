namespace Fairlead.Model.Telemetry;

/// <summary>
/// Latencies in log-linear buckets: 16 per doubling, from 0.1 ms to 109 minutes, so any quantile is right within 6.25 %.
/// </summary>
/// <param name="Buckets">Counts by <see cref="Index"/>; trailing zeros may be left out.</param>
public sealed record LatencyHistogram(IReadOnlyList<long> Buckets)
{
    /// <summary>Number of buckets.</summary>
    public const int Size = 16 * 23;
    private const int PerDoubling = 16;

    public static readonly LatencyHistogram Empty = new([]);

    public long Count => Buckets.Sum();

    /// <summary>The bucket of a latency.</summary>
    public static int Index(TimeSpan latency)
    {
        var units = Math.Max(0, latency.Ticks / (TimeSpan.TicksPerMillisecond / 10));
        if (units < PerDoubling)
        {
            return (int)units;
        }
        var doubling = 63 - System.Numerics.BitOperations.LeadingZeroCount((ulong)units) - 4;
        var within = (int)(units >> doubling) - PerDoubling;
        return Math.Min(PerDoubling * (doubling + 1) + within, Size - 1);
    }

    /// <summary>The upper edge of a bucket.</summary>
    public static TimeSpan UpperEdge(int index)
    {
        var doubling = Math.Max(0, index / PerDoubling - 1);
        var within = index < PerDoubling ? index : index % PerDoubling + PerDoubling;
        return TimeSpan.FromTicks(((long)within + 1 << doubling) * (TimeSpan.TicksPerMillisecond / 10));
    }

    /// <summary>The latency that this part of the requests stayed below; zero when there are none.</summary>
    /// <param name="percentile">Above 0, at most 100.</param>
    public TimeSpan Quantile(double percentile)
    {
        var rank = (long)Math.Ceiling(Count * percentile / 100);
        for (var index = 0; index < Buckets.Count; index++)
        {
            rank -= Buckets[index];
            if (rank <= 0 && Buckets[index] > 0)
            {
                return UpperEdge(index);
            }
        }
        return TimeSpan.Zero;
    }

    /// <summary>How many took longer than the limit; those in the limit's own bucket count as not longer.</summary>
    public long CountAbove(TimeSpan limit) => Buckets.Skip(Index(limit) + 1).Sum();
}
