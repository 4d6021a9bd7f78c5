using System.Text.RegularExpressions;
using Fairlead.Engine.Pipelines.Expressions;

namespace Fairlead.Engine.Pipelines.Vendors.Jenkins;

/// <summary>Conditions of stages in neutral words. What these have no word for has no answer.</summary>
internal sealed partial class JenkinsRules(IReadOnlyDictionary<string, string> parameters)
{
    /// <summary>Parameters that conditions asked for; nobody is asked here, so each is what its default says.</summary>
    public SortedSet<string> Asked { get; } = new(StringComparer.Ordinal);

    /// <summary>One line of a <c>when</c>; null when it cannot be said.</summary>
    public string? Read(GroovyCall call) =>
        call.Name switch
        {
            "not" when call.Block is [var of] => Read(of) is { } said ? $"!({said})" : null,
            "allOf" => All(call, " && "),
            "anyOf" => All(call, " || "),
            "branch" => Fits("branch", call),
            "tag" => Fits("tag", call),
            "buildingTag" => "tag != ''",
            "changeRequest" => Change(call),
            "triggeredBy" => Cause(call.Text() ?? call.Text("cause")),
            "environment" when call.Text("name") is { } name && call.Text("value") is { } value => Environment(
                name,
                value
            ),
            "expression" => Groovy(call.Inside.Trim()),
            _ => null,
        };

    private string? All(GroovyCall call, string sign)
    {
        var said = (call.Block ?? []).Select(Read).ToList();
        return said.Count == 0 || said.Contains(null) ? null : $"({string.Join(sign, said)})";
    }

    /// <summary>A name, or one that ends with a star.</summary>
    private static string? Fits(string word, GroovyCall call)
    {
        var pattern = call.Text() ?? call.Text("pattern");
        var comparator = call.Text("comparator") ?? "GLOB";
        if (pattern is null || comparator is not ("GLOB" or "EQUALS"))
        {
            return null;
        }
        if (comparator == "EQUALS" || pattern.IndexOfAny(['*', '?', ',']) < 0)
        {
            return $"{word} == {Text(pattern)}";
        }
        var rest = pattern.TrimEnd('*');
        return rest.IndexOfAny(['*', '?', ',']) >= 0 || !pattern.EndsWith('*') ? null
            : rest.Length == 0 ? $"{word} != ''"
            // One star ends at a slash, and nothing here does; where none can come, it is the same.
            : $"startsWith({word}, {Text(rest)})";
    }

    private static string? Change(GroovyCall call)
    {
        if (call.Given.Count > 0 || call.Named.Keys.Any(static one => one is not ("target" or "branch")))
        {
            return null;
        }
        var said = "event == 'change'";
        foreach (var (key, word) in new[] { ("target", "target"), ("branch", "source") })
        {
            if (!call.Named.ContainsKey(key))
            {
                continue;
            }
            if (call.Text(key) is not { } text || text.IndexOfAny(['*', '?', ',']) >= 0)
            {
                return null;
            }
            said += $" && {word} == {Text(text)}";
        }
        return $"({said})";
    }

    private static string? Cause(string? cause) =>
        cause switch
        {
            "TimerTrigger" => "event == 'schedule'",
            "UserIdCause" => "event == 'manual'",
            _ => null,
        };

    /// <summary>Only what Jenkins sets is known before a job begins.</summary>
    private static string? Environment(string name, string value) =>
        name switch
        {
            "BRANCH_NAME" => $"(branch == {Text(value)} || tag == {Text(value)})",
            "TAG_NAME" => $"tag == {Text(value)}",
            "CHANGE_TARGET" => $"target == {Text(value)}",
            "CHANGE_BRANCH" => $"source == {Text(value)}",
            _ => null,
        };

    /// <summary>The comparisons that people write most, joined in one way.</summary>
    private string? Groovy(string code)
    {
        code = code.StartsWith("return ", StringComparison.Ordinal) ? code[7..].Trim().TrimEnd(';') : code;
        if (code is "true" or "false")
        {
            return code;
        }
        if (Parameter().Match(code) is { Success: true } asked)
        {
            return Default(asked);
        }
        foreach (var sign in new[] { "||", "&&" })
        {
            if (!code.Contains(sign, StringComparison.Ordinal) || code.IndexOfAny(['(', ')']) >= 0)
            {
                continue;
            }
            var parts = code.Split(sign).Select(one => Groovy(one.Trim())).ToList();
            return parts.Contains(null) ? null : $"({string.Join($" {sign} ", parts)})";
        }
        if (Comparison().Match(code) is not { Success: true } found)
        {
            return null;
        }
        var said = Environment(found.Groups["name"].Value, found.Groups["value"].Value);
        return said is null ? null
            : found.Groups["sign"].Value == "==" ? said
            : $"!({said})";
    }

    /// <summary>What a question for a parameter comes to by its default; null when it has none.</summary>
    private string? Default(Match asked)
    {
        if (!parameters.TryGetValue(asked.Groups["name"].Value, out var value))
        {
            return null;
        }
        bool holds;
        if (asked.Groups["sign"].Success)
        {
            holds = asked.Groups["value"].Value == value == (asked.Groups["sign"].Value == "==");
        }
        else if (value is "true" or "false")
        {
            holds = value == "true" != asked.Groups["not"].Success;
        }
        else
        {
            return null;
        }
        Asked.Add(asked.Groups["name"].Value);
        return holds ? "true" : "false";
    }

    /// <summary>A condition of all these; null when there is none.</summary>
    public static string? Joined(IReadOnlyList<string> all) =>
        all.Count == 0 ? null
        : Expression.Parse(string.Join(" && ", all.Select(static one => $"({one})"))).Expression is { } expression
            ? ExpressionText.Of(expression)
        : null;

    private static string Text(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    [GeneratedRegex(
        @"^(env\.)?(?<name>[A-Z_]+) (?<sign>==|!=) ['""](?<value>[A-Za-z0-9_./-]*)['""]$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Comparison();

    [GeneratedRegex(
        @"^(?<not>!\s*)?params\.(?<name>[A-Za-z_][A-Za-z0-9_]*)(\s*(?<sign>==|!=)\s*(['""](?<value>[^'""$\\]*)['""]|(?<value>true|false)))?$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Parameter();
}
