using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Judging.PromQl.Reading;

/// <summary>What an expression gives.</summary>
internal enum ValueKind
{
    Scalar,
    Text,

    /// <summary>At each time one number for each series.</summary>
    Vector,

    /// <summary>At each time a window of numbers for each series.</summary>
    Ranges,
}

/// <summary>A query or a part of one.</summary>
internal abstract record Expression(Place Place)
{
    public abstract ValueKind Kind { get; }

    /// <summary>How many expressions lie inside each other; kept small, so that no stack overflows.</summary>
    public virtual int Depth => 1;

    public bool IsScalar => Kind == ValueKind.Scalar;

    /// <summary>Without the parentheses around it.</summary>
    public Expression Bare => this is Parenthesized one ? one.Inner.Bare : this;
}

internal sealed record NumberLiteral(double Value, Place Place) : Expression(Place)
{
    public override ValueKind Kind => ValueKind.Scalar;

    /// <summary>It was written as a duration: <c>5m</c> is 300.</summary>
    public bool IsDuration { get; init; }
}

internal sealed record TextLiteral(string Value, Place Place) : Expression(Place)
{
    public override ValueKind Kind => ValueKind.Text;
}

/// <summary>A length of time: a number of seconds, or a formula with <c>step()</c> and <c>range()</c> in it.</summary>
internal sealed record Length(long Milliseconds, Expression? Formula = null)
{
    public static readonly Length None = new(0);

    public bool IsNone => Milliseconds == 0 && Formula is null;
}

internal enum AnchorKind
{
    Time,
    Start,
    End,
}

/// <summary><c>@ 1609746000</c>, <c>@ start()</c>, <c>@ end()</c>.</summary>
internal sealed record Anchor(AnchorKind Kind, long At);

/// <summary>Which time is looked at: that of the step, or a fixed one, moved back by an offset.</summary>
internal sealed record Look(Anchor? Anchor, Length Offset)
{
    public static readonly Look Now = new(null, Length.None);

    public bool IsPlain => Anchor is null && Offset.IsNone;

    /// <summary>The time that is looked at in the step at a time; start() and end() are resolved by then.</summary>
    public long From(long step) => (Anchor?.At ?? step) - Offset.Milliseconds;
}

internal sealed record VectorSelector(string? Name, IReadOnlyList<Matcher> Matchers, Place Place) : Expression(Place)
{
    public override ValueKind Kind => ValueKind.Vector;

    public Look Look { get; init; } = Look.Now;
}

internal sealed record RangeSelector(VectorSelector Vector, Length Range, Place Place) : Expression(Place)
{
    public override ValueKind Kind => ValueKind.Ranges;
}

/// <summary><c>inner[1h:1m]</c>.</summary>
/// <param name="Step">Null for the default.</param>
internal sealed record Subquery(Expression Inner, Length Range, Length? Step, Place Place) : Expression(Place)
{
    public override ValueKind Kind => ValueKind.Ranges;

    public Look Look { get; init; } = Look.Now;

    public override int Depth { get; } = Inner.Depth + 1;
}

internal sealed record Parenthesized(Expression Inner, Place Place) : Expression(Place)
{
    public override ValueKind Kind => Inner.Kind;

    public override int Depth { get; } = Inner.Depth + 1;
}

internal sealed record Signed(bool IsNegative, Expression Inner, Place Place) : Expression(Place)
{
    public override ValueKind Kind => Inner.Kind;

    public override int Depth { get; } = Inner.Depth + 1;
}

internal sealed record Call(Signature Function, IReadOnlyList<Expression> Arguments, Place Place) : Expression(Place)
{
    public override ValueKind Kind => Function.Gives;

    public override int Depth { get; } = 1 + (Arguments.Count == 0 ? 0 : Arguments.Max(one => one.Depth));
}

internal enum Aggregator
{
    Sum,
    Avg,
    Count,
    Min,
    Max,
    Group,
    Stddev,
    Stdvar,
    Topk,
    Bottomk,
    CountValues,
    Quantile,
    Limitk,
    LimitRatio,
}

/// <summary><c>by (...)</c> or <c>without (...)</c>.</summary>
internal sealed record Grouping(bool IsWithout, IReadOnlyList<string> Labels)
{
    public static readonly Grouping All = new(IsWithout: false, []);
}

internal sealed record Aggregation(Aggregator Operator, Grouping Grouping, Expression Inner, Place Place)
    : Expression(Place)
{
    public override ValueKind Kind => ValueKind.Vector;

    /// <summary>The k of topk, the quantile, the label of count_values.</summary>
    public Expression? Parameter { get; init; }

    public override int Depth { get; } = Inner.Depth + 1;
}

internal enum Operator
{
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Power,
    Atan2,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    And,
    Or,
    Unless,
}

internal enum Cardinality
{
    OneToOne,
    ManyToOne,
    OneToMany,
    ManyToMany,
}

/// <summary>Which series belong together.</summary>
/// <param name="IsOn">Labels are those that count; else those that do not.</param>
/// <param name="Include">Labels taken over from the side of one.</param>
internal sealed record Matching(
    Cardinality Cardinality,
    bool IsOn,
    IReadOnlyList<string> Labels,
    IReadOnlyList<string> Include
)
{
    public static readonly Matching Plain = new(Cardinality.OneToOne, IsOn: false, [], []);

    /// <summary>Stands for a series that is missing on the left, and on the right.</summary>
    public (double? Left, double? Right) Fill { get; init; }
}

internal sealed record Binary(Operator Operator, Expression Left, Expression Right, Place Place) : Expression(Place)
{
    public override ValueKind Kind => Left.IsScalar && Right.IsScalar ? ValueKind.Scalar : ValueKind.Vector;

    public Matching Matching { get; init; } = Matching.Plain;

    /// <summary>Comparisons give 0 or 1 instead of leaving out.</summary>
    public bool IsBool { get; init; }

    public override int Depth { get; } = 1 + Math.Max(Left.Depth, Right.Depth);
}

/// <summary>What operators are.</summary>
internal static class Operators
{
    public static readonly IReadOnlyDictionary<string, Operator> All = new Dictionary<string, Operator>(
        StringComparer.OrdinalIgnoreCase
    )
    {
        ["+"] = Operator.Add,
        ["-"] = Operator.Subtract,
        ["*"] = Operator.Multiply,
        ["/"] = Operator.Divide,
        ["%"] = Operator.Modulo,
        ["^"] = Operator.Power,
        ["atan2"] = Operator.Atan2,
        ["=="] = Operator.Equal,
        ["!="] = Operator.NotEqual,
        ["<"] = Operator.Less,
        ["<="] = Operator.LessOrEqual,
        [">"] = Operator.Greater,
        [">="] = Operator.GreaterOrEqual,
        ["and"] = Operator.And,
        ["or"] = Operator.Or,
        ["unless"] = Operator.Unless,
    };

    extension(Operator one)
    {
        public string Written => All.First(pair => pair.Value == one).Key;

        public bool IsComparison => one is >= Operator.Equal and <= Operator.GreaterOrEqual;

        public bool IsSet => one is Operator.And or Operator.Or or Operator.Unless;

        /// <summary>What it gives is no longer the metric that went in.</summary>
        public bool IsArithmetic => one <= Operator.Atan2;

        public int Precedence =>
            one switch
            {
                Operator.Or => 1,
                Operator.And or Operator.Unless => 2,
                Operator.Add or Operator.Subtract => 4,
                Operator.Multiply or Operator.Divide or Operator.Modulo or Operator.Atan2 => 5,
                Operator.Power => PowerPrecedence,
                _ => 3,
            };
    }

    public const int PowerPrecedence = 6;
}
