namespace Fairlead.Engine.Judging.PromQl.Reading;

/// <summary>Works out lengths of time.</summary>
internal static class Lengths
{
    /// <summary>A number at once; a formula that depends on the query's step stays one.</summary>
    public static Length Of(Expression formula) =>
        IsConstant(formula) ? new(Milliseconds(Value(formula, 0, 0))) : new(0, formula);

    /// <summary>The length in a query with this step and range, both in milliseconds.</summary>
    public static long Resolve(Length length, long step, long range) =>
        length.Formula is null
            ? length.Milliseconds
            : Milliseconds(Value(length.Formula, step / 1000.0, range / 1000.0));

    private static bool IsConstant(Expression formula) =>
        formula switch
        {
            Call { Function.Name: "step" or "range" } => false,
            Call call => call.Arguments.All(IsConstant),
            Binary binary => IsConstant(binary.Left) && IsConstant(binary.Right),
            Signed signed => IsConstant(signed.Inner),
            Parenthesized one => IsConstant(one.Inner),
            _ => true,
        };

    private static double Value(Expression formula, double step, double range) =>
        formula switch
        {
            NumberLiteral number => number.Value,
            Parenthesized one => Value(one.Inner, step, range),
            Signed signed => signed.IsNegative ? -Value(signed.Inner, step, range) : Value(signed.Inner, step, range),
            Call { Function.Name: "step" } => step,
            Call { Function.Name: "range" } => range,
            Call { Function.Name: "min_of" } call => Math.Min(
                Value(call.Arguments[0], step, range),
                Value(call.Arguments[1], step, range)
            ),
            Call { Function.Name: "max_of" } call => Math.Max(
                Value(call.Arguments[0], step, range),
                Value(call.Arguments[1], step, range)
            ),
            Binary binary => Evaluating.Arithmetic.Of(
                binary.Operator,
                Value(binary.Left, step, range),
                Value(binary.Right, step, range)
            ),
            _ => throw new InvalidOperationException($"{formula} is no length of time."),
        };

    // Prometheus counts durations in nanoseconds and works with milliseconds.
    private static long Milliseconds(double seconds)
    {
        var nanoseconds = Math.Round(seconds * 1e9, MidpointRounding.AwayFromZero);
        return double.IsFinite(nanoseconds) && Math.Abs(nanoseconds) < long.MaxValue
            ? (long)nanoseconds / 1_000_000
            : throw Faults.Execution("duration is out of range", "Write a length of time of less than 292 years.");
    }
}
