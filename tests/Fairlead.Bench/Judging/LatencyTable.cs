using System.Collections.Concurrent;
using Fairlead.Model.Telemetry;

namespace Fairlead.Bench.Judging;

/// <summary>Draws latencies, as buckets of the edge's histogram, by Walker's alias method: one step each.</summary>
internal sealed class LatencyTable
{
    private static readonly ConcurrentDictionary<(LatencyShape, int), LatencyTable> Known = new();

    private readonly double[] odds = new double[LatencyHistogram.Size];
    private readonly int[] alias = new int[LatencyHistogram.Size];

    private LatencyTable(Func<double, double> above)
    {
        var size = LatencyHistogram.Size;
        var weights = new double[size];
        var before = 1.0;
        for (var index = 0; index < size; index++)
        {
            var after = index == size - 1 ? 0 : above(LatencyHistogram.UpperEdge(index).TotalMilliseconds);
            weights[index] = Math.Max(0, before - after) * size;
            before = after;
        }
        var (small, large) = (new Stack<int>(), new Stack<int>());
        for (var index = 0; index < size; index++)
        {
            (weights[index] < 1 ? small : large).Push(index);
        }
        while (small.Count > 0 && large.Count > 0)
        {
            var (less, more) = (small.Pop(), large.Pop());
            (odds[less], alias[less]) = (weights[less], more);
            weights[more] -= 1 - weights[less];
            (weights[more] < 1 ? small : large).Push(more);
        }
        foreach (var index in small.Concat(large))
        {
            (odds[index], alias[index]) = (1, index);
        }
    }

    /// <param name="slower">How many times slower than the shape says; told apart by percent.</param>
    public static LatencyTable Of(LatencyShape shape, double slower) =>
        Known.GetOrAdd(
            (shape, (int)Math.Round(slower * 100)),
            key => new(milliseconds => key.Item1.Above(milliseconds / (key.Item2 / 100.0)))
        );

    public int Draw(Dice dice)
    {
        var drawn = dice.Unit() * odds.Length;
        var index = (int)drawn;
        return drawn - index < odds[index] ? index : alias[index];
    }
}

/// <summary>A lognormal latency, of which a part is many times slower: caches that miss, locks, collections of garbage.</summary>
/// <param name="Sigma">Of the logarithm: 0.5 is a quiet service, 1 a restless one.</param>
/// <param name="TailPart">This part of the requests has a Pareto tail instead, which begins at three times the median.</param>
internal sealed record LatencyShape(double MedianMilliseconds, double Sigma, double TailPart = 0)
{
    private const double TailIndex = 1.3;

    /// <summary>How likely a latency is above one.</summary>
    public double Above(double milliseconds)
    {
        if (milliseconds <= 0)
        {
            return 1;
        }
        var body = NormalAbove(Math.Log(milliseconds / MedianMilliseconds) / Sigma);
        var begin = 3 * MedianMilliseconds;
        var tail = milliseconds <= begin ? 1 : Math.Pow(begin / milliseconds, TailIndex);
        return ((1 - TailPart) * body) + (TailPart * tail);
    }

    // Abramowitz and Stegun 26.2.17; right to seven digits.
    private static double NormalAbove(double z)
    {
        var t = 1 / (1 + (0.2316419 * Math.Abs(z)));
        var tail =
            Math.Exp(-z * z / 2)
            / Math.Sqrt(2 * Math.PI)
            * t
            * (0.319381530 + (t * (-0.356563782 + (t * (1.781477937 + (t * (-1.821255978 + (t * 1.330274429))))))));
        return z >= 0 ? tail : 1 - tail;
    }
}
