namespace Fairlead.Engine.Judging.PromQl.Evaluating;

/// <summary>Sums that keep what the last digits lose (Neumaier's form of Kahan's), and what is built on them.</summary>
internal static class Numerics
{
    /// <summary>Adds to a sum; what was lost is kept apart in <paramref name="lost"/>.</summary>
    public static void Add(double value, ref double sum, ref double lost)
    {
        var total = sum + value;
        lost =
            double.IsInfinity(total) ? 0
            : Math.Abs(sum) >= Math.Abs(value) ? lost + ((sum - total) + value)
            : lost + ((value - total) + sum);
        sum = total;
    }

    public static double Sum(ReadOnlySpan<double> values)
    {
        var (sum, lost) = (0.0, 0.0);
        foreach (var value in values)
        {
            Add(value, ref sum, ref lost);
        }
        return double.IsInfinity(sum) ? sum : sum + lost;
    }

    /// <summary>The mean: a sum divided as long as the sum stays finite, from there on a mean that moves with each value.</summary>
    public static double Mean(ReadOnlySpan<double> values)
    {
        var (sum, lost, mean) = (values[0], 0.0, 0.0);
        var isMoving = false;
        for (var i = 1; i < values.Length; i++)
        {
            var count = i + 1.0;
            if (!isMoving)
            {
                var (next, nextLost) = (sum, lost);
                Add(values[i], ref next, ref nextLost);
                if (!double.IsInfinity(next))
                {
                    (sum, lost) = (next, nextLost);
                    continue;
                }
                isMoving = true;
                mean = sum / (count - 1);
                lost /= count - 1;
            }
            var share = (count - 1) / count;
            mean *= share;
            lost *= share;
            Add(values[i] / count, ref mean, ref lost);
        }
        return isMoving ? mean + lost : sum / values.Length + lost / values.Length;
    }

    public static double Variance(ReadOnlySpan<double> values)
    {
        var (count, mean, meanLost, squares, squaresLost) = (0.0, 0.0, 0.0, 0.0, 0.0);
        foreach (var value in values)
        {
            count++;
            var delta = value - (mean + meanLost);
            Add(delta / count, ref mean, ref meanLost);
            Add(delta * (value - (mean + meanLost)), ref squares, ref squaresLost);
        }
        return (squares + squaresLost) / count;
    }

    /// <summary>The quantile of values, which are sorted on the way: NaN first, between two values in proportion.</summary>
    public static double Quantile(double quantile, Span<double> values)
    {
        if (values.Length == 0 || double.IsNaN(quantile))
        {
            return double.NaN;
        }
        if (quantile is < 0 or > 1)
        {
            return quantile < 0 ? double.NegativeInfinity : double.PositiveInfinity;
        }
        values.Sort(); // .NET, too, puts NaN first.
        var rank = quantile * (values.Length - 1.0);
        var lower = Math.Max(0, Math.Floor(rank));
        var upper = Math.Min(values.Length - 1.0, lower + 1);
        var weight = rank - Math.Floor(rank);
        return values[(int)lower] * (1 - weight) + values[(int)upper] * weight;
    }

    /// <summary>Median of the distances from the median.</summary>
    public static double MedianDeviation(ReadOnlySpan<double> values, Span<double> scratch)
    {
        values.CopyTo(scratch);
        var median = Quantile(0.5, scratch);
        for (var i = 0; i < values.Length; i++)
        {
            scratch[i] = Math.Abs(values[i] - median);
        }
        return Quantile(0.5, scratch);
    }

    /// <summary>The line through the points that has the least squares: its slope a second and its value at a time.</summary>
    public static (double Slope, double Intercept) Line(ReadOnlySpan<long> times, ReadOnlySpan<double> values, long at)
    {
        var (x, xLost, y, yLost) = (0.0, 0.0, 0.0, 0.0);
        var (xy, xyLost, xx, xxLost) = (0.0, 0.0, 0.0, 0.0);
        var isConstant = true;
        for (var i = 0; i < values.Length; i++)
        {
            isConstant &= i == 0 || values[i] == values[0];
            var seconds = (times[i] - at) / 1e3;
            Add(seconds, ref x, ref xLost);
            Add(values[i], ref y, ref yLost);
            Add(seconds * values[i], ref xy, ref xyLost);
            Add(seconds * seconds, ref xx, ref xxLost);
        }
        if (isConstant)
        {
            return double.IsInfinity(values[0]) ? (double.NaN, double.NaN) : (0, values[0]);
        }
        var count = (double)values.Length;
        (x, y, xy, xx) = (x + xLost, y + yLost, xy + xyLost, xx + xxLost);
        var slope = (xy - x * y / count) / (xx - x * x / count);
        return (slope, y / count - slope * x / count);
    }
}
