using Fairlead.Engine.Pipelines.Expressions;

namespace Fairlead.Engine.Pipelines.Vendors.Azure;

/// <summary>Conditions of Azure in neutral words. What these have no word for has no answer, never a similar one.</summary>
internal sealed class AzureRules
{
    /// <summary>Variables by their names, as they can be asked for in our expressions: <c>env.X</c>, <c>matrix.X</c>, or a text in quotes.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>Those of them that hold machines, which have other names there.</summary>
    public IReadOnlySet<string> Machines { get; init; } = new HashSet<string>();

    /// <summary>Our names of the jobs that can be asked for.</summary>
    public IReadOnlyDictionary<string, string> Jobs { get; init; } = new Dictionary<string, string>();

    /// <returns>The condition, null for the usual one; whether it could be said.</returns>
    public (string? Condition, bool IsSaid) Read(string text)
    {
        // What is filled in before it runs is not known.
        if (
            text.Contains("${{", StringComparison.Ordinal)
            || AzureExpression.Parse(text) is not { } read
            || Said(read) is not { } said
        )
        {
            return (null, false);
        }
        if (Expression.Parse(said).Expression is not { } nested)
        {
            return (null, false);
        }
        var expression = Flattened(nested);
        List<Expression> parts = [.. Flat(expression)];
        // What asks for success and more asks for no more than what we ask for anyway.
        if (parts.RemoveAll(static one => one is Expression.Called { Function: "success" }) == 0)
        {
            return (
                Asks(expression) ? ExpressionText.Of(Joined(parts)) : ExpressionText.Of(Joined([Always, .. parts])),
                true
            );
        }
        return (
            parts.Count == 0 ? null
            : parts.Exists(Asks) ? ExpressionText.Of(expression)
            : ExpressionText.Of(Joined(parts)),
            true
        );
    }

    private static Expression Always { get; } = new Expression.Called(0, "always", []);

    private static bool Asks(Expression expression) =>
        expression.All.Any(static one =>
            one is Expression.Called { Function: "always" or "success" or "failure" or "cancelled" }
        );

    /// <summary>Parts that are joined alike are parts of the whole.</summary>
    private static Expression Flattened(Expression expression) =>
        expression is Expression.Joined joined
            ? joined with
            {
                Parts =
                [
                    .. joined
                        .Parts.Select(Flattened)
                        .SelectMany(one =>
                            one is Expression.Joined inner && inner.IsAnd == joined.IsAnd ? inner.Parts : [one]
                        ),
                ],
            }
            : expression;

    private static Expression Joined(IReadOnlyList<Expression> parts) =>
        parts is [var only] ? only : new Expression.Joined(0, IsAnd: true, parts);

    private static IEnumerable<Expression> Flat(Expression expression) =>
        expression is Expression.Joined { IsAnd: true } joined ? joined.Parts.SelectMany(Flat) : [expression];

    private string? Said(AzureExpression expression) =>
        expression switch
        {
            AzureExpression.Literal literal => literal.Text is "true" or "false" ? literal.Text : null,
            AzureExpression.Call call => Said(call),
            _ => Place(expression) is { } place ? $"({place} != '' && {place} != 'false')" : null,
        };

    private string? Said(AzureExpression.Call call) =>
        (call.Function, call.Given) switch
        {
            ("always", []) => "always()",
            ("succeeded", []) => "success()",
            ("failed", []) => "failure()",
            ("canceled", []) => "cancelled()",
            ("succeededorfailed", []) => "!cancelled()",
            ("succeeded", var jobs) => Ended(jobs, "success"),
            ("failed", var jobs) => Ended(jobs, "failure"),
            ("not", [var of]) => Said(of) is { } said ? $"!({said})" : null,
            ("and", { Count: >= 2 } parts) => And(parts),
            ("or", { Count: >= 2 } parts) => All(parts, " || "),
            ("eq", [var left, var right]) => Equal(left, right),
            ("ne", [var left, var right]) => Equal(left, right) is { } said ? Opposite(said) : null,
            ("in", { Count: > 1 } all) => Among(all),
            ("notin", { Count: > 1 } all) => Among(all) is { } said ? Opposite(said) : null,
            ("startswith" or "endswith" or "contains", [var of, AzureExpression.Literal with]) => Called(
                call.Function,
                of,
                with.Text
            ),
            _ => null,
        };

    private string? All(IReadOnlyList<AzureExpression> parts, string sign)
    {
        var said = parts.Select(Said).ToList();
        return said.Contains(null) ? null : $"({string.Join(sign, said)})";
    }

    private string? And(IReadOnlyList<AzureExpression> parts)
    {
        var said = parts.Select(Said).ToList();
        // A push and the kind of its ref are one event of ours.
        const string Pushed = "(event == 'push' || event == 'tag')";
        foreach (var (kind, known) in new[] { ("branch != ''", "event == 'push'"), ("tag != ''", "event == 'tag'") })
        {
            if (said.Contains(Pushed) && said.Remove(kind))
            {
                said[said.IndexOf(Pushed)] = known;
            }
        }
        return said.Contains(null) ? null : $"({string.Join(" && ", said)})";
    }

    private string? Ended(IReadOnlyList<AzureExpression> jobs, string result)
    {
        var names = jobs.Select(one => one is AzureExpression.Literal job ? Jobs.GetValueOrDefault(job.Text) : null)
            .ToList();
        return names.Contains(null)
            ? null
            : $"(always() && {string.Join(" && ", names.Select(one => $"needs.{one}.result == '{result}'"))})";
    }

    private string? Among(IReadOnlyList<AzureExpression> all)
    {
        var said = all.Skip(1).Select(one => Equal(all[0], one)).Distinct(StringComparer.Ordinal).ToList();
        return said.Contains(null) ? null
            : said is [var only] ? only
            : $"({string.Join(" || ", said)})";
    }

    private static string Opposite(string said)
    {
        var at = said.IndexOf(" == ", StringComparison.Ordinal);
        return at > 0 && !said.Contains("||", StringComparison.Ordinal) && said[0] is not ('!' or '(' or '\'')
            ? $"{said[..at]} != {said[(at + 4)..]}"
            : $"!({said})";
    }

    private string? Equal(AzureExpression left, AzureExpression right)
    {
        if (left is AzureExpression.Literal && right is not AzureExpression.Literal)
        {
            (left, right) = (right, left);
        }
        if (right is not AzureExpression.Literal { Text: var text })
        {
            return Place(left) is { } one && Place(right) is { } other ? $"{one} == {other}" : null;
        }
        if (left is AzureExpression.Literal { Text: var same })
        {
            return string.Equals(same, text, StringComparison.OrdinalIgnoreCase) ? "true" : "false";
        }
        if (left is AzureExpression.Call call)
        {
            return text.ToUpperInvariant() switch
            {
                "TRUE" => Said(call),
                "FALSE" => Said(call) is { } said ? $"!({said})" : null,
                _ => null,
            };
        }
        return Result(left, text) ?? Word(left.Variable ?? "", text) ?? Named(left, text);
    }

    private string? Named(AzureExpression left, string text) =>
        Place(left) is { } place
            ? $"{place} == {Text(Machines.Contains(place) ? AzureMatrix.Machine(text).Machine : text)}"
            : null;

    /// <summary>How a job ended.</summary>
    private string? Result(AzureExpression left, string text)
    {
        if (
            left is not AzureExpression.Path { Names: { Count: > 2 } names }
            || !Is(names[^1], "result")
            || !(Is(names[0], "dependencies") || Is(names[0], "stageDependencies"))
            || !Jobs.TryGetValue(names[^2], out var name)
        )
        {
            return null;
        }
        var result = text.ToUpperInvariant() switch
        {
            "SUCCEEDED" or "SUCCEEDEDWITHISSUES" => "success",
            "FAILED" => "failure",
            "CANCELED" => "cancelled",
            "SKIPPED" => "skipped",
            _ => null,
        };
        return result is null ? null : $"needs.{name}.result == '{result}'";
    }

    private static string? Word(string variable, string text) =>
        variable.ToUpperInvariant() switch
        {
            "BUILD.REASON" => text.ToUpperInvariant() switch
            {
                "INDIVIDUALCI" or "BATCHEDCI" => "(event == 'push' || event == 'tag')",
                "PULLREQUEST" => "event == 'change'",
                "SCHEDULE" => "event == 'schedule'",
                "MANUAL" => "event == 'manual'",
                _ => null,
            },
            "BUILD.SOURCEBRANCH" => After(text, AzureConditions.Heads) is { Length: > 0 } branch
                ? $"branch == {Text(branch)}"
            : After(text, AzureConditions.Tags) is { Length: > 0 } tag ? $"tag == {Text(tag)}"
            : $"ref == {Text(text)}",
            // The last part of the name alone, of a branch or tag.
            "BUILD.SOURCEBRANCHNAME" when !text.Contains('/', StringComparison.Ordinal) && text.Length > 0 =>
                $"endsWith(ref, {Text($"/{text}")})",
            "BUILD.SOURCEVERSION" => $"commit == {Text(text)}",
            "SYSTEM.PULLREQUEST.SOURCEBRANCH" => $"source == {Text(After(text, AzureConditions.Heads) ?? text)}",
            "SYSTEM.PULLREQUEST.TARGETBRANCH" => $"target == {Text(After(text, AzureConditions.Heads) ?? text)}",
            "AGENT.OS" => text.ToUpperInvariant() switch
            {
                "LINUX" => "machine == 'linux'",
                "DARWIN" => "machine == 'macos'",
                "WINDOWS_NT" => "machine == 'windows'",
                _ => null,
            },
            _ => null,
        };

    private string? Called(string function, AzureExpression of, string text)
    {
        function = function switch
        {
            "startswith" => "startsWith",
            "endswith" => "endsWith",
            _ => "contains",
        };
        var variable = of.Variable?.ToUpperInvariant();
        if (variable == "BUILD.SOURCEBRANCH" && function == "startsWith")
        {
            foreach (var (prefix, word) in new[] { (AzureConditions.Heads, "branch"), (AzureConditions.Tags, "tag") })
            {
                if (After(text, prefix) is { } rest)
                {
                    return rest.Length == 0 ? $"{word} != ''" : $"startsWith({word}, {Text(rest)})";
                }
            }
        }
        return Place(of) is { } place ? $"{function}({place}, {Text(text)})" : null;
    }

    /// <summary>What has the same value here.</summary>
    private string? Place(AzureExpression expression) =>
        expression.Variable is not { } variable ? null
        : Variables.TryGetValue(variable, out var known) ? known
        : variable.ToUpperInvariant() switch
        {
            "BUILD.SOURCEBRANCH" => "ref",
            "BUILD.SOURCEVERSION" => "commit",
            _ => null,
        };

    private static string? After(string text, string prefix) =>
        text.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) ? text[prefix.Length..] : null;

    private static bool Is(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    private static string Text(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
