using Fairlead.Engine.Judging.PromQl.Reading;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Judging.PromQl.Evaluating;

/// <summary>
/// Works an expression out for all times at once: every part of it gives columns, one number for each step, so that a series is read
/// once however many steps there are. What is the same at every time is worked out for the first and spread.
/// </summary>
internal sealed class Evaluator(Frame frame)
{
    public Frame Frame => frame;

    public double[] Scalar(Expression expression, Timeline timeline)
    {
        if (timeline.Count > 1 && Resolver.IsInvariant(expression))
        {
            var column = new double[timeline.Count];
            Array.Fill(column, Scalar(expression, timeline.First)[0]);
            return column;
        }
        switch (expression)
        {
            case NumberLiteral number:
                return Filled(timeline, _ => number.Value);
            case Parenthesized one:
                return Scalar(one.Inner, timeline);
            case Signed signed:
                var inner = Scalar(signed.Inner, timeline);
                return signed.IsNegative ? Filled(timeline, step => -inner[step]) : inner;
            case Binary binary:
                var (left, right) = (Scalar(binary.Left, timeline), Scalar(binary.Right, timeline));
                return Filled(timeline, step => Arithmetic.Of(binary.Operator, left[step], right[step]));
            case Call call:
                return ScalarCall(call, timeline);
            default:
                throw new InvalidOperationException($"{expression} is no scalar.");
        }
    }

    public IReadOnlyList<Row> Vector(Expression expression, Timeline timeline)
    {
        if (timeline.Count == 0)
        {
            return [];
        }
        if (timeline.Count > 1 && Resolver.IsInvariant(expression))
        {
            return Spread(Vector(expression, timeline.First), timeline);
        }
        frame.Budget.Check();
        switch (expression)
        {
            case Parenthesized one:
                return Vector(one.Inner, timeline);
            case Signed signed:
                var inner = Vector(signed.Inner, timeline);
                return signed.IsNegative ? VectorFunctions.Each(inner, static value => -value) : inner;
            case VectorSelector selector:
                return Selecting.Latest(frame, selector, timeline, SelectedValue.Value);
            case Aggregation aggregation:
                return new Aggregating(this, aggregation, timeline).Rows();
            case Binary binary:
                return Binary(binary, timeline);
            case Call call:
                return new Calling(this, call, timeline).Rows();
            default:
                throw new InvalidOperationException($"{expression} is no vector.");
        }
    }

    /// <summary>Series with their samples, stale marks taken out, for what looks at ranges.</summary>
    public IEnumerable<(Labels Labels, bool DropsName, SampleColumns Samples)> Ranges(
        Expression expression,
        Timeline timeline
    ) =>
        expression.Bare switch
        {
            RangeSelector ranges => Selecting.All(frame, ranges, timeline),
            Subquery subquery => Inner(subquery, timeline),
            _ => throw new InvalidOperationException($"{expression} is no range."),
        };

    public static (Look Look, long Range) RangeOf(Expression expression) =>
        expression.Bare switch
        {
            RangeSelector ranges => (ranges.Vector.Look, ranges.Range.Milliseconds),
            Subquery subquery => (subquery.Look, subquery.Range.Milliseconds),
            _ => throw new InvalidOperationException($"{expression} is no range."),
        };

    public static double[] Filled(Timeline timeline, Func<int, double> value)
    {
        var column = new double[timeline.Count];
        for (var step = 0; step < column.Length; step++)
        {
            column[step] = value(step);
        }
        return column;
    }

    private double[] ScalarCall(Call call, Timeline timeline)
    {
        var whole = frame.Timeline;
        switch (call.Function.Name)
        {
            case "time":
                return Filled(timeline, step => timeline.At(step) / 1000.0);
            case "pi":
                return Filled(timeline, static _ => Math.PI);
            case "start":
                return Filled(timeline, _ => whole.Start / 1000.0);
            case "end":
                return Filled(timeline, _ => whole.End / 1000.0);
            case "range":
                return Filled(timeline, _ => (whole.End - whole.Start) / 1000.0);
            case "step":
                return Filled(timeline, _ => whole.IsInstant ? 0 : whole.Step / 1000.0);
            case "min_of":
            case "max_of":
                var isLeast = call.Function.Name == "min_of";
                var (left, right) = (Scalar(call.Arguments[0], timeline), Scalar(call.Arguments[1], timeline));
                return Filled(
                    timeline,
                    step => isLeast ? Math.Min(left[step], right[step]) : Math.Max(left[step], right[step])
                );
            case "scalar":
                return VectorFunctions.Scalar(Vector(call.Arguments[0], timeline), timeline);
            default:
                throw new InvalidOperationException($"{call.Function.Name} gives no scalar.");
        }
    }

    private IReadOnlyList<Row> Binary(Binary binary, Timeline timeline)
    {
        if (binary.Left.IsScalar || binary.Right.IsScalar)
        {
            var isLeftScalar = binary.Left.IsScalar;
            var scalar = Scalar(isLeftScalar ? binary.Left : binary.Right, timeline);
            var vector = Vector(isLeftScalar ? binary.Right : binary.Left, timeline);
            var changed = VectorFunctions.WithScalar(binary, vector, scalar, isLeftScalar);
            frame.Budget.Release(vector);
            return Held(changed);
        }
        var (left, right) = (Vector(binary.Left, timeline), Vector(binary.Right, timeline));
        var rows = binary.Operator.IsSet
            ? new SetOperation(binary, timeline).Rows(left, right)
            : new Joining(binary, timeline).Rows(left, right);
        frame.Budget.Release(left);
        frame.Budget.Release(right);
        return Held(rows);
    }

    public IReadOnlyList<Row> Held(IReadOnlyList<Row> rows)
    {
        foreach (var row in rows)
        {
            frame.Budget.Hold(row.Values);
        }
        return rows;
    }

    private List<Row> Spread(IReadOnlyList<Row> rows, Timeline timeline)
    {
        var spread = new List<Row>(rows.Count);
        foreach (var row in rows)
        {
            frame.Budget.Hold(timeline.Count - 1L);
            var column = new double[timeline.Count];
            Array.Fill(column, row.Values[0]);
            spread.Add(row with { Values = column });
        }
        return spread;
    }

    private IEnumerable<(Labels Labels, bool DropsName, SampleColumns Samples)> Inner(
        Subquery subquery,
        Timeline timeline
    )
    {
        var step = subquery.Step?.Milliseconds ?? frame.Options.SubqueryStepMilliseconds;
        var inside = timeline.Inside(subquery.Look, subquery.Range.Milliseconds, step);
        var rows = Vector(subquery.Inner, inside);
        var samples = new SampleColumns();
        foreach (var row in rows)
        {
            samples.Clear();
            for (var i = 0; i < row.Values.Length; i++)
            {
                if (!Absent.Is(row.Values[i]))
                {
                    samples.Add(inside.At(i), row.Values[i]);
                }
            }
            yield return (row.Labels, row.DropsName, samples);
        }
        frame.Budget.Release(rows);
    }
}
