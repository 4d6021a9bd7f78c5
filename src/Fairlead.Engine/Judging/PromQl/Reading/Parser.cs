using Fairlead.Engine.Manifests;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Judging.PromQl.Reading;

/// <summary>Reads a query: operators by precedence climbing, everything else by descent.</summary>
internal sealed class Parser
{
    /// <summary>How deep expressions may lie inside each other.</summary>
    public const int DepthMax = 500;

    private readonly string query;
    private readonly IReadOnlyList<Token> tokens;
    private int at;
    private int depth;

    private Parser(string query)
    {
        this.query = query;
        tokens = Lexer.Read(query);
    }

    /// <summary>The expression of a query, its types checked.</summary>
    /// <exception cref="ProblemException">It cannot be read.</exception>
    public static Expression Read(string query)
    {
        var parser = new Parser(query);
        if (parser.Here.Kind == TokenKind.End)
        {
            throw Faults.Syntax(query, parser.Here.Place, "no expression found in input", "an expression");
        }
        var expression = parser.Expression(1);
        if (parser.Here.Kind != TokenKind.End)
        {
            throw parser.Unexpected("", "");
        }
        new Checker(query).Check(expression);
        return expression;
    }

    /// <summary>A series selector alone, as in <c>match[]=up{job="api"}</c>.</summary>
    public static VectorSelector ReadSelector(string text) =>
        Read(text) is VectorSelector { Look.IsPlain: true } selector
            ? selector
            : throw Faults.Syntax(text, new(0, text.Length), "expected a series selector", "up{job=\"api\"}");

    /// <summary>A series as it is described in tests: <c>up{job="api"}</c>.</summary>
    public static Labels ReadSeries(string text)
    {
        var parser = new Parser(text);
        var selector = parser.Selector();
        if (parser.Here.Kind != TokenKind.End || selector.Matchers.Any(one => one.Kind != MatchKind.Equal))
        {
            throw Faults.Syntax(text, parser.Here.Place, "expected a series", "up{job=\"api\"}");
        }
        return Labels.Of(selector.Matchers.Select(one => new Label(one.Name, one.Value)));
    }

    private Token Here => tokens[at];

    private Token After => tokens[Math.Min(at + 1, tokens.Count - 1)];

    private Token Next() => tokens[at < tokens.Count - 1 ? at++ : at];

    private Place Last => tokens[Math.Max(0, at - 1)].Place;

    private Expression Expression(int precedence)
    {
        using var level = Deeper();
        var left = Operand();
        while (OperatorHere() is { } found && found.Precedence >= precedence)
        {
            Next();
            var (isBool, matching) = Modifiers();
            var isRightFirst = found == Operator.Power;
            var right = Expression(found.Precedence + (isRightFirst ? 0 : 1));
            left = new Binary(found, left, right, Place.From(left.Place, right.Place))
            {
                IsBool = isBool,
                Matching =
                    found.IsSet && matching.Cardinality == Cardinality.OneToOne
                        ? matching with
                        {
                            Cardinality = Cardinality.ManyToMany,
                        }
                        : matching,
            };
            if (left.Depth > DepthMax)
            {
                throw TooDeep();
            }
        }
        return left;
    }

    private Operator? OperatorHere() =>
        Here.Kind is TokenKind.Operator or TokenKind.Word && Operators.All.TryGetValue(Here.Value, out var found)
            ? found
            : null;

    private Expression Operand()
    {
        if (Here.Is("-") || Here.Is("+"))
        {
            var sign = Next();
            var isNegative = sign.Value == "-";
            var inner = Expression(Operators.PowerPrecedence);
            var place = Place.From(sign.Place, inner.Place);
            return inner is NumberLiteral number
                ? number with
                {
                    Value = isNegative ? -number.Value : number.Value,
                    Place = place,
                }
                : new Signed(isNegative, inner, place);
        }
        var operand = Primary();
        while (Suffixed(operand) is { } suffixed)
        {
            operand = suffixed;
        }
        return operand;
    }

    private Expression? Suffixed(Expression operand) =>
        Here.Kind switch
        {
            TokenKind.LeftBracket => Bracketed(operand),
            TokenKind.At => Anchored(operand),
            TokenKind.Word when Here.IsWord("offset") => Offset(operand),
            TokenKind.Word when Here.IsWord("anchored") || Here.IsWord("smoothed") => throw Faults.Syntax(
                query,
                Here.Place,
                $"{Here.Value.ToLowerInvariant()} modifier is experimental and not enabled"
            ),
            _ => null,
        };

    private Expression Primary()
    {
        var token = Here;
        switch (token.Kind)
        {
            case TokenKind.Number or TokenKind.Duration:
                Next();
                return Number(token);
            case TokenKind.Text:
                Next();
                return new TextLiteral(Utf8(token), token.Place);
            case TokenKind.LeftParenthesis:
                Next();
                var inner = Expression(1);
                Expect(TokenKind.RightParenthesis, "in parentheses", "\")\"");
                return new Parenthesized(inner, Place.From(token.Place, Last));
            case TokenKind.LeftBrace:
                return Selector();
            case TokenKind.Word:
                return Word(token);
            default:
                throw Unexpected("", "an expression");
        }
    }

    private Expression Word(Token token)
    {
        if (token.IsWord("inf") || token.IsWord("nan"))
        {
            Next();
            return new NumberLiteral(Numbers.Read(token.Value)!.Value, token.Place); // Both words are numbers.
        }
        var isCalled = After.Kind == TokenKind.LeftParenthesis;
        if (
            Keywords.Aggregators.TryGetValue(token.Value, out var aggregator)
            && (isCalled || After.IsWord("by") || After.IsWord("without"))
        )
        {
            return Aggregation(aggregator);
        }
        if (isCalled && OperatorHere() is null && !token.IsWord("by") && !token.IsWord("without"))
        {
            return Function(token);
        }
        return Keywords.Reserved.Contains(token.Value) ? throw Unexpected("", "an expression") : Selector();
    }

    private NumberLiteral Number(Token token)
    {
        if (token.Kind == TokenKind.Duration)
        {
            var milliseconds =
                Durations.Read(token.Value)
                ?? throw Faults.Syntax(query, token.Place, $"not a valid duration string: \"{token.Value}\"", "1h30m");
            return new(milliseconds / 1000.0, token.Place) { IsDuration = true };
        }
        return new(
            Numbers.Read(token.Value)
                ?? throw Faults.Syntax(query, token.Place, $"error parsing number: \"{token.Value}\""),
            token.Place
        );
    }

    private Call Function(Token name)
    {
        Next();
        if (!Signatures.All.TryGetValue(name.Value, out var signature))
        {
            var near = Nearest.To(name.Value, Signatures.All.Keys);
            throw Faults.Syntax(
                query,
                name.Place,
                $"unknown function with name \"{name.Value}\"",
                near is null ? "a function of Prometheus 3" : $"{near}(...)"
            );
        }
        var arguments = Arguments();
        return new(signature, arguments, Place.From(name.Place, Last));
    }

    private List<Expression> Arguments()
    {
        Expect(TokenKind.LeftParenthesis, "function call", "\"(\"");
        var arguments = new List<Expression>();
        while (Here.Kind != TokenKind.RightParenthesis)
        {
            arguments.Add(Expression(1));
            if (Here.Kind == TokenKind.Comma)
            {
                var comma = Next();
                if (Here.Kind == TokenKind.RightParenthesis)
                {
                    throw Faults.Syntax(query, comma.Place, "trailing commas not allowed in function call args");
                }
            }
            else if (Here.Kind != TokenKind.RightParenthesis)
            {
                throw Unexpected("function call", "\",\" or \")\"");
            }
        }
        Next();
        return arguments;
    }

    private Aggregation Aggregation(Aggregator aggregator)
    {
        var word = Next();
        var grouping = GroupingHere();
        var arguments = Arguments();
        grouping ??= GroupingHere();
        var place = Place.From(word.Place, Last);
        if (arguments.Count == 0)
        {
            throw Faults.Syntax(query, place, "no arguments for aggregate expression provided");
        }
        var wanted = TakesParameter(aggregator) ? 2 : 1;
        if (arguments.Count != wanted)
        {
            throw Faults.Syntax(
                query,
                place,
                $"wrong number of arguments for aggregate expression provided, expected {wanted}, got {arguments.Count}"
            );
        }
        return new(aggregator, grouping ?? Grouping.All, arguments[^1], place)
        {
            Parameter = wanted == 2 ? arguments[0] : null,
        };
    }

    internal static bool TakesParameter(Aggregator aggregator) =>
        aggregator
            is Aggregator.Topk
                or Aggregator.Bottomk
                or Aggregator.CountValues
                or Aggregator.Quantile
                or Aggregator.Limitk
                or Aggregator.LimitRatio;

    private Grouping? GroupingHere()
    {
        if (!Here.IsWord("by") && !Here.IsWord("without"))
        {
            return null;
        }
        var isWithout = Next().IsWord("without");
        return new(isWithout, LabelList());
    }

    private List<string> LabelList()
    {
        Expect(TokenKind.LeftParenthesis, "grouping opts", "\"(\"");
        var labels = new List<string>();
        while (Here.Kind != TokenKind.RightParenthesis)
        {
            if (Here.Kind is not (TokenKind.Word or TokenKind.Text))
            {
                throw Unexpected("grouping opts", "label");
            }
            var label = Next();
            if (label.Kind == TokenKind.Word ? label.Value.Contains(':') : !Written.IsUtf8Name(label.Value))
            {
                throw Faults.Syntax(
                    query,
                    label.Place,
                    $"invalid label name for grouping: {Written.Quoted(label.Value)}"
                );
            }
            labels.Add(label.Value);
            if (Here.Kind == TokenKind.Comma)
            {
                Next();
            }
            else if (Here.Kind != TokenKind.RightParenthesis)
            {
                throw Unexpected("grouping opts", "\",\" or \")\"");
            }
        }
        Next();
        return labels;
    }

    private (bool IsBool, Matching Matching) Modifiers()
    {
        var isBool = Here.IsWord("bool");
        if (isBool)
        {
            Next();
        }
        var matching = Matching.Plain;
        if (Here.IsWord("on") || Here.IsWord("ignoring"))
        {
            var isOn = Next().IsWord("on");
            matching = matching with { IsOn = isOn, Labels = LabelList() };
            if (Here.IsWord("group_left") || Here.IsWord("group_right"))
            {
                var isLeft = Next().IsWord("group_left");
                matching = matching with
                {
                    Cardinality = isLeft ? Cardinality.ManyToOne : Cardinality.OneToMany,
                    Include = Here.Kind == TokenKind.LeftParenthesis ? LabelList() : [],
                };
            }
        }
        return (isBool, matching with { Fill = Fill() });
    }

    /// <summary><c>fill(0)</c>, <c>fill_left(0) fill_right(1)</c>: what stands for series that are missing on a side.</summary>
    private (double? Left, double? Right) Fill()
    {
        (double? Left, double? Right) fill = (null, null);
        while (
            After.Kind == TokenKind.LeftParenthesis
            && (Here.IsWord("fill") || Here.IsWord("fill_left") || Here.IsWord("fill_right"))
        )
        {
            var word = Next();
            Next();
            var isNegative = Here.Is("-");
            if (isNegative || Here.Is("+"))
            {
                Next();
            }
            if (Here.Kind is not (TokenKind.Number or TokenKind.Duration) && !Here.IsWord("inf") && !Here.IsWord("nan"))
            {
                throw Unexpected("fill", "number");
            }
            var value = Here.Kind == TokenKind.Word ? Numbers.Read(Next().Value)!.Value : Number(Next()).Value;
            value = isNegative ? -value : value;
            Expect(TokenKind.RightParenthesis, "fill", "\")\"");
            fill =
                word.IsWord("fill") ? (value, value)
                : word.IsWord("fill_left") ? (value, fill.Right)
                : (fill.Left, value);
        }
        return fill;
    }

    private VectorSelector Selector()
    {
        var start = Here.Place;
        var name = Here.Kind == TokenKind.Word ? Next().Value : null;
        var matchers = new List<Matcher>();
        if (Here.Kind == TokenKind.LeftBrace)
        {
            Next();
            while (Here.Kind != TokenKind.RightBrace)
            {
                matchers.Add(MatcherHere());
                if (Here.Kind == TokenKind.Comma)
                {
                    Next();
                }
                else if (Here.Kind != TokenKind.RightBrace)
                {
                    throw Unexpected("label matching", "\",\" or \"}\"");
                }
            }
            Next();
        }
        else if (name is null)
        {
            throw Unexpected("", "a metric's name or \"{\"");
        }
        var place = Place.From(start, Last);
        if (name is not null)
        {
            if (matchers.FirstOrDefault(one => one.Name == Labels.MetricName) is { } twice)
            {
                throw Faults.Syntax(
                    query,
                    place,
                    $"metric name must not be set twice: {Written.Quoted(name)} or {Written.Quoted(twice.Value)}"
                );
            }
            matchers.Add(new(MatchKind.Equal, Labels.MetricName, name));
        }
        return new(name, matchers, place);
    }

    private Matcher MatcherHere()
    {
        if (Here.Kind is not (TokenKind.Word or TokenKind.Text))
        {
            throw Unexpected("label matching", "identifier or \"}\"");
        }
        var label = Next();
        if (label.Kind == TokenKind.Text && Here.Kind is TokenKind.Comma or TokenKind.RightBrace)
        {
            return new(MatchKind.Equal, Labels.MetricName, Utf8(label));
        }
        MatchKind kind = Here.Kind switch
        {
            TokenKind.Equal => MatchKind.Equal,
            TokenKind.MatchesRegex => MatchKind.Regex,
            TokenKind.MatchesNoRegex => MatchKind.NotRegex,
            TokenKind.Operator when Here.Value == "!=" => MatchKind.NotEqual,
            _ => throw Unexpected("label matching", "label matching operator"),
        };
        Next();
        if (Here.Kind != TokenKind.Text)
        {
            throw Unexpected("label matching", "string");
        }
        var value = Next();
        if (kind is MatchKind.Regex or MatchKind.NotRegex && RegularExpression.Fault(value.Value) is { } fault)
        {
            throw Faults.Syntax(query, value.Place, $"error parsing regexp: {fault}");
        }
        return new(kind, label.Kind == TokenKind.Text ? Utf8(label) : label.Value, Utf8(value));
    }

    private Expression Bracketed(Expression operand)
    {
        var bracket = Next();
        var range = LengthHere(1);
        Expression made;
        if (Here.Kind == TokenKind.Colon)
        {
            Next();
            Length? step = Here.Kind == TokenKind.RightBracket ? null : LengthHere(1);
            Expect(TokenKind.RightBracket, "subquery selector", "\"]\"");
            made = new Subquery(operand, range, step, Place.From(operand.Place, Last));
        }
        else
        {
            Expect(TokenKind.RightBracket, "subquery or range", "\":\" or \"]\"");
            var place = Place.From(bracket.Place, Last);
            made = operand switch
            {
                VectorSelector { Look.IsPlain: true } vector => new RangeSelector(
                    vector,
                    range,
                    Place.From(operand.Place, Last)
                ),
                VectorSelector { Look.Offset.IsNone: false } => throw Faults.Syntax(
                    query,
                    place,
                    "no offset modifiers allowed before range"
                ),
                VectorSelector => throw Faults.Syntax(query, place, "no @ modifiers allowed before range"),
                _ => throw Faults.Syntax(query, place, "ranges only allowed for vector selectors"),
            };
        }
        return made.Depth > DepthMax ? throw TooDeep() : made;
    }

    private Expression Offset(Expression operand)
    {
        Next();
        var isNegative = false;
        while (Here.Is("-") || Here.Is("+"))
        {
            isNegative ^= Next().Value == "-";
        }
        var length = LengthOperand();
        var offset = isNegative ? Negated(length) : length;
        return Looking(
            operand,
            look =>
                look.Offset.IsNone
                    ? look with
                    {
                        Offset = offset,
                    }
                    : throw Faults.Syntax(query, operand.Place, "offset may not be set multiple times"),
            "offset modifier must be preceded by an instant vector selector or range vector selector or a subquery"
        );
    }

    private Expression Anchored(Expression operand)
    {
        Next();
        var anchor = AnchorHere();
        return Looking(
            operand,
            look =>
                look.Anchor is null
                    ? look with
                    {
                        Anchor = anchor,
                    }
                    : throw Faults.Syntax(query, operand.Place, "@ <timestamp> may not be set multiple times"),
            "@ modifier must be preceded by an instant vector selector or range vector selector or a subquery"
        );
    }

    private Anchor AnchorHere()
    {
        if (Here.IsWord("start") || Here.IsWord("end"))
        {
            var kind = Next().IsWord("start") ? AnchorKind.Start : AnchorKind.End;
            Expect(TokenKind.LeftParenthesis, "@", "\"(\"");
            Expect(TokenKind.RightParenthesis, "@", "\")\"");
            return new(kind, 0);
        }
        var isNegative = Here.Is("-");
        if (isNegative || Here.Is("+"))
        {
            Next();
        }
        var place = Here.Place;
        var seconds =
            Here.IsWord("inf") || Here.IsWord("nan") ? Numbers.Read(Next().Value)!.Value
            : Here.Kind is TokenKind.Number or TokenKind.Duration ? Number(Next()).Value
            : throw Unexpected("@", "timestamp");
        if (!double.IsFinite(seconds) || Math.Abs(seconds) >= long.MaxValue / 1000.0)
        {
            throw Faults.Syntax(query, place, $"timestamp out of bounds for @ modifier: {seconds:0.######}");
        }
        return new(
            AnchorKind.Time,
            (long)Math.Round((isNegative ? -seconds : seconds) * 1000, MidpointRounding.AwayFromZero)
        );
    }

    private Expression Looking(Expression operand, Func<Look, Look> change, string otherwise) =>
        operand switch
        {
            VectorSelector one => one with { Look = change(one.Look), Place = Place.From(one.Place, Last) },
            RangeSelector one => one with
            {
                Vector = one.Vector with { Look = change(one.Vector.Look) },
                Place = Place.From(one.Place, Last),
            },
            Subquery one => one with { Look = change(one.Look), Place = Place.From(one.Place, Last) },
            _ => throw Faults.Syntax(query, operand.Place, otherwise),
        };

    /// <summary>A length of time in brackets: <c>5m</c>, <c>300</c>, <c>2 * step()</c>.</summary>
    private Length LengthHere(int precedence)
    {
        var start = Here.Place;
        if (Here.Kind == TokenKind.RightBracket || Here.Kind == TokenKind.Colon)
        {
            throw Unexpected("subquery or range selector", "number, duration, step(), or range()");
        }
        var length = Lengths.Of(LengthFormula(precedence));
        return length.Formula is null && length.Milliseconds <= 0
            ? throw Faults.Syntax(query, start, "duration must be greater than 0", "a duration such as 5m")
            : length;
    }

    private Length LengthOperand()
    {
        var formula = LengthPrimary("offset");
        return Lengths.Of(formula);
    }

    private Expression LengthFormula(int precedence)
    {
        using var level = Deeper();
        var left = LengthSigned();
        while (
            OperatorHere() is { IsArithmetic: true } found && found != Operator.Atan2 && found.Precedence >= precedence
        )
        {
            Next();
            var right = LengthFormula(found.Precedence + (found == Operator.Power ? 0 : 1));
            left = new Binary(found, left, right, Place.From(left.Place, right.Place));
        }
        return left;
    }

    private Expression LengthSigned()
    {
        if (!Here.Is("-") && !Here.Is("+"))
        {
            return LengthPrimary("subquery or range selector");
        }
        using var level = Deeper();
        var sign = Next();
        var inner = LengthFormula(Operators.PowerPrecedence);
        return new Signed(sign.Value == "-", inner, Place.From(sign.Place, inner.Place));
    }

    private Expression LengthPrimary(string context)
    {
        var token = Here;
        switch (token.Kind)
        {
            case TokenKind.Number or TokenKind.Duration:
                Next();
                return Number(token);
            case TokenKind.LeftParenthesis:
                Next();
                var inner = LengthFormula(1);
                Expect(TokenKind.RightParenthesis, context, "\")\"");
                return new Parenthesized(inner, Place.From(token.Place, Last));
            case TokenKind.Word when token.IsWord("step") || token.IsWord("range"):
                Next();
                Expect(TokenKind.LeftParenthesis, context, "\"(\"");
                Expect(TokenKind.RightParenthesis, context, "\")\"");
                return new Call(Signatures.All[token.Value.ToLowerInvariant()], [], Place.From(token.Place, Last));
            case TokenKind.Word when token.IsWord("min") || token.IsWord("max"):
                Next();
                Expect(TokenKind.LeftParenthesis, context, "\"(\"");
                var first = LengthFormula(1);
                Expect(TokenKind.Comma, context, "\",\"");
                var second = LengthFormula(1);
                Expect(TokenKind.RightParenthesis, context, "\")\"");
                return new Call(
                    Signatures.All[token.IsWord("min") ? "min_of" : "max_of"],
                    [first, second],
                    Place.From(token.Place, Last)
                );
            default:
                throw Unexpected(context, "number, duration, step(), or range()");
        }
    }

    private static Length Negated(Length length) =>
        length.Formula is null
            ? new(-length.Milliseconds)
            : new(0, new Signed(IsNegative: true, length.Formula, length.Formula.Place));

    private void Expect(TokenKind kind, string context, string expected)
    {
        if (Here.Kind != kind)
        {
            throw Unexpected(context, expected);
        }
        Next();
    }

    private string Utf8(Token token) =>
        token.Value.Contains('\uFFFD') ? throw Faults.Syntax(query, token.Place, "invalid UTF-8 rune") : token.Value;

    private ProblemException Unexpected(string context, string expected) =>
        Faults.Syntax(
            query,
            Here.Place,
            $"unexpected {Here.Described}{(context.Length > 0 ? $" in {context}" : "")}"
                + (expected.Length > 0 ? $", expected {expected}" : ""),
            expected.Length > 0 ? expected : null
        );

    private ProblemException TooDeep() =>
        Faults.Syntax(
            query,
            Here.Place,
            $"expressions lie more than {DepthMax} deep inside each other",
            "a flatter query"
        );

    private Level Deeper() => ++depth > DepthMax ? throw TooDeep() : new(this);

    private readonly struct Level(Parser parser) : IDisposable
    {
        public void Dispose() => parser.depth--;
    }
}
