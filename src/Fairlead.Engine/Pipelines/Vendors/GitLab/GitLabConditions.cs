using System.Text.RegularExpressions;
using Fairlead.Engine.Pipelines.Expressions;

namespace Fairlead.Engine.Pipelines.Vendors.GitLab;

/// <summary>Conditions as GitLab's rules have them: variables, ==, !=, =~, &amp;&amp; and ||, and nothing else.</summary>
internal static class GitLabConditions
{
    /// <summary>Null when rules cannot say it.</summary>
    public static string? Of(Expression expression, bool holds = true) =>
        expression switch
        {
            Expression.Not not => Of(not.Of, !holds),
            Expression.Joined joined => Joined(joined, holds),
            Expression.Compared
            {
                Sign: "==" or "!=",
                Left: Expression.Named of,
                Right: Expression.Literal { Value: ExpressionValue.Text text }
            } compared => Compared(of.Name, text.Letters, compared.Sign == "==" == holds),
            Expression.Called
            {
                Function: "startsWith" or "endsWith" or "contains",
                Given: [Expression.Named of, Expression.Literal with]
            } called when Variable(of.Name) is { } variable =>
                $"{variable} {(holds ? "=~" : "!~")} /{Pattern(called.Function, with.Value.ToString())}/i",
            Expression.Named named when Variable(named.Name) is { } variable => holds
                ? variable
                : $"{variable} == null",
            _ => null,
        };

    private static string? Joined(Expression.Joined joined, bool holds)
    {
        var parts = joined.Parts.Select(one => Of(one, holds)).ToList();
        if (parts.Contains(null))
        {
            return null;
        }
        var isAnd = joined.IsAnd == holds;
        return string.Join(
            isAnd ? " && " : " || ",
            parts.Select(part => part!.Contains(" || ", StringComparison.Ordinal) && isAnd ? $"({part})" : part)
        );
    }

    private static string? Compared(string name, string text, bool isEqual)
    {
        var sign = isEqual ? "==" : "!=";
        if (string.Equals(name, "event", StringComparison.OrdinalIgnoreCase))
        {
            return text switch
            {
                "change" => $"$CI_PIPELINE_SOURCE {sign} \"merge_request_event\"",
                "schedule" => $"$CI_PIPELINE_SOURCE {sign} \"schedule\"",
                "manual" => $"$CI_PIPELINE_SOURCE {sign} \"web\"",
                "push" when isEqual => "$CI_PIPELINE_SOURCE == \"push\" && $CI_COMMIT_BRANCH",
                "push" => "$CI_PIPELINE_SOURCE != \"push\" || $CI_COMMIT_TAG",
                "tag" when isEqual => "$CI_PIPELINE_SOURCE == \"push\" && $CI_COMMIT_TAG",
                "tag" => "$CI_PIPELINE_SOURCE != \"push\" || $CI_COMMIT_BRANCH",
                _ => null,
            };
        }
        return Variable(name) is not { } variable ? null
            : text.Length == 0 ? (isEqual ? $"{variable} == null" : variable)
            : text.Any(static letter => letter is '"' or '$' || char.IsControl(letter)) ? null
            : $"{variable} {sign} \"{text}\"";
    }

    /// <summary>The variable that GitLab sets for a word; null when it has none.</summary>
    public static string? Variable(string word) =>
        word.ToUpperInvariant() switch
        {
            "BRANCH" => "$CI_COMMIT_BRANCH",
            "TAG" => "$CI_COMMIT_TAG",
            "COMMIT" => "$CI_COMMIT_SHA",
            "SOURCE" => "$CI_MERGE_REQUEST_SOURCE_BRANCH_NAME",
            "TARGET" => "$CI_MERGE_REQUEST_TARGET_BRANCH_NAME",
            _ => null,
        };

    /// <summary>A pattern with stars as a regular expression between slashes.</summary>
    public static string Glob(string pattern) =>
        $"^{Regex.Escape(pattern).Replace("/", "\\/", StringComparison.Ordinal).Replace("\\*\\*", ".*", StringComparison.Ordinal).Replace("\\*", "[^\\/]*", StringComparison.Ordinal)}$";

    private static string Pattern(string function, string text)
    {
        var escaped = Regex.Escape(text).Replace("/", "\\/", StringComparison.Ordinal);
        return function switch
        {
            "startsWith" => $"^{escaped}",
            "endsWith" => $"{escaped}$",
            _ => escaped,
        };
    }
}
