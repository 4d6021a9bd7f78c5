using Fairlead.Engine.Judging.PromQl.Reading;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Judging.PromQl.Evaluating;

/// <summary>Works out a call of a function that gives a vector.</summary>
internal sealed class Calling(Evaluator evaluator, Call call, Timeline timeline)
{
    private static readonly string[] CounterEndings = ["_total", "_sum", "_count", "_bucket"];

    private string Name => call.Function.Name;

    public IReadOnlyList<Row> Rows()
    {
        var range = Enumerable
            .Range(0, call.Arguments.Count)
            .FirstOrDefault(one => call.Arguments[one].Kind == ValueKind.Ranges, -1);
        if (range >= 0)
        {
            return OverRanges(range);
        }
        return Name switch
        {
            "vector" => [new(Labels.None, Scalar(0))],
            "absent" => Missing(call.Arguments[0], Vector(0)),
            "timestamp" => Timestamps(),
            "clamp" => Made(Vector(0), rows => VectorFunctions.Clamped(rows, Scalar(1), Scalar(2))),
            "clamp_min" => Made(
                Vector(0),
                rows => VectorFunctions.Clamped(rows, Scalar(1), Constant(double.PositiveInfinity))
            ),
            "clamp_max" => Made(
                Vector(0),
                rows => VectorFunctions.Clamped(rows, Constant(double.NegativeInfinity), Scalar(1))
            ),
            "round" => Made(
                Vector(0),
                rows => VectorFunctions.Rounded(rows, call.Arguments.Count > 1 ? Scalar(1) : Constant(1))
            ),
            "label_replace" => new LabelFunctions(call).Replaced(Vector(0)),
            "label_join" => new LabelFunctions(call).Joined(Vector(0)),
            "sort" or "sort_desc" or "sort_by_label" or "sort_by_label_desc" => Sorted(),
            "histogram_quantile" => Histogram(1).Quantiles(Vector(1), [(Scalar(0), null)]),
            "histogram_quantiles" => Histogram(0)
                .Quantiles(
                    Vector(0),
                    [.. Enumerable.Range(2, call.Arguments.Count - 2).Select(one => (Scalar(one), Text(1)))]
                ),
            "histogram_fraction" => Histogram(2).Fractions(Vector(2), Scalar(0), Scalar(1)),
            // Whatever is kept here is a number, never a native histogram.
            "histogram_avg" or "histogram_count" or "histogram_sum" or "histogram_stddev" or "histogram_stdvar" => [],
            _ => Each(),
        };
    }

    private IReadOnlyList<Row> Each()
    {
        var change =
            VectorFunctions.Of(Name) ?? throw new InvalidOperationException($"{Name} is no function of vectors.");
        return call.Arguments.Count == 0
            ? [new(Labels.None, Evaluator.Filled(timeline, step => change(Math.Floor(timeline.At(step) / 1000.0))))]
            : Made(Vector(0), rows => VectorFunctions.Each(rows, change));
    }

    private HistogramFunctions Histogram(int place) =>
        new(evaluator.Frame.Annotations, timeline, call, call.Arguments[place].Place);

    private IReadOnlyList<Row> Sorted() =>
        Name switch
        {
            _ when !timeline.IsInstant => Vector(0), // Over time there is no one order.
            "sort" => Ordering.ByValue(Vector(0), isDescending: false),
            "sort_desc" => Ordering.ByValue(Vector(0), isDescending: true),
            "sort_by_label" => Ordering.ByLabels(Vector(0), Texts(), isDescending: false),
            _ => Ordering.ByLabels(Vector(0), Texts(), isDescending: true),
        };

    private IReadOnlyList<Row> Timestamps() =>
        call.Arguments[0].Bare is VectorSelector selector
            ?
            [
                .. Selecting
                    .Latest(evaluator.Frame, selector, timeline, SelectedValue.Time)
                    .Select(row => row with { DropsName = true }),
            ]
            : Made(
                Vector(0),
                rows =>
                    [
                        .. rows.Select(row => new Row(
                            row.Labels,
                            Evaluator.Filled(
                                timeline,
                                step => Absent.Is(row.Values[step]) ? Absent.Value : timeline.At(step) / 1000.0
                            ),
                            DropsName: true
                        )),
                    ]
            );

    private IReadOnlyList<Row> OverRanges(int place)
    {
        var scalars = call.Arguments.Where(one => one.IsScalar).Select(one => evaluator.Scalar(one, timeline)).ToList();
        var (look, range) = Evaluator.RangeOf(call.Arguments[place]);
        var slide = new Slide(timeline, look, range)
        {
            Function = RangeFunctions.Of(Name),
            LooksForFalls = RangeFunctions.LooksForFalls(Name),
            First = scalars.Count > 0 ? scalars[0] : null,
            Second = scalars.Count > 1 ? scalars[1] : null,
        };
        var keepsName = Name is "last_over_time" or "first_over_time";
        var rows = new List<Row>();
        foreach (var (labels, dropsName, samples) in evaluator.Ranges(call.Arguments[place], timeline))
        {
            if (slide.Over(samples) is not { } column)
            {
                continue;
            }
            evaluator.Frame.Budget.Hold(column);
            rows.Add(new(labels, column, !keepsName || dropsName));
            if (Name is "rate" or "increase")
            {
                Doubt(labels.Name, call.Arguments[place]);
            }
        }
        if (Name == "quantile_over_time" && rows.Count > 0)
        {
            Doubt(scalars[0]);
        }
        return Name == "absent_over_time" ? Missing(call.Arguments[place], rows) : rows;
    }

    private void Doubt(string metric, Expression argument)
    {
        if (metric.Length > 0 && !CounterEndings.Any(one => metric.EndsWith(one, StringComparison.Ordinal)))
        {
            evaluator.Frame.Annotations.NoCounter(metric, argument.Place);
        }
    }

    private void Doubt(double[] quantiles)
    {
        foreach (var quantile in quantiles.Where(one => one is not (>= 0 and <= 1)).Distinct())
        {
            evaluator.Frame.Annotations.QuantileOutOfRange(quantile, call.Arguments[0].Place);
        }
    }

    /// <summary>1 at each step at which no series has a number.</summary>
    private IReadOnlyList<Row> Missing(Expression argument, IReadOnlyList<Row> rows)
    {
        var column = Constant(1);
        var missing = column.Length;
        foreach (var row in rows)
        {
            for (var step = 0; step < column.Length; step++)
            {
                if (!Absent.Is(row.Values[step]) && !Absent.Is(column[step]))
                {
                    column[step] = Absent.Value;
                    missing--;
                }
            }
        }
        evaluator.Frame.Budget.Release(rows);
        return missing == 0 ? [] : evaluator.Held([new(LabelFunctions.OfMissing(argument), column)]);
    }

    private IReadOnlyList<Row> Made(IReadOnlyList<Row> rows, Func<IReadOnlyList<Row>, IReadOnlyList<Row>> change)
    {
        var made = change(rows);
        evaluator.Frame.Budget.Release(rows);
        return evaluator.Held(made);
    }

    private IReadOnlyList<Row> Vector(int place) => evaluator.Vector(call.Arguments[place], timeline);

    private double[] Scalar(int place) => evaluator.Scalar(call.Arguments[place], timeline);

    private string Text(int place) => ((TextLiteral)call.Arguments[place].Bare).Value;

    private IReadOnlyList<string> Texts() =>
        [.. call.Arguments.Select(one => one.Bare).OfType<TextLiteral>().Select(one => one.Value)];

    private double[] Constant(double value) => Evaluator.Filled(timeline, _ => value);
}
