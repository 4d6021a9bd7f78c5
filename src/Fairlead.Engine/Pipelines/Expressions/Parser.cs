using Fairlead.Engine.Manifests;
using Fairlead.Engine.Manifests.Reading;

namespace Fairlead.Engine.Pipelines.Expressions;

/// <summary>Builds the tree of an expression from its tokens, by descent; its depth is bounded.</summary>
internal sealed class Parser(IReadOnlyList<Token> tokens)
{
    private static readonly string[] Equalities = ["==", "!="];
    private static readonly string[] Orders = ["<", "<=", ">", ">="];

    private ExpressionFault? fault;
    private int next;
    private int depth;

    private Token Now => tokens[next];

    public (Expression? Expression, ExpressionFault? Fault) Read()
    {
        var expression = Whole();
        if (fault is null && Now.Kind != TokenKind.End)
        {
            Unexpected();
        }
        return fault is null ? (expression, null) : (null, fault);
    }

    private Expression? Whole() => Deeper(() => Joined("||", () => Joined("&&", Equality)));

    private Expression? Joined(string sign, Func<Expression?> part)
    {
        var at = Now.At;
        List<Expression> parts = [];
        do
        {
            if (part() is not { } one)
            {
                return null;
            }
            parts.Add(one);
        } while (Takes(sign));
        return parts.Count == 1 ? parts[0] : new Expression.Joined(at, sign == "&&", parts);
    }

    private Expression? Equality() => Compared(Equalities, () => Compared(Orders, Unary));

    private Expression? Compared(string[] signs, Func<Expression?> side)
    {
        var left = side();
        var entered = depth;
        while (left is not null && Now.Kind == TokenKind.Sign && signs.Contains(Now.Text, StringComparer.Ordinal))
        {
            // A chain is a tree as deep as it is long.
            if (!Enter())
            {
                return null;
            }
            var sign = tokens[next++];
            left = side() is { } right ? new Expression.Compared(left.At, sign.Text, left, right) : null;
        }
        depth = entered;
        return left;
    }

    private Expression? Unary()
    {
        var at = Now.At;
        return Takes("!") ? Deeper(() => Unary() is { } one ? new Expression.Not(at, one) : null) : Indexed();
    }

    private Expression? Indexed()
    {
        var start = Now;
        var of = Value();
        // Literals have no properties.
        if (start.Kind == TokenKind.Literal)
        {
            return of;
        }
        var entered = depth;
        while (of is not null && (Is("[") || Is(".")))
        {
            of = Enter() ? Step(of) : null;
        }
        depth = entered;
        return of;
    }

    private Expression? Step(Expression of)
    {
        if (Takes("."))
        {
            var name = Now;
            if (Takes("*"))
            {
                return new Expression.Indexed(name.At, of, Index: null, IsProperty: true);
            }
            if (name.Kind != TokenKind.Name)
            {
                return Unexpected();
            }
            next++;
            var property = new Expression.Literal(name.At, new ExpressionValue.Text(name.Text));
            return new Expression.Indexed(name.At, of, property, IsProperty: true);
        }
        next++;
        var at = Now.At;
        if (Takes("*"))
        {
            return Expects("]") ? new Expression.Indexed(at, of, Index: null, IsProperty: false) : null;
        }
        return Whole() is { } index && Expects("]") ? new Expression.Indexed(at, of, index, IsProperty: false) : null;
    }

    private Expression? Value()
    {
        var token = Now;
        if (token.Kind == TokenKind.Literal)
        {
            next++;
            return new Expression.Literal(token.At, token.Value!);
        }
        if (Takes("("))
        {
            return Whole() is { } inner && Expects(")") ? inner : null;
        }
        if (token.Kind != TokenKind.Name)
        {
            return Unexpected();
        }
        next++;
        return Takes("(") ? Called(token) : new Expression.Named(token.At, token.Text);
    }

    private Expression.Called? Called(Token name)
    {
        List<Expression> given = [];
        if (!Takes(")"))
        {
            do
            {
                if (Whole() is not { } one)
                {
                    return null;
                }
                given.Add(one);
            } while (Takes(","));
            if (!Expects(")"))
            {
                return null;
            }
        }
        if (!Functions.Known.TryGetValue(name.Text, out var function))
        {
            var meant = Nearest.To(name.Text, Functions.Known.Keys);
            fault = new(
                name.At,
                $"There is no function {Shown.Quoted(name.Text)}.",
                $"Known are {string.Join(", ", Functions.Known.Keys)}.",
                meant is null ? "Use one of these." : $"Did you mean {meant}()?"
            );
            return null;
        }
        if (given.Count < function.Least || given.Count > function.Most || (function.IsOdd && given.Count % 2 == 0))
        {
            fault = new(
                name.At,
                $"{function.Name}() is given {given.Count} values.",
                $"It takes {function.Takes}.",
                $"Write for example: {function.Example}"
            );
            return null;
        }
        return new(name.At, function.Name, given);
    }

    private Expression? Deeper(Func<Expression?> part)
    {
        if (!Enter())
        {
            return null;
        }
        var one = part();
        depth--;
        return one;
    }

    private bool Enter()
    {
        if (++depth <= Expression.DepthMax)
        {
            return true;
        }
        fault ??= new(
            Now.At,
            "The expression is nested too deeply.",
            $"At most {Expression.DepthMax} levels are read.",
            "Decide a part of it in a job or task of its own."
        );
        return false;
    }

    private bool Is(string sign) => Now.Kind == TokenKind.Sign && Now.Text == sign;

    private bool Takes(string sign)
    {
        if (!Is(sign))
        {
            return false;
        }
        next++;
        return true;
    }

    private bool Expects(string sign)
    {
        if (Takes(sign))
        {
            return true;
        }
        fault ??=
            Now.Kind == TokenKind.End
                ? new(
                    Now.At,
                    $"The expression ends where '{sign}' is missing.",
                    "What opens must close.",
                    $"Add '{sign}'."
                )
                : new(
                    Now.At,
                    $"{Shown.Quoted(Now.Text)} stands where '{sign}' is expected.",
                    "What opens must close.",
                    $"Add '{sign}' before it."
                );
        return false;
    }

    private Expression? Unexpected()
    {
        fault ??=
            Now.Kind == TokenKind.End
                ? new(
                    Now.At,
                    tokens.Count == 1 ? "The expression is empty." : "The expression ends too early.",
                    "A value is expected here.",
                    "Write for example: branch == 'main'"
                )
                : new(
                    Now.At,
                    $"{Shown.Quoted(Now.Text)} is not expected here.",
                    "Between two values stands ==, !=, <, <=, >, >=, && or ||; texts stand in single quotes.",
                    "Write for example: branch == 'main' && event == 'push'"
                );
        return null;
    }
}
