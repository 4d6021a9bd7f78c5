namespace Fairlead.Engine.Judging.PromQl.Reading;

/// <summary>Which selectors of a query must find something for its answer to mean anything.</summary>
internal static class Needs
{
    /// <summary>Of all that are missing those for whose want nothing is known.</summary>
    /// <param name="isMissing">Whether a selector finds nothing.</param>
    public static IReadOnlyList<VectorSelector> Missing(Expression expression, Func<VectorSelector, bool> isMissing)
    {
        IReadOnlyList<VectorSelector> Of(Expression? one) => one is null ? [] : Missing(one, isMissing);
        switch (expression)
        {
            case VectorSelector selector:
                return isMissing(selector) ? [selector] : [];
            case RangeSelector range:
                return Of(range.Vector);
            case Subquery subquery:
                return Of(subquery.Inner);
            case Parenthesized inner:
                return Of(inner.Inner);
            case Signed signed:
                return Of(signed.Inner);
            // They ask for nothing: that is an answer.
            case Call { Function.Name: "absent" or "absent_over_time" }:
                return [];
            case Call call:
                return [.. call.Arguments.SelectMany(Of)];
            case Aggregation aggregation:
                return [.. Of(aggregation.Inner), .. Of(aggregation.Parameter)];
            case Binary { Operator: Operator.Unless } unless:
                return Of(unless.Left);
            // One side is enough.
            case Binary { Operator: Operator.Or } or:
                return Of(or.Left) is [_, ..] left && Of(or.Right) is [_, ..] right ? [.. left, .. right] : [];
            case Binary binary:
                return [.. Of(binary.Left), .. Of(binary.Right)];
            default:
                return [];
        }
    }

    /// <summary>Every selector, whatever is asked of it.</summary>
    public static IReadOnlyList<VectorSelector> All(Expression expression)
    {
        var all = new List<VectorSelector>();
        _ = Missing(
            expression,
            one =>
            {
                all.Add(one);
                return true;
            }
        );
        return all;
    }
}
