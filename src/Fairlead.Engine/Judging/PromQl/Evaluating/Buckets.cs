using System.Runtime.InteropServices;

namespace Fairlead.Engine.Judging.PromQl.Evaluating;

/// <summary>How many observations were at most so large.</summary>
[StructLayout(LayoutKind.Auto)]
internal record struct Bucket(double Bound, double Count);

/// <summary>What the buckets of a classic histogram say; they come with the lowest bound first and may be changed.</summary>
internal static class Buckets
{
    /// <summary>Smaller differences, relative to both counts, come from adding up and mean nothing.</summary>
    private const double Tolerance = 1e-12;

    private const double SmallestNormal = 2.2250738585072014e-308;

    /// <summary>
    /// The value below which this share of observations lies, as if they were spread evenly within a bucket. Also says whether counts
    /// fell with a growing bound, which should not be, and were levelled.
    /// </summary>
    public static (double Value, bool WasForced) Quantile(double quantile, Span<Bucket> buckets)
    {
        if (double.IsNaN(quantile) || quantile is < 0 or > 1)
        {
            return (
                double.IsNaN(quantile) ? double.NaN
                : quantile < 0 ? double.NegativeInfinity
                : double.PositiveInfinity,
                false
            );
        }
        if (!double.IsPositiveInfinity(buckets[^1].Bound))
        {
            return (double.NaN, false);
        }
        buckets = Coalesced(buckets);
        var wasForced = Level(buckets);
        if (buckets.Length < 2 || buckets[^1].Count == 0)
        {
            return (double.NaN, false);
        }
        var rank = quantile * buckets[^1].Count;
        var found = 0;
        while (found < buckets.Length - 1 && !(buckets[found].Count >= rank))
        {
            found++;
        }
        if (found == buckets.Length - 1)
        {
            return (buckets[^2].Bound, wasForced);
        }
        if (found == 0 && buckets[0].Bound <= 0)
        {
            return (buckets[0].Bound, wasForced);
        }
        var (start, below) = found == 0 ? (0, 0) : (buckets[found - 1].Bound, buckets[found - 1].Count);
        var (end, count) = (buckets[found].Bound, buckets[found].Count - below);
        return (start + (end - start) * ((rank - below) / count), wasForced);
    }

    /// <summary>The share of observations between two values.</summary>
    public static double Fraction(double lower, double upper, Span<Bucket> buckets)
    {
        if (!double.IsPositiveInfinity(buckets[^1].Bound))
        {
            return double.NaN;
        }
        buckets = Coalesced(buckets);
        var count = buckets[^1].Count;
        if (count == 0 || double.IsNaN(lower) || double.IsNaN(upper))
        {
            return double.NaN;
        }
        return lower >= upper ? 0 : (Rank(upper, buckets) - Rank(lower, buckets)) / count;
    }

    /// <summary>How many observations are at most so large.</summary>
    private static double Rank(double value, ReadOnlySpan<Bucket> buckets)
    {
        var (rank, start) = (0.0, buckets[0].Bound > 0 ? 0 : double.NegativeInfinity);
        foreach (var (bound, count) in buckets)
        {
            if (start >= value)
            {
                return Math.Min(rank, buckets[^1].Count);
            }
            if (bound > value)
            {
                var inside = double.IsNegativeInfinity(start)
                    ? count
                    : rank + (count - rank) * (value - start) / (bound - start);
                return inside > buckets[^1].Count ? buckets[^1].Count : inside;
            }
            (rank, start) = (count, bound);
        }
        return buckets[^1].Count;
    }

    /// <summary>Bounds that are the same number, written differently, are one bucket.</summary>
    private static Span<Bucket> Coalesced(Span<Bucket> buckets)
    {
        var last = 0;
        for (var i = 1; i < buckets.Length; i++)
        {
            if (buckets[i].Bound == buckets[last].Bound)
            {
                buckets[last].Count += buckets[i].Count;
            }
            else
            {
                buckets[++last] = buckets[i];
            }
        }
        return buckets[..(last + 1)];
    }

    private static bool Level(Span<Bucket> buckets)
    {
        var (before, wasForced) = (buckets[0].Count, false);
        for (var i = 1; i < buckets.Length; i++)
        {
            var count = buckets[i].Count;
            if (count == before)
            {
                continue;
            }
            if (AreAlmostEqual(before, count))
            {
                buckets[i].Count = before;
            }
            else if (count < before)
            {
                buckets[i].Count = before;
                wasForced = true;
            }
            else
            {
                before = count;
            }
        }
        return wasForced;
    }

    private static bool AreAlmostEqual(double left, double right)
    {
        if (double.IsNaN(left) || double.IsNaN(right))
        {
            return double.IsNaN(left) && double.IsNaN(right);
        }
        var (sum, difference) = (Math.Abs(left) + Math.Abs(right), Math.Abs(left - right));
        return left == 0 || right == 0 || sum < SmallestNormal
            ? difference < Tolerance * SmallestNormal
            : difference / Math.Min(sum, double.MaxValue) < Tolerance;
    }
}
