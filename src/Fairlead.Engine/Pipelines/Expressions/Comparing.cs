namespace Fairlead.Engine.Pipelines.Expressions;

/// <summary>How values compare: kinds that differ are compared as numbers, texts whatever their case.</summary>
internal static class Comparing
{
    public static bool AreEqual(ExpressionValue left, ExpressionValue right) =>
        Alike(left, right) switch
        {
            (ExpressionValue.Nothing, ExpressionValue.Nothing) => true,
            (ExpressionValue.Truth one, ExpressionValue.Truth other) => one.Holds == other.Holds,
            (ExpressionValue.Number one, ExpressionValue.Number other) => one.Amount == other.Amount,
            (ExpressionValue.Text one, ExpressionValue.Text other) => string.Equals(
                one.Letters,
                other.Letters,
                StringComparison.OrdinalIgnoreCase
            ),
            // Rows and groups are equal to themselves alone.
            (ExpressionValue.Row or ExpressionValue.Group, _) => ReferenceEquals(left, right),
            _ => false,
        };

    public static bool IsLess(ExpressionValue left, ExpressionValue right) =>
        Alike(left, right) switch
        {
            (ExpressionValue.Truth one, ExpressionValue.Truth other) => !one.Holds && other.Holds,
            (ExpressionValue.Number one, ExpressionValue.Number other) => one.Amount < other.Amount,
            (ExpressionValue.Text one, ExpressionValue.Text other) => string.Compare(
                one.Letters,
                other.Letters,
                StringComparison.OrdinalIgnoreCase
            ) < 0,
            _ => false,
        };

    /// <summary>Both as they are when they are of one kind or cannot be brought to one, else as numbers.</summary>
    private static (ExpressionValue, ExpressionValue) Alike(ExpressionValue left, ExpressionValue right)
    {
        if (left.GetType() == right.GetType() || !left.IsSingle || !right.IsSingle)
        {
            return (left, right);
        }
        return (new ExpressionValue.Number(left.AsNumber), new ExpressionValue.Number(right.AsNumber));
    }
}
