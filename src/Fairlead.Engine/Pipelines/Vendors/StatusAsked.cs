using Fairlead.Engine.Pipelines.Expressions;

namespace Fairlead.Engine.Pipelines.Vendors;

/// <summary>How what came before must have ended.</summary>
internal enum Status
{
    Success,
    Failure,

    /// <summary>In any way that is no cancelling.</summary>
    Ended,
    Always,
}

/// <summary>What a condition asks of what came before, apart from what else it asks: other systems have two places for these.</summary>
internal static class StatusAsked
{
    /// <returns>No status when the two cannot be told apart; no others when nothing else is asked.</returns>
    public static (Status? Status, Expression? Others) Of(Expression expression)
    {
        List<Expression> parts =
        [
            .. expression is Expression.Joined { IsAnd: true } joined ? joined.Parts : [expression],
        ];
        Status? asked = Status.Success;
        for (var at = parts.Count - 1; at >= 0; at--)
        {
            Status? known = parts[at] switch
            {
                Expression.Called { Function: "always" } => Status.Always,
                Expression.Not { Of: Expression.Called { Function: "cancelled" } } => Status.Ended,
                Expression.Called { Function: "failure" } => Status.Failure,
                Expression.Called { Function: "success" } => Status.Success,
                _ => null,
            };
            if (known is not null)
            {
                asked = known;
                parts.RemoveAt(at);
            }
        }
        if (
            parts.Exists(static one =>
                one.All.Any(static of =>
                    of is Expression.Called { Function: "always" or "failure" or "success" or "cancelled" }
                )
            )
        )
        {
            asked = null;
        }
        return (
            asked,
            parts.Count switch
            {
                0 => null,
                1 => parts[0],
                _ => new Expression.Joined(0, IsAnd: true, parts),
            }
        );
    }
}
