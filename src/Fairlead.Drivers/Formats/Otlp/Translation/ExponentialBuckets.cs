namespace Fairlead.Drivers.Formats.Otlp.Translation;

/// <summary>
/// Folds an exponential histogram into classic buckets whose bounds are powers of the square root of 2. Each bound of a coarser
/// scale is one of them, and finer buckets fall into them whole, so nothing is guessed; a quantile is right within 41 %, and evenly
/// spread data much closer. Bounds lie between the lowest and the highest that hold anything: they never go while counts only rise.
/// </summary>
internal static class ExponentialBuckets
{
    /// <summary>Buckets on each side; beyond, neighbours are joined.</summary>
    internal const int BucketsMax = 160;

    private const int IndexMax = 2_200;

    /// <summary>Upper bounds with the counts at or below them, rising; without the last, infinite one.</summary>
    public static IReadOnlyList<(double Bound, double Count)> Fold(OtlpPoint point)
    {
        var folded = new List<(double Bound, double Count)>();
        var below = 0.0;
        // Of the largest magnitude first. A bucket of negatives reaches up to its smaller magnitude.
        var negative = Halves(point.Negative, point.Scale, isUpper: false);
        foreach (var half in Enumerable.Reverse(Range(negative)))
        {
            below += negative.GetValueOrDefault(half);
            Add(-Bound(half));
        }
        below += point.ZeroCount;
        var positive = Halves(point.Positive, point.Scale, isUpper: true);
        var range = Range(positive);
        var threshold = double.IsFinite(point.ZeroThreshold) ? Math.Max(0, point.ZeroThreshold) : 0;
        if ((point.ZeroCount > 0 || negative.Count > 0) && (range.Count == 0 || threshold < Bound(range[0])))
        {
            Add(threshold);
        }
        foreach (var half in range)
        {
            below += positive.GetValueOrDefault(half);
            Add(Bound(half));
        }
        return folded;

        // Powers that a double cannot hold are infinite, which is no bound, or zero, of which there is one.
        void Add(double bound)
        {
            if (folded.Count > 0 && folded[^1].Bound >= bound)
            {
                folded[^1] = (folded[^1].Bound, below);
            }
            else if (double.IsFinite(bound))
            {
                folded.Add((bound, below));
            }
        }
    }

    private static double Bound(int half) => Math.Pow(2, half / 2.0);

    private static SortedDictionary<int, double> Halves(OtlpBuckets buckets, int scale, bool isUpper)
    {
        var halves = new SortedDictionary<int, double>();
        for (var i = 0; i < buckets.Counts.Count; i++)
        {
            if (buckets.Counts[i] > 0)
            {
                var half = Half(buckets.Offset + (long)i, scale, isUpper);
                halves[half] = halves.GetValueOrDefault(half) + buckets.Counts[i];
            }
        }
        return Joined(halves, isUpper);
    }

    // Bucket i of a scale reaches from 2^(i / 2^scale) to 2^((i + 1) / 2^scale).
    private static int Half(long index, int scale, bool isUpper)
    {
        var edge = isUpper ? 1 : 0;
        var half =
            scale >= 1
                ? (index >> Math.Min(scale - 1, 62)) + edge
                : Math.Clamp(index + edge, -IndexMax, IndexMax) << Math.Min(1 - scale, 40);
        return (int)Math.Clamp(half, -IndexMax, IndexMax);
    }

    // Joins two, four, ... neighbours at places that are the same for every histogram.
    private static SortedDictionary<int, double> Joined(SortedDictionary<int, double> halves, bool isUpper)
    {
        var step = 1;
        while (halves.Count > 0 && (halves.Keys.Last() - halves.Keys.First()) / step > BucketsMax)
        {
            step *= 2;
        }
        if (step == 1)
        {
            return halves;
        }
        var joined = new SortedDictionary<int, double>();
        foreach (var (half, count) in halves)
        {
            var at = (int)(isUpper ? Math.Ceiling(half / (double)step) : Math.Floor(half / (double)step)) * step;
            joined[at] = joined.GetValueOrDefault(at) + count;
        }
        return joined;
    }

    private static List<int> Range(SortedDictionary<int, double> halves)
    {
        if (halves.Count == 0)
        {
            return [];
        }
        var (first, last) = (halves.Keys.First(), halves.Keys.Last());
        var step = 1;
        while ((last - first) / step > BucketsMax)
        {
            step *= 2;
        }
        // One below the lowest, where nothing is: without it a quantile would reach down to zero.
        var range = new List<int>();
        for (var half = first - step; half <= last; half += step)
        {
            range.Add(half);
        }
        return range;
    }
}
