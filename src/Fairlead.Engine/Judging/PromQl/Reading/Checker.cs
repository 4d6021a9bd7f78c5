using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Judging.PromQl.Reading;

/// <summary>Checks that kinds fit together.</summary>
internal sealed class Checker(string query)
{
    public void Check(Expression expression)
    {
        switch (expression)
        {
            case VectorSelector selector:
                Check(selector);
                break;
            case RangeSelector ranges:
                Check(ranges.Vector);
                break;
            case Subquery subquery:
                Check(subquery.Inner);
                if (subquery.Inner.Kind != ValueKind.Vector)
                {
                    throw Fault(
                        subquery,
                        $"subquery is only allowed on instant vector, got {Short(subquery.Inner.Kind)} instead"
                    );
                }
                break;
            case Parenthesized one:
                Check(one.Inner);
                break;
            case Signed signed:
                Check(signed.Inner);
                if (signed.Kind is not (ValueKind.Scalar or ValueKind.Vector))
                {
                    throw Fault(
                        signed,
                        $"unary expression only allowed on expressions of type scalar or instant vector, got \"{Name(signed.Kind)}\""
                    );
                }
                break;
            case Call call:
                Check(call);
                break;
            case Aggregation aggregation:
                Check(aggregation);
                break;
            case Binary binary:
                Check(binary);
                break;
            default:
                break;
        }
    }

    private void Check(VectorSelector selector)
    {
        if (selector.Name is null && selector.Matchers.All(MatchesEmpty))
        {
            throw Fault(selector, "vector selector must contain at least one non-empty matcher");
        }
    }

    private static bool MatchesEmpty(Matcher matcher) =>
        matcher.Kind switch
        {
            MatchKind.Equal => matcher.Value.Length == 0,
            MatchKind.NotEqual => matcher.Value.Length > 0,
            MatchKind.Regex => RegularExpression.For(matcher.Value).IsMatch(""),
            _ => !RegularExpression.For(matcher.Value).IsMatch(""),
        };

    private void Check(Aggregation aggregation)
    {
        Check(aggregation.Inner);
        Expect(aggregation.Inner, ValueKind.Vector, "aggregation expression");
        if (aggregation.Parameter is { } parameter)
        {
            Check(parameter);
            Expect(
                parameter,
                aggregation.Operator == Aggregator.CountValues ? ValueKind.Text : ValueKind.Scalar,
                "aggregation parameter"
            );
        }
    }

    private void Check(Call call)
    {
        var function = call.Function;
        var (wanted, given) = (function.Takes.Count, call.Arguments.Count);
        if (function.Variadic == 0)
        {
            if (given != wanted)
            {
                throw Fault(call, $"expected {wanted} argument(s) in call to \"{function.Name}\", got {given}");
            }
        }
        else if (given < wanted - 1)
        {
            throw Fault(
                call,
                $"expected at least {wanted - 1} argument(s) in call to \"{function.Name}\", got {given}"
            );
        }
        else if (function.Variadic > 0 && given > wanted - 1 + function.Variadic)
        {
            throw Fault(
                call,
                $"expected at most {wanted - 1 + function.Variadic} argument(s) in call to \"{function.Name}\", got {given}"
            );
        }
        for (var i = 0; i < given; i++)
        {
            Check(call.Arguments[i]);
            Expect(call.Arguments[i], function.Takes[Math.Min(i, wanted - 1)], $"call to function \"{function.Name}\"");
        }
    }

    private void Check(Binary binary)
    {
        Check(binary.Left);
        Check(binary.Right);
        var (left, right, found) = (binary.Left.Kind, binary.Right.Kind, binary.Operator);
        foreach (var side in (Expression[])[binary.Left, binary.Right])
        {
            if (side.Kind is not (ValueKind.Scalar or ValueKind.Vector))
            {
                throw Fault(side, "binary expression must contain only scalar and instant vector types");
            }
        }
        if (binary.IsBool && !found.IsComparison)
        {
            throw Fault(binary, "bool modifier can only be used on comparison operators");
        }
        if (found.IsComparison && !binary.IsBool && left == ValueKind.Scalar && right == ValueKind.Scalar)
        {
            throw Fault(binary, "comparisons between scalars must use BOOL modifier");
        }
        CheckMatching(binary, areVectors: left == ValueKind.Vector && right == ValueKind.Vector);
    }

    private void CheckMatching(Binary binary, bool areVectors)
    {
        var (matching, found) = (binary.Matching, binary.Operator);
        if (matching.IsOn && matching.Labels.Intersect(matching.Include).FirstOrDefault() is { } twice)
        {
            throw Fault(binary, $"label \"{twice}\" must not occur in ON and GROUP clause at once");
        }
        var fills = matching.Fill != (null, null);
        if (!areVectors)
        {
            if (matching.Labels.Count > 0)
            {
                throw Fault(binary, "vector matching only allowed between instant vectors");
            }
            if (fills)
            {
                throw Fault(binary, "filling in missing series only allowed between instant vectors");
            }
            if (found.IsSet)
            {
                throw Fault(binary, $"set operator \"{found.Written}\" not allowed in binary scalar expression");
            }
        }
        else if (found.IsSet)
        {
            if (matching.Cardinality != Cardinality.ManyToMany)
            {
                throw Fault(binary, $"no grouping allowed for \"{found.Written}\" operation");
            }
            if (fills)
            {
                throw Fault(binary, "filling in missing series not allowed for set operators");
            }
        }
    }

    private void Expect(Expression expression, ValueKind kind, string context)
    {
        if (expression.Kind != kind)
        {
            throw Fault(expression, $"expected type {Name(kind)} in {context}, got {Name(expression.Kind)}");
        }
    }

    private Model.Problems.ProblemException Fault(Expression expression, string message) =>
        Faults.Syntax(query, expression.Place, message);

    internal static string Name(ValueKind kind) =>
        kind switch
        {
            ValueKind.Scalar => "scalar",
            ValueKind.Text => "string",
            ValueKind.Vector => "instant vector",
            _ => "range vector",
        };

    private static string Short(ValueKind kind) =>
        kind switch
        {
            ValueKind.Scalar => "scalar",
            ValueKind.Text => "string",
            ValueKind.Vector => "vector",
            _ => "matrix",
        };
}
