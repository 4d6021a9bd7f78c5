namespace Fairlead.Engine.Judging.PromQl.Reading;

/// <summary>A function as queries see it.</summary>
/// <param name="Takes">Kinds of its arguments.</param>
/// <param name="Gives">Kind of its value.</param>
internal sealed record Signature(string Name, IReadOnlyList<ValueKind> Takes, ValueKind Gives)
{
    /// <summary>How many further arguments of the last kind it may take, the last being optional; -1 for any number, 0 for a fixed list.</summary>
    public int Variadic { get; init; }

    /// <summary>What it gives depends on the time of the step, even when its arguments do not.</summary>
    public bool IsTimed { get; init; }
}

/// <summary>All functions of Prometheus 3.</summary>
internal static class Signatures
{
    private const ValueKind S = ValueKind.Scalar;
    private const ValueKind T = ValueKind.Text;
    private const ValueKind V = ValueKind.Vector;
    private const ValueKind R = ValueKind.Ranges;

    private static readonly string[] OfVector =
    [
        "abs",
        "absent",
        "acos",
        "acosh",
        "asin",
        "asinh",
        "atan",
        "atanh",
        "ceil",
        "cos",
        "cosh",
        "deg",
        "exp",
        "floor",
        "histogram_avg",
        "histogram_count",
        "histogram_stddev",
        "histogram_stdvar",
        "histogram_sum",
        "ln",
        "log10",
        "log2",
        "rad",
        "sgn",
        "sin",
        "sinh",
        "sort",
        "sort_desc",
        "sqrt",
        "tan",
        "tanh",
    ];

    private static readonly string[] OfRanges =
    [
        "absent_over_time",
        "avg_over_time",
        "changes",
        "count_over_time",
        "delta",
        "deriv",
        "first_over_time",
        "idelta",
        "increase",
        "irate",
        "last_over_time",
        "mad_over_time",
        "max_over_time",
        "min_over_time",
        "present_over_time",
        "rate",
        "resets",
        "stddev_over_time",
        "stdvar_over_time",
        "sum_over_time",
        "ts_of_first_over_time",
        "ts_of_last_over_time",
        "ts_of_max_over_time",
        "ts_of_min_over_time",
    ];

    private static readonly string[] OfDates =
    [
        "day_of_month",
        "day_of_week",
        "day_of_year",
        "days_in_month",
        "hour",
        "minute",
        "month",
        "year",
    ];

    public static readonly IReadOnlyDictionary<string, Signature> All = Every()
        .ToDictionary(one => one.Name, StringComparer.Ordinal);

    private static IEnumerable<Signature> Every() =>
        [
            .. OfVector.Select(name => new Signature(name, [V], V)),
            .. OfRanges.Select(name => new Signature(name, [R], V)),
            .. OfDates.Select(name => new Signature(name, [V], V) { Variadic = 1, IsTimed = true }),
            new("clamp", [V, S, S], V),
            new("clamp_max", [V, S], V),
            new("clamp_min", [V, S], V),
            new("double_exponential_smoothing", [R, S, S], V),
            new("holt_winters", [R, S, S], V),
            new("histogram_fraction", [S, S, V], V),
            new("histogram_quantile", [S, V], V),
            new("histogram_quantiles", [V, T, S, S], V) { Variadic = 9 },
            new("label_join", [V, T, T, T], V) { Variadic = -1 },
            new("label_replace", [V, T, T, T, T], V),
            new("max_of", [S, S], S),
            new("min_of", [S, S], S),
            new("pi", [], S),
            new("predict_linear", [R, S], V) { IsTimed = true },
            new("quantile_over_time", [S, R], V),
            new("round", [V, S], V) { Variadic = 1 },
            new("scalar", [V], S),
            new("sort_by_label", [V, T], V) { Variadic = -1 },
            new("sort_by_label_desc", [V, T], V) { Variadic = -1 },
            // Ends of the query and its step, in seconds.
            new("start", [], S),
            new("end", [], S),
            new("step", [], S),
            new("range", [], S),
            new("time", [], S) { IsTimed = true },
            new("timestamp", [V], V) { IsTimed = true },
            new("vector", [S], V),
        ];
}
