namespace Fairlead.Engine.Pipelines.Expressions;

/// <summary>
/// An expression that was read: what a condition says, or what stands in <c>${{ }}</c>. Its rules are those of GitHub's
/// expressions, https://docs.github.com/actions/reference/workflows-and-actions/expressions. The set is closed.
/// </summary>
/// <param name="At">Letters before it in its text.</param>
public abstract record Expression(int At)
{
    /// <summary>As GitHub has it.</summary>
    public const int LettersMax = 21_000;

    /// <summary>As GitHub has it.</summary>
    public const int DepthMax = 50;

    private Expression(int at, bool _)
        : this(at) { }

    /// <summary>A value as it stands there.</summary>
    public sealed record Literal(int At, ExpressionValue Value) : Expression(At, false);

    /// <summary>What the context has under a name.</summary>
    public sealed record Named(int At, string Name) : Expression(At, false);

    /// <summary>What a value has under a name or number.</summary>
    /// <param name="Index">Null is the star: all of it.</param>
    /// <param name="IsProperty">Written with a point.</param>
    public sealed record Indexed(int At, Expression Of, Expression? Index, bool IsProperty) : Expression(At, false);

    /// <summary>The opposite.</summary>
    public sealed record Not(int At, Expression Of) : Expression(At, false);

    /// <summary>A comparison.</summary>
    /// <param name="Sign">==, !=, &lt;, &lt;=, > or >=.</param>
    public sealed record Compared(int At, string Sign, Expression Left, Expression Right) : Expression(At, false);

    /// <summary>The first that decides: with <c>&amp;&amp;</c> the first that does not hold, with <c>||</c> the first that does; else the last.</summary>
    public sealed record Joined(int At, bool IsAnd, IReadOnlyList<Expression> Parts) : Expression(At, false);

    /// <summary>What a function answers.</summary>
    public sealed record Called(int At, string Function, IReadOnlyList<Expression> Given) : Expression(At, false);

    /// <summary>Reads one; never throws.</summary>
    /// <returns>The expression, or what is wrong: first with its form, then with its functions.</returns>
    public static (Expression? Expression, ExpressionFault? Fault) Parse(string text)
    {
        if (text.Length > LettersMax)
        {
            return (
                null,
                new(
                    0,
                    "The expression is too long.",
                    $"It has {text.Length} letters, and at most {LettersMax} are read.",
                    "Move what it decides into a script."
                )
            );
        }
        var (tokens, fault) = new Lexer(text).Read();
        return fault is null ? new Parser(tokens).Read() : (null, fault);
    }

    /// <exception cref="Fairlead.Model.Problems.ProblemException">A function cannot take what it is given, or the result is too large.</exception>
    public ExpressionValue Evaluate(IExpressionContext context) => new Evaluator(context).Of(this);

    /// <summary>It and all below it.</summary>
    public IEnumerable<Expression> All => Below.SelectMany(static one => one.All).Prepend(this);

    private IEnumerable<Expression> Below =>
        this switch
        {
            Indexed indexed => indexed.Index is { } index ? [indexed.Of, index] : [indexed.Of],
            Not not => [not.Of],
            Compared compared => [compared.Left, compared.Right],
            Joined joined => joined.Parts,
            Called called => called.Given,
            _ => [],
        };
}
