using System.Text.RegularExpressions;
using Fairlead.Engine.Pipelines.Expressions;
using Fairlead.Engine.Pipelines.Files;

namespace Fairlead.Engine.Pipelines.Vendors.CircleCi;

/// <summary>
/// Conditions in CircleCI's two languages: logic for steps and workflows, which knows patterns and the parameters of a job,
/// and expressions for the filters of jobs, https://github.com/CircleCI-Public/expr.
/// </summary>
internal static class CircleConditions
{
    /// <summary>The value that CircleCI has for a word; null when it has none.</summary>
    public static string? Value(string word) =>
        word.ToUpperInvariant() switch
        {
            "BRANCH" => "pipeline.git.branch",
            "TAG" => "pipeline.git.tag",
            "COMMIT" => "pipeline.git.revision",
            _ => null,
        };

    /// <summary>Null when logic cannot say it.</summary>
    public static YamlGroup? Logic(Expression expression, IReadOnlyDictionary<string, string> parameters) =>
        expression switch
        {
            Expression.Not not => Logic(not.Of, parameters) is { } of ? Not(of) : null,
            Expression.Joined joined => Joined(joined, parameters),
            Expression.Compared
            {
                Sign: "==" or "!=",
                Left: Expression.Named { Name: var word },
                Right: Expression.Literal { Value: ExpressionValue.Text { Letters: var text } }
            } compared when string.Equals(word, "event", StringComparison.OrdinalIgnoreCase) => Signed(
                Event(text),
                compared.Sign
            ),
            Expression.Compared
            {
                Sign: "==" or "!=",
                Right: Expression.Literal { Value: ExpressionValue.Text { Letters: var text } }
            } compared when Place(compared.Left, parameters) is { } place => Signed(Equal(place, text), compared.Sign),
            Expression.Called
            {
                Function: "startsWith" or "endsWith" or "contains",
                Given: [var of, Expression.Literal with]
            } called when Place(of, parameters) is { } place => Matches(
                place,
                Pattern(called.Function, Regex.Escape(with.Value.ToString()))
            ),
            _ when Place(expression, parameters) is { } place => Present(place),
            _ => null,
        };

    /// <summary>A branch or tag that a pattern with stars fits.</summary>
    public static YamlGroup Fits(string place, string pattern) =>
        pattern == "**" ? Present(place)
        : pattern.Contains('*', StringComparison.Ordinal)
            ? Matches(
                place,
                $"^{Regex.Escape(pattern).Replace("\\*\\*", ".*", StringComparison.Ordinal).Replace("\\*", "[^/]*", StringComparison.Ordinal)}$"
            )
        : Equal(place, pattern);

    public static YamlGroup Equal(string place, string text) =>
        new YamlGroup().AddItems("equal", [CircleTexts.Literal(text), $"<< {place} >>"]);

    public static YamlGroup Present(string place) => Not(Equal(place, ""));

    public static YamlGroup Either(IReadOnlyList<YamlGroup> parts) =>
        parts.Count == 1 ? parts[0] : new YamlGroup().AddItems("or", parts);

    /// <summary>Null when the filter of a job cannot say it.</summary>
    public static string? Filter(Expression expression) =>
        expression switch
        {
            Expression.Not not => Filter(not.Of) is { } of ? Negated(of) : null,
            Expression.Joined joined => joined.Parts.Select(Filter).ToList() is var parts && parts.Contains(null)
                ? null
                : string.Join(
                    joined.IsAnd ? " and " : " or ",
                    parts.Select(part =>
                        joined.IsAnd && part!.Contains(" or ", StringComparison.Ordinal) ? $"({part})" : part
                    )
                ),
            Expression.Compared
            {
                Sign: "==" or "!=",
                Left: Expression.Named of,
                Right: Expression.Literal { Value: ExpressionValue.Text text }
            } compared => Compared(of.Name, text.Letters, isEqual: compared.Sign == "=="),
            Expression.Called { Function: "startsWith", Given: [Expression.Named of, Expression.Literal with] }
                when Value(of.Name) is { } value && Text(with.Value.ToString()) is { } text =>
                $"{value} starts-with {text}",
            Expression.Named named when Value(named.Name) is { } value => $"{value} != \"\"",
            _ => null,
        };

    private static string? Compared(string name, string text, bool isEqual)
    {
        var said =
            string.Equals(name, "event", StringComparison.OrdinalIgnoreCase)
                ? text switch
                {
                    "schedule" => "pipeline.trigger_source == \"scheduled_pipeline\"",
                    "manual" => "pipeline.trigger_source == \"api\"",
                    "push" => "pipeline.trigger_source == \"webhook\" and pipeline.git.branch != \"\"",
                    "tag" => "pipeline.git.tag != \"\"",
                    _ => null,
                }
            : Value(name) is not { } value ? null
            : text.Length == 0 ? Negated($"{value} != \"\"")
            : Text(text) is { } quoted ? $"{value} == {quoted}"
            : null;
        return said is null || isEqual ? said : Negated(said);
    }

    /// <summary>With 'not', since a value that is not set is neither equal to a text nor different from it there.</summary>
    private static string Negated(string said) => $"not ({said})";

    private static string? Text(string text) =>
        text.Any(char.IsControl) || text.Contains("<<", StringComparison.Ordinal)
            ? null
            : $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static YamlGroup? Joined(Expression.Joined joined, IReadOnlyDictionary<string, string> parameters)
    {
        var parts = joined.Parts.Select(one => Logic(one, parameters)).ToList();
        return parts.Contains(null) ? null : new YamlGroup().AddItems(joined.IsAnd ? "and" : "or", [.. parts!]);
    }

    private static YamlGroup? Event(string text) =>
        text switch
        {
            "schedule" => Equal("pipeline.trigger_source", "scheduled_pipeline"),
            "manual" => Equal("pipeline.trigger_source", "api"),
            "push" => new YamlGroup().AddItems(
                "and",
                [Equal("pipeline.trigger_source", "webhook"), Present("pipeline.git.branch")]
            ),
            "tag" => Present("pipeline.git.tag"),
            _ => null,
        };

    private static string? Place(Expression expression, IReadOnlyDictionary<string, string> parameters) =>
        expression switch
        {
            Expression.Named named => Value(named.Name),
            Expression.Indexed { Of: Expression.Named of, Index: Expression.Literal name }
                when string.Equals(of.Name, "matrix", StringComparison.OrdinalIgnoreCase)
                    && parameters.TryGetValue(name.Value.ToString(), out var parameter) => $"parameters.{parameter}",
            _ => null,
        };

    private static YamlGroup? Signed(YamlGroup? group, string sign) =>
        group is null || sign == "==" ? group : Not(group);

    private static YamlGroup Not(YamlGroup group) => new YamlGroup().Add("not", group);

    private static YamlGroup Matches(string place, string pattern) =>
        new YamlGroup().Add(
            "matches",
            new YamlGroup().Add("pattern", CircleTexts.Literal(pattern)).Add("value", $"<< {place} >>")
        );

    private static string Pattern(string function, string text) =>
        function switch
        {
            "startsWith" => $"^{text}.*$",
            "endsWith" => $"^.*{text}$",
            _ => $"^.*{text}.*$",
        };
}
