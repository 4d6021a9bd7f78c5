using Fairlead.Engine.Judging.PromQl.Reading;

namespace Fairlead.Engine.Judging.PromQl.Evaluating;

/// <summary>What is done to each number by itself.</summary>
internal static class VectorFunctions
{
    /// <summary>The function of a name; null when it is none of these.</summary>
    public static Func<double, double>? Of(string name) =>
        name switch
        {
            "abs" => Math.Abs,
            "ceil" => Math.Ceiling,
            "floor" => Math.Floor,
            "exp" => Math.Exp,
            "sqrt" => Math.Sqrt,
            "ln" => Math.Log,
            "log2" => Math.Log2,
            "log10" => Math.Log10,
            "sin" => Math.Sin,
            "cos" => Math.Cos,
            "tan" => Math.Tan,
            "asin" => Math.Asin,
            "acos" => Math.Acos,
            "atan" => Math.Atan,
            "sinh" => Math.Sinh,
            "cosh" => Math.Cosh,
            "tanh" => Math.Tanh,
            "asinh" => Math.Asinh,
            "acosh" => Math.Acosh,
            "atanh" => Math.Atanh,
            "rad" => static value => value * Math.PI / 180,
            "deg" => static value => value * 180 / Math.PI,
            "sgn" => static value =>
                value < 0 ? -1
                : value > 0 ? 1
                : value,
            _ => Dates.Of(name),
        };

    /// <summary>Changes each number. What comes out is no longer the metric that went in.</summary>
    public static IReadOnlyList<Row> Each(IReadOnlyList<Row> rows, Func<double, double> change) =>
        [
            .. rows.Select(row =>
            {
                var column = new double[row.Values.Length];
                for (var step = 0; step < column.Length; step++)
                {
                    var value = row.Values[step];
                    column[step] = Absent.Is(value) ? value : change(value);
                }
                return new Row(row.Labels, column, DropsName: true);
            }),
        ];

    /// <summary>The number of the only series; NaN when there is none or more than one.</summary>
    public static double[] Scalar(IReadOnlyList<Row> rows, Timeline timeline) =>
        Evaluator.Filled(
            timeline,
            step =>
            {
                var found = Absent.Value;
                foreach (var row in rows)
                {
                    if (Absent.Is(row.Values[step]))
                    {
                        continue;
                    }
                    if (!Absent.Is(found))
                    {
                        return double.NaN;
                    }
                    found = row.Values[step];
                }
                return Absent.Is(found) ? double.NaN : found;
            }
        );

    public static IReadOnlyList<Row> Clamped(IReadOnlyList<Row> rows, double[] least, double[] most) =>
        Stepwise(
            rows,
            (value, step) =>
                most[step] < least[step] ? Absent.Value : Math.Max(least[step], Math.Min(most[step], value))
        );

    /// <summary>Rounded to the nearest multiple, halves up.</summary>
    public static IReadOnlyList<Row> Rounded(IReadOnlyList<Row> rows, double[] multiple) =>
        Stepwise(
            rows,
            (value, step) =>
            {
                var inverse = 1.0 / multiple[step];
                return Math.Floor(value * inverse + 0.5) / inverse;
            }
        );

    public static IReadOnlyList<Row> WithScalar(
        Binary binary,
        IReadOnlyList<Row> rows,
        double[] scalar,
        bool isScalarLeft
    )
    {
        var found = binary.Operator;
        var changed = new List<Row>(rows.Count);
        foreach (var row in rows)
        {
            var column = new double[scalar.Length];
            var any = false;
            for (var step = 0; step < column.Length; step++)
            {
                var value = row.Values[step];
                column[step] = Absent.Is(value)
                    ? value
                    : Of(binary, isScalarLeft ? scalar[step] : value, isScalarLeft ? value : scalar[step], value);
                any |= !Absent.Is(column[step]);
            }
            if (any)
            {
                changed.Add(new(row.Labels, column, row.DropsName || found.IsArithmetic || binary.IsBool));
            }
        }
        return changed;
    }

    /// <summary>What an operator gives; a comparison that fails leaves the number out, one that holds keeps it.</summary>
    private static double Of(Binary binary, double left, double right, double kept)
    {
        if (binary.Operator.IsArithmetic)
        {
            return Arithmetic.Calculate(binary.Operator, left, right);
        }
        var holds = Arithmetic.Holds(binary.Operator, left, right);
        return binary.IsBool
            ? holds
                ? 1
                : 0
            : holds
                ? kept
                : Absent.Value;
    }

    private static List<Row> Stepwise(IReadOnlyList<Row> rows, Func<double, int, double> change)
    {
        var changed = new List<Row>(rows.Count);
        foreach (var row in rows)
        {
            var column = new double[row.Values.Length];
            var any = false;
            for (var step = 0; step < column.Length; step++)
            {
                var value = row.Values[step];
                column[step] = Absent.Is(value) ? value : change(value, step);
                any |= !Absent.Is(column[step]);
            }
            if (any)
            {
                changed.Add(new(row.Labels, column, DropsName: true));
            }
        }
        return changed;
    }
}
