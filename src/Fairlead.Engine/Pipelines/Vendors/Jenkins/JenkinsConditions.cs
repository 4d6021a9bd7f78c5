using Fairlead.Engine.Pipelines.Expressions;

namespace Fairlead.Engine.Pipelines.Vendors.Jenkins;

/// <summary>Conditions in Groovy, over what Jenkins has in the environment of a multibranch build.</summary>
internal sealed class JenkinsConditions(JenkinsTexts texts)
{
    private const string TimerCause = "hudson.triggers.TimerTrigger$TimerTriggerCause";
    private const string UserCause = "hudson.model.Cause$UserIdCause";
    private const string NoBranch = "(env.CHANGE_ID || env.TAG_NAME)";

    /// <summary>
    /// What a job's condition asks beyond what Jenkins does by itself: later stages go on when earlier ones were skipped, and not when
    /// one failed. Null when that is all.
    /// </summary>
    public static Expression? Beyond(Expression? expression)
    {
        if (expression is not Expression.Joined { IsAnd: true } joined)
        {
            return expression;
        }
        var rest = joined.Parts.Where(static one => !IsNot(one, "failure") && !IsNot(one, "cancelled")).ToList();
        return !joined.Parts.Any(static one => IsNot(one, "failure"))
            || !joined.Parts.Any(static one => IsNot(one, "cancelled"))
                ? expression
            : rest.Count == 0 ? null
            : rest.Count == 1 ? rest[0]
            : joined with { Parts = rest };
    }

    private static bool IsNot(Expression expression, string function) =>
        expression is Expression.Not { Of: Expression.Called called } && called.Function == function;

    /// <summary>Null when it cannot be said.</summary>
    public string? Groovy(Expression expression) =>
        expression switch
        {
            Expression.Not not => Groovy(not.Of) is { } of ? $"!({of})" : null,
            Expression.Joined joined => Joined(joined),
            Expression.Compared { Sign: "==" or "!=", Right: Expression.Literal with } compared => Compared(
                compared.Left,
                with.Value.ToString()
            )
                is { } said
                ? compared.Sign == "=="
                    ? said
                    : $"!({said})"
                : null,
            Expression.Called
            {
                Function: "startsWith" or "endsWith" or "contains",
                Given: [var of, Expression.Literal with]
            } called when Value(of) is { } value =>
                $"{value}.{called.Function}({GroovyText.Quoted(with.Value.ToString())})",
            Expression.Literal { Value: ExpressionValue.Truth yes } => yes.Holds ? "true" : "false",
            _ when Value(expression) is { } value => $"{value} != ''",
            _ => null,
        };

    /// <summary>What a stage asks in the words of Jenkins itself, where it has one; else in Groovy.</summary>
    public string? When(Expression expression) =>
        expression switch
        {
            Expression.Compared
            {
                Sign: "==",
                Left: Expression.Named { Name: "branch" },
                Right: Expression.Literal { Value: ExpressionValue.Text { Letters: { Length: > 0 } branch } }
            } when branch.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '/') =>
                $"branch {GroovyText.Quoted(branch)}",
            Expression.Compared
            {
                Sign: "==",
                Left: Expression.Named { Name: "event" },
                Right: Expression.Literal { Value: ExpressionValue.Text { Letters: "change" } }
            } => "changeRequest()",
            Expression.Compared
            {
                Sign: "!=",
                Left: Expression.Named { Name: "tag" },
                Right: Expression.Literal { Value: ExpressionValue.Text { Letters: "" } }
            } => "buildingTag()",
            _ => Groovy(expression) is { } groovy ? $"expression {{ {groovy} }}" : null,
        };

    private string? Joined(Expression.Joined joined)
    {
        var parts = joined.Parts.Select(Groovy).ToList();
        return parts.Contains(null)
            ? null
            : string.Join(
                joined.IsAnd ? " && " : " || ",
                parts.Zip(
                    joined.Parts,
                    (said, of) => of is Expression.Joined { IsAnd: false } && joined.IsAnd ? $"({said})" : said
                )
            );
    }

    private string? Compared(Expression left, string text)
    {
        if (
            left is Expression.Named { Name: var name }
            && string.Equals(name, "event", StringComparison.OrdinalIgnoreCase)
        )
        {
            return text switch
            {
                "change" => "env.CHANGE_ID != null",
                "tag" => "env.TAG_NAME != null",
                "schedule" => Caused(TimerCause),
                "manual" => Caused(UserCause),
                "push" => $"(!{NoBranch} && !{Caused(TimerCause)} && !{Caused(UserCause)})",
                _ => null,
            };
        }
        return Value(left) is { } value ? $"{value} == {GroovyText.Quoted(text)}" : null;
    }

    private static string Caused(string cause) => $"currentBuild.getBuildCauses({GroovyText.Quoted(cause)})";

    private string? Value(Expression expression) =>
        expression is Expression.Named { Name: var word }
        && string.Equals(word, "branch", StringComparison.OrdinalIgnoreCase)
            ? $"({NoBranch} ? '' : env.BRANCH_NAME ?: '')"
        : texts.Name(expression) is { } name ? $"(env.{name} ?: '')"
        : null;
}
