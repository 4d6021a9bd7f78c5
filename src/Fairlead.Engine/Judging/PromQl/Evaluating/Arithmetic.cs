using Fairlead.Engine.Judging.PromQl.Reading;

namespace Fairlead.Engine.Judging.PromQl.Evaluating;

/// <summary>What operators do with two numbers.</summary>
internal static class Arithmetic
{
    /// <summary>The value of an arithmetic operator, or 1 and 0 of a comparison.</summary>
    public static double Of(Operator found, double left, double right) =>
        found.IsComparison
            ? Holds(found, left, right)
                ? 1
                : 0
            : Calculate(found, left, right);

    public static double Calculate(Operator found, double left, double right) =>
        found switch
        {
            Operator.Add => left + right,
            Operator.Subtract => left - right,
            Operator.Multiply => left * right,
            Operator.Divide => left / right,
            Operator.Modulo => left % right,
            Operator.Power => Power(left, right),
            Operator.Atan2 => Math.Atan2(left, right),
            _ => throw new InvalidOperationException($"{found} is no arithmetic."),
        };

    public static bool Holds(Operator found, double left, double right) =>
        found switch
        {
            Operator.Equal => left == right,
            Operator.NotEqual => left != right,
            Operator.Less => left < right,
            Operator.LessOrEqual => left <= right,
            Operator.Greater => left > right,
            Operator.GreaterOrEqual => left >= right,
            _ => throw new InvalidOperationException($"{found} is no comparison."),
        };

    // Go, too, says that 1 to any power is 1, and that -1 to an infinite power is.
    private static double Power(double left, double right) =>
        left == 1 || right == 0 ? 1
        : left == -1 && double.IsInfinity(right) ? 1
        : Math.Pow(left, right);
}
