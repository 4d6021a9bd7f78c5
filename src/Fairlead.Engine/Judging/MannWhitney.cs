namespace Fairlead.Engine.Judging;

/// <summary>
/// The Mann-Whitney U test's confidence interval for the shift between two samples, by the normal approximation with
/// correction for continuity and ties, as R's <c>wilcox.test(conf.int = TRUE, exact = FALSE)</c> describes it.
/// </summary>
public static class MannWhitney
{
    private const int StepsMax = 200;
    private const double Precision = 1e-7;

    /// <param name="Low">The shift is at least this.</param>
    /// <param name="High">The shift is at most this.</param>
    /// <param name="Estimate">The shift that fits best: the Hodges-Lehmann estimate, but for rounding.</param>
    public sealed record Interval(double Low, double High, double Estimate);

    /// <returns>Null when one is empty, or when nothing differs.</returns>
    /// <param name="confidence">Above 0, below 1.</param>
    public static Interval? Shift(IReadOnlyList<double> experiment, IReadOnlyList<double> control, double confidence)
    {
        if (experiment.Count == 0 || control.Count == 0)
        {
            return null;
        }
        var (least, most) = (experiment.Min() - control.Max(), experiment.Max() - control.Min());
        if (least == most)
        {
            return null;
        }
        var quantile = NormalQuantile((1 + confidence) / 2);
        return new(
            Root(shift => Score(experiment, control, shift) - quantile, least, most),
            Root(shift => Score(experiment, control, shift) + quantile, least, most),
            Root(shift => Score(experiment, control, shift), least, most)
        );
    }

    /// <summary>How far the experiment, moved by a shift, ranks above the control: standard deviations; falls with the shift.</summary>
    internal static double Score(IReadOnlyList<double> experiment, IReadOnlyList<double> control, double shift)
    {
        var (n, m) = ((double)experiment.Count, (double)control.Count);
        (double Value, bool IsExperiment)[] all =
        [
            .. experiment.Select(value => (value - shift, true)),
            .. control.Select(value => (value, false)),
        ];
        Array.Sort(all, static (left, right) => left.Value.CompareTo(right.Value));
        var (ranks, ties) = (0.0, 0.0);
        for (var from = 0; from < all.Length; )
        {
            var to = from;
            while (to < all.Length && all[to].Value == all[from].Value)
            {
                to++;
            }
            var (count, rank) = ((double)(to - from), (from + 1 + to) / 2.0);
            ties += (count * count * count) - count;
            for (; from < to; from++)
            {
                ranks += all[from].IsExperiment ? rank : 0;
            }
        }
        var above = ranks - (n * (n + 1) / 2) - (n * m / 2);
        var variance = n * m / 12 * (n + m + 1 - (ties / ((n + m) * (n + m - 1))));
        return variance <= 0 ? 0 : (above - (Math.Sign(above) * 0.5)) / Math.Sqrt(variance);
    }

    // The score falls in steps: halving finds the step at which it crosses.
    private static double Root(Func<double, double> score, double least, double most)
    {
        if (score(least) <= 0)
        {
            return least;
        }
        if (score(most) >= 0)
        {
            return most;
        }
        for (var step = 0; step < StepsMax && most - least > Precision * Math.Max(1, Math.Abs(least)); step++)
        {
            var middle = (least + most) / 2;
            (least, most) = score(middle) > 0 ? (middle, most) : (least, middle);
        }
        return (least + most) / 2;
    }

    /// <summary>The inverse of the normal distribution, by halving: it is asked once per look.</summary>
    internal static double NormalQuantile(double probability)
    {
        var (least, most) = (-40.0, 40.0);
        for (var step = 0; step < StepsMax; step++)
        {
            var middle = (least + most) / 2;
            (least, most) = Normal(middle) < probability ? (middle, most) : (least, middle);
        }
        return (least + most) / 2;
    }

    // The complementary error function by its continued fraction (Abramowitz and Stegun 7.1.14) or its series (7.1.5).
    private static double Normal(double value)
    {
        var x = Math.Abs(value) / Math.Sqrt(2);
        double tail;
        if (x < 2)
        {
            var (term, sum) = (x, x);
            for (var n = 1; n < 100 && Math.Abs(term) > 1e-17; n++)
            {
                term *= -x * x / n;
                sum += term / ((2 * n) + 1);
            }
            tail = 1 - (2 / Math.Sqrt(Math.PI) * sum);
        }
        else
        {
            var fraction = x;
            for (var n = 100; n > 0; n--)
            {
                fraction = x + (n / 2.0 / fraction);
            }
            tail = Math.Exp(-x * x) / Math.Sqrt(Math.PI) / fraction;
        }
        return value < 0 ? tail / 2 : 1 - (tail / 2);
    }
}
