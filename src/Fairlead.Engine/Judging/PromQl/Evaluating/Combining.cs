using Fairlead.Engine.Judging.PromQl.Reading;

namespace Fairlead.Engine.Judging.PromQl.Evaluating;

/// <summary>Makes one column of a group's. Columns are gone through one after the other, which a processor does fastest.</summary>
internal static class Combining
{
    public delegate double[] Combine(IReadOnlyList<Row> rows, int count);

    public static Combine Of(Aggregator aggregator, double[] parameter) =>
        aggregator switch
        {
            Aggregator.Sum => static (rows, count) => Totals(rows, count),
            Aggregator.Avg => Means,
            Aggregator.Count => static (rows, count) => Folded(rows, count, static _ => 1, static (sum, _) => sum + 1),
            Aggregator.Group => static (rows, count) => Folded(rows, count, static _ => 1, static (_, _) => 1),
            Aggregator.Min => static (rows, count) =>
                Folded(
                    rows,
                    count,
                    static one => one,
                    static (least, one) => least > one || double.IsNaN(least) ? one : least
                ),
            Aggregator.Max => static (rows, count) =>
                Folded(
                    rows,
                    count,
                    static one => one,
                    static (most, one) => most < one || double.IsNaN(most) ? one : most
                ),
            Aggregator.Stdvar => Variances,
            Aggregator.Stddev => static (rows, count) => Roots(Variances(rows, count)),
            Aggregator.Quantile => (rows, count) =>
                Stepwise(rows, count, (values, step) => Numerics.Quantile(parameter[step], values)),
            _ => throw new InvalidOperationException($"{aggregator} makes no single column."),
        };

    private static double[] Folded(
        IReadOnlyList<Row> rows,
        int count,
        Func<double, double> first,
        Func<double, double, double> next
    )
    {
        var column = Absent.Column(count);
        foreach (var row in rows)
        {
            for (var step = 0; step < count; step++)
            {
                var value = row.Values[step];
                if (!Absent.Is(value))
                {
                    column[step] = Absent.Is(column[step]) ? first(value) : next(column[step], value);
                }
            }
        }
        return column;
    }

    private static double[] Totals(IReadOnlyList<Row> rows, int count)
    {
        var (sums, lost, _) = Sums(rows, count);
        for (var step = 0; step < count; step++)
        {
            sums[step] = Absent.Is(sums[step]) ? sums[step] : sums[step] + lost[step];
        }
        return sums;
    }

    /// <summary>Sums, what they lost in their last digits, and whether they left the range of numbers on the way.</summary>
    private static (double[] Sums, double[] Lost, bool[] Overflows) Sums(IReadOnlyList<Row> rows, int count)
    {
        var (sums, lost, overflows) = (Absent.Column(count), new double[count], new bool[count]);
        foreach (var row in rows)
        {
            var values = row.Values;
            for (var step = 0; step < count; step++)
            {
                var value = values[step];
                if (Absent.Is(value))
                {
                    continue;
                }
                if (Absent.Is(sums[step]))
                {
                    sums[step] = value;
                    continue;
                }
                Numerics.Add(value, ref sums[step], ref lost[step]);
                overflows[step] |= double.IsInfinity(sums[step]);
            }
        }
        return (sums, lost, overflows);
    }

    private static double[] Means(IReadOnlyList<Row> rows, int count)
    {
        var counts = Folded(rows, count, static _ => 1, static (sum, _) => sum + 1);
        var (sums, lost, overflows) = Sums(rows, count);
        var values = new List<double>();
        for (var step = 0; step < count; step++)
        {
            sums[step] =
                Absent.Is(sums[step]) ? sums[step]
                : overflows[step] ? Numerics.Mean(At(rows, step, values))
                : sums[step] / counts[step] + lost[step] / counts[step];
        }
        return sums;
    }

    private static double[] Variances(IReadOnlyList<Row> rows, int count)
    {
        var (squares, means, counts) = (Absent.Column(count), new double[count], new double[count]);
        foreach (var row in rows)
        {
            for (var step = 0; step < count; step++)
            {
                var value = row.Values[step];
                if (Absent.Is(value))
                {
                    continue;
                }
                if (counts[step]++ == 0)
                {
                    (means[step], squares[step]) = (value, double.IsFinite(value) ? 0 : double.NaN);
                    continue;
                }
                var delta = value - means[step];
                means[step] += delta / counts[step];
                squares[step] += delta * (value - means[step]);
            }
        }
        for (var step = 0; step < count; step++)
        {
            squares[step] = Absent.Is(squares[step]) ? squares[step] : squares[step] / counts[step];
        }
        return squares;
    }

    private static double[] Roots(double[] column)
    {
        for (var step = 0; step < column.Length; step++)
        {
            column[step] = Absent.Is(column[step]) ? column[step] : Math.Sqrt(column[step]);
        }
        return column;
    }

    private delegate double OfValues(Span<double> values, int step);

    private static double[] Stepwise(IReadOnlyList<Row> rows, int count, OfValues of)
    {
        var column = new double[count];
        var values = new List<double>(rows.Count);
        for (var step = 0; step < count; step++)
        {
            var here = At(rows, step, values);
            column[step] = here.Length == 0 ? Absent.Value : of(here, step);
        }
        return column;
    }

    private static Span<double> At(IReadOnlyList<Row> rows, int step, List<double> into)
    {
        into.Clear();
        foreach (var row in rows)
        {
            if (!Absent.Is(row.Values[step]))
            {
                into.Add(row.Values[step]);
            }
        }
        return System.Runtime.InteropServices.CollectionsMarshal.AsSpan(into);
    }
}
