using Fairlead.Engine.Judging.PromQl.Reading;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Judging.PromQl.Evaluating;

/// <summary>Puts the series of a group together.</summary>
internal sealed class Aggregating(Evaluator evaluator, Aggregation aggregation, Timeline timeline)
{
    /// <summary>Series that become one, in the order in which they came.</summary>
    private sealed record Group(Labels Labels, List<Row> Rows);

    private readonly HashSet<string> names = new(aggregation.Grouping.Labels, StringComparer.Ordinal);

    public IReadOnlyList<Row> Rows()
    {
        var parameter = aggregation.Parameter is { Kind: ValueKind.Scalar } one ? evaluator.Scalar(one, timeline) : [];
        var rows = evaluator.Vector(aggregation.Inner, timeline);
        var made = aggregation.Operator switch
        {
            Aggregator.Topk or Aggregator.Bottomk or Aggregator.Limitk => Chosen(rows, parameter),
            Aggregator.LimitRatio => new Sampling(evaluator.Frame.Annotations, aggregation).Rows(rows, parameter),
            Aggregator.CountValues => CountedValues(rows),
            _ => Combined(rows, parameter),
        };
        evaluator.Frame.Budget.Release(rows);
        return evaluator.Held(made);
    }

    private List<Row> Combined(IReadOnlyList<Row> rows, double[] parameter)
    {
        if (aggregation.Operator == Aggregator.Quantile)
        {
            Doubt(parameter);
        }
        var combine = Combining.Of(aggregation.Operator, parameter);
        var made = new List<Row>();
        foreach (var group in Groups(rows))
        {
            evaluator.Frame.Budget.Check();
            var column = combine(group.Rows, timeline.Count);
            if (Absent.Present(column) > 0)
            {
                made.Add(new(group.Labels, column, group.Rows.Any(row => row.DropsName)));
            }
        }
        return made;
    }

    private List<Row> Chosen(IReadOnlyList<Row> rows, double[] parameter)
    {
        Check(parameter);
        var choice = new Choice(aggregation.Operator);
        var columns = new Dictionary<Row, double[]>(ReferenceEqualityComparer.Instance);
        var order = new List<Row>();
        var groups = Groups(rows);
        for (var step = 0; step < timeline.Count; step++)
        {
            evaluator.Frame.Budget.Check();
            var count = (int)Math.Min(parameter[step], rows.Count);
            foreach (var group in groups)
            {
                foreach (var row in count < 1 ? [] : choice.Of(group.Rows, step, count))
                {
                    if (!columns.TryGetValue(row, out var column))
                    {
                        order.Add(row);
                        columns[row] = column = Absent.Column(timeline.Count);
                    }
                    column[step] = row.Values[step];
                }
            }
        }
        return [.. order.Select(row => row with { Values = columns[row] })];
    }

    private static void Check(double[] parameter)
    {
        if (parameter.All(static one => one < 1))
        {
            return;
        }
        if (parameter.Any(double.IsNaN))
        {
            throw Faults.Execution("Parameter value is NaN", "Give a number of series.");
        }
        if (parameter.FirstOrDefault(static one => Math.Abs(one) >= long.MaxValue) is not 0 and var far)
        {
            throw Faults.Execution(
                $"Scalar value {Numbers.General(far)} {(far > 0 ? "overflows" : "underflows")} int64",
                "Give a smaller number of series."
            );
        }
    }

    private List<Row> CountedValues(IReadOnlyList<Row> rows)
    {
        var label = ((TextLiteral)aggregation.Parameter!.Bare).Value; // The checker has seen to it.
        if (!Written.IsUtf8Name(label))
        {
            throw Faults.Execution($"invalid label name {Written.Quoted(label)}");
        }
        var made = new Dictionary<Labels, Row>();
        var order = new List<Row>();
        foreach (var row in rows)
        {
            var known = new Dictionary<long, Row>();
            for (var step = 0; step < timeline.Count; step++)
            {
                var value = row.Values[step];
                if (Absent.Is(value))
                {
                    continue;
                }
                if (!known.TryGetValue(BitConverter.DoubleToInt64Bits(value), out var counted))
                {
                    var labels = Grouped(row.Labels.With(label, Numbers.Write(value)), label);
                    if (!made.TryGetValue(labels, out counted))
                    {
                        order.Add(counted = made[labels] = new(labels, Absent.Column(timeline.Count)));
                        evaluator.Frame.Budget.Check();
                    }
                    known[BitConverter.DoubleToInt64Bits(value)] = counted;
                }
                counted.Values[step] = Absent.Is(counted.Values[step]) ? 1 : counted.Values[step] + 1;
            }
        }
        return order;
    }

    private List<Group> Groups(IReadOnlyList<Row> rows)
    {
        var groups = new Dictionary<Labels, Group>();
        var order = new List<Group>();
        foreach (var row in rows)
        {
            var labels = Grouped(row.Labels, null);
            if (!groups.TryGetValue(labels, out var group))
            {
                order.Add(group = groups[labels] = new(labels, []));
            }
            group.Rows.Add(row);
        }
        return order;
    }

    /// <param name="kept">A label that stays with <c>by</c> though it is not named there.</param>
    private Labels Grouped(Labels labels, string? kept) =>
        aggregation.Grouping.IsWithout
            ? labels.Where(name => name != Labels.MetricName && !names.Contains(name))
            : labels.Where(name => names.Contains(name) || name == kept);

    private void Doubt(double[] quantiles)
    {
        foreach (var quantile in quantiles.Where(one => one is not (>= 0 and <= 1)).Distinct())
        {
            evaluator.Frame.Annotations.QuantileOutOfRange(quantile, aggregation.Parameter!.Place); // It is where these come from.
        }
    }
}
