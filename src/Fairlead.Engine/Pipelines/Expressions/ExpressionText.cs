using System.Text;

namespace Fairlead.Engine.Pipelines.Expressions;

/// <summary>Writes expressions, with no more parentheses than they need.</summary>
internal static class ExpressionText
{
    public static string Of(Expression expression)
    {
        var text = new StringBuilder();
        Append(text, expression, Rank.Or);
        return text.ToString();
    }

    /// <summary>What binds stronger is greater.</summary>
    private enum Rank
    {
        Or,
        And,
        Equality,
        Order,
        Not,
        Value,
    }

    private static Rank RankOf(Expression expression) =>
        expression switch
        {
            Expression.Joined joined => joined.IsAnd ? Rank.And : Rank.Or,
            Expression.Compared compared => compared.Sign is "==" or "!=" ? Rank.Equality : Rank.Order,
            Expression.Not => Rank.Not,
            _ => Rank.Value,
        };

    private static void Append(StringBuilder text, Expression expression, Rank least)
    {
        var rank = RankOf(expression);
        if (rank < least)
        {
            text.Append('(');
        }
        switch (expression)
        {
            case Expression.Literal literal:
                Append(text, literal.Value);
                break;
            case Expression.Named named:
                text.Append(named.Name);
                break;
            case Expression.Indexed indexed:
                // A literal has no properties unless it stands in parentheses.
                var isLiteral = indexed.Of is Expression.Literal;
                text.Append(isLiteral ? "(" : "");
                Append(text, indexed.Of, Rank.Value);
                text.Append(isLiteral ? ")" : "");
                Append(text, indexed);
                break;
            case Expression.Not not:
                text.Append('!');
                Append(text, not.Of, Rank.Not);
                break;
            case Expression.Compared compared:
                Append(text, compared.Left, rank);
                text.Append(' ').Append(compared.Sign).Append(' ');
                Append(text, compared.Right, rank + 1);
                break;
            case Expression.Joined joined:
                Separated(text, joined.Parts, joined.IsAnd ? " && " : " || ", rank + 1);
                break;
            case Expression.Called called:
                text.Append(called.Function).Append('(');
                Separated(text, called.Given, ", ", Rank.Or);
                text.Append(')');
                break;
            default:
                throw new InvalidOperationException("The set of expressions is closed.");
        }
        if (rank < least)
        {
            text.Append(')');
        }
    }

    private static void Append(StringBuilder text, Expression.Indexed indexed)
    {
        if (indexed.IsProperty)
        {
            text.Append('.').Append(indexed.Index is Expression.Literal name ? name.Value : "*");
            return;
        }
        text.Append('[');
        if (indexed.Index is { } index)
        {
            Append(text, index, Rank.Or);
        }
        else
        {
            text.Append('*');
        }
        text.Append(']');
    }

    private static void Separated(StringBuilder text, IReadOnlyList<Expression> parts, string by, Rank least)
    {
        for (var at = 0; at < parts.Count; at++)
        {
            text.Append(at == 0 ? "" : by);
            Append(text, parts[at], least);
        }
    }

    private static void Append(StringBuilder text, ExpressionValue value)
    {
        switch (value)
        {
            case ExpressionValue.Nothing:
                text.Append("null");
                break;
            case ExpressionValue.Text words:
                text.Append('\'').Append(words.Letters.Replace("'", "''", StringComparison.Ordinal)).Append('\'');
                break;
            case ExpressionValue.Number number:
                text.Append(NumberText.Exact(number.Amount));
                break;
            default:
                text.Append(value);
                break;
        }
    }
}
