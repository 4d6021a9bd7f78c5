using System.Text;
using Fairlead.Engine.Pipelines.Expressions;

namespace Fairlead.Engine.Pipelines.Vendors.GitLab;

/// <summary>
/// Reads what GitLab's rules ask, <c>$CI_COMMIT_BRANCH == "main" &amp;&amp; $CI_PIPELINE_SOURCE != "schedule"</c>, in neutral words,
/// https://docs.gitlab.com/ci/jobs/job_rules/#cicd-variable-expressions. What these have no word for has no answer.
/// </summary>
internal sealed class GitLabRules
{
    private const int DepthMax = 30;

    private readonly string text;
    private readonly IReadOnlyDictionary<string, string> variables;
    private int at;

    private GitLabRules(string text, IReadOnlyDictionary<string, string> variables) =>
        (this.text, this.variables) = (text, variables);

    /// <summary>Whether it asks for the default branch, which is taken for main.</summary>
    public bool AsksDefaultBranch { get; private set; }

    /// <param name="variables">Of the whole pipeline, which have one value each.</param>
    /// <returns>A condition in neutral words; null when it cannot be said.</returns>
    public static (string? Condition, bool AsksDefaultBranch) Read(
        string text,
        IReadOnlyDictionary<string, string> variables
    )
    {
        var rules = new GitLabRules(text, variables);
        var read = text.Length > Expression.LettersMax ? null : rules.Or(depth: 0);
        rules.Skip();
        if (read is null || rules.at < text.Length || Expression.Parse(read).Expression is not { } expression)
        {
            return (null, false);
        }
        return (ExpressionText.Of(expression), rules.AsksDefaultBranch);
    }

    private string? Or(int depth) => Joined(" || ", () => Joined(" && ", () => Term(depth)));

    private string? Joined(string sign, Func<string?> part)
    {
        List<string> parts = [];
        do
        {
            if (part() is not { } one)
            {
                return null;
            }
            parts.Add(one);
        } while (Takes(sign.Trim()));
        return parts.Count == 1 ? parts[0] : $"({string.Join(sign, parts)})";
    }

    private string? Term(int depth)
    {
        if (depth > DepthMax)
        {
            return null;
        }
        if (Takes("("))
        {
            return Or(depth + 1) is { } inner && Takes(")") ? $"({inner})" : null;
        }
        if (Operand() is not { } left)
        {
            return null;
        }
        foreach (var sign in new[] { "==", "!=", "=~", "!~" })
        {
            if (!Takes(sign))
            {
                continue;
            }
            var isEqual = sign[0] == '=';
            if (sign[1] == '~')
            {
                return Pattern() is { } pattern ? Matched(left, pattern, isEqual) : null;
            }
            return Operand() is { } right ? Compared(left, right, isEqual) : null;
        }
        return left.IsVariable ? Truth(left) : null;
    }

    private sealed record Value(bool IsVariable, string? Text);

    private Value? Operand()
    {
        Skip();
        if (at == text.Length)
        {
            return null;
        }
        if (text[at] is '"' or '\'')
        {
            var close = text.IndexOf(text[at], at + 1);
            if (close < 0)
            {
                return null;
            }
            var said = text[(at + 1)..close];
            at = close + 1;
            return said.Contains('$', StringComparison.Ordinal) ? null : new(IsVariable: false, said);
        }
        var from = text[at] == '$' ? ++at : at;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] == '_'))
        {
            at++;
        }
        var word = text[from..at];
        if (word == "null")
        {
            return new(IsVariable: false, Text: null);
        }
        if (from == 0 || text[from - 1] != '$' || word.Length == 0)
        {
            return null;
        }
        if (word == "CI_DEFAULT_BRANCH")
        {
            AsksDefaultBranch = true;
            return new(IsVariable: false, "main");
        }
        return variables.TryGetValue(word, out var value) ? new(IsVariable: false, value) : new(IsVariable: true, word);
    }

    private string? Pattern()
    {
        Skip();
        if (at == text.Length || text[at] != '/')
        {
            return null;
        }
        var pattern = new StringBuilder();
        for (at++; at < text.Length && text[at] != '/'; at++)
        {
            pattern.Append(text[at]);
            if (text[at] == '\\' && at + 1 < text.Length)
            {
                pattern.Append(text[++at]);
            }
        }
        at++;
        if (at > text.Length)
        {
            return null;
        }
        at += at < text.Length && text[at] == 'i' ? 1 : 0;
        return pattern.ToString();
    }

    private static string? Truth(Value variable) =>
        variable.Text is "CI_MERGE_REQUEST_IID" or "CI_MERGE_REQUEST_ID" ? "event == 'change'"
        : Word(variable.Text!) is { } word ? $"{word} != ''"
        : null;

    private static string? Compared(Value left, Value right, bool isEqual)
    {
        if (!left.IsVariable && right.IsVariable)
        {
            (left, right) = (right, left);
        }
        if (!left.IsVariable)
        {
            return left.Text == right.Text == isEqual ? "true" : "false";
        }
        if (right.IsVariable)
        {
            return null;
        }
        var sign = isEqual ? "==" : "!=";
        if (left.Text == "CI_PIPELINE_SOURCE")
        {
            return right.Text switch
            {
                "push" => isEqual ? "(event == 'push' || event == 'tag')" : "!(event == 'push' || event == 'tag')",
                "merge_request_event" => $"event {sign} 'change'",
                "schedule" => $"event {sign} 'schedule'",
                "web" => $"event {sign} 'manual'",
                _ => null,
            };
        }
        return right.Text is not ({ Length: > 0 } said)
            ? Truth(left) is { } truth
                ? (isEqual ? $"!({truth})" : truth)
                : null
            : left.Text == "CI_COMMIT_REF_NAME"
                ? $"{(isEqual ? "" : "!")}(branch == {Quoted(said)} || tag == {Quoted(said)})"
                : Word(left.Text!) is { } word
                    ? $"{word} {sign} {Quoted(said)}"
                    : null;
    }

    private static string? Matched(Value left, string pattern, bool isEqual)
    {
        if (!left.IsVariable || Word(left.Text!) is not { } word || Literal(pattern) is not var (start, letters, end))
        {
            return null;
        }
        var said = (start, end) switch
        {
            (true, true) => $"{word} == {Quoted(letters)}",
            (true, false) => $"startsWith({word}, {Quoted(letters)})",
            (false, true) => $"endsWith({word}, {Quoted(letters)})",
            _ => $"contains({word}, {Quoted(letters)})",
        };
        return isEqual ? said : $"!({said})";
    }

    /// <summary>The letters of a regular expression that has nothing but these and anchors; null when it has more.</summary>
    internal static (bool Start, string Letters, bool End)? Literal(string pattern)
    {
        var start = pattern.StartsWith('^');
        var end = pattern.EndsWith('$') && !pattern.EndsWith("\\$", StringComparison.Ordinal);
        var inner = pattern[(start ? 1 : 0)..(pattern.Length - (end ? 1 : 0))];
        if (inner.EndsWith(".*", StringComparison.Ordinal))
        {
            (inner, end) = (inner[..^2], false);
        }
        var letters = new StringBuilder();
        for (var index = 0; index < inner.Length; index++)
        {
            if (inner[index] == '\\' && index + 1 < inner.Length && !char.IsAsciiLetterOrDigit(inner[index + 1]))
            {
                letters.Append(inner[++index]);
            }
            else if (char.IsAsciiLetterOrDigit(inner[index]) || inner[index] is '-' or '_' or '/' or ' ' or ':' or '@')
            {
                letters.Append(inner[index]);
            }
            else
            {
                return null;
            }
        }
        return (start, letters.ToString(), end);
    }

    public static string? Word(string variable) =>
        variable switch
        {
            "CI_COMMIT_BRANCH" => "branch",
            "CI_COMMIT_TAG" => "tag",
            "CI_COMMIT_SHA" => "commit",
            "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME" => "source",
            "CI_MERGE_REQUEST_TARGET_BRANCH_NAME" => "target",
            "CI_COMMIT_REF_NAME" => "(branch || tag)",
            _ => null,
        };

    private bool Takes(string sign)
    {
        Skip();
        if (string.CompareOrdinal(text, at, sign, 0, sign.Length) != 0)
        {
            return false;
        }
        at += sign.Length;
        return true;
    }

    private void Skip()
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
        {
            at++;
        }
    }

    internal static string Quoted(string letters) => $"'{letters.Replace("'", "''", StringComparison.Ordinal)}'";
}
