using Fairlead.Engine.Judging.PromQl.Reading;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Responding.Routing;

/// <summary>Matchers as Alertmanager's files have them: <c>severity="page"</c>, <c>service=~"api|web"</c>, quoted or not.</summary>
public static class Matching
{
    private static readonly (string Sign, MatchKind Kind)[] Signs =
    [
        // The longer ones first.
        ("=~", MatchKind.Regex),
        ("!~", MatchKind.NotRegex),
        ("!=", MatchKind.NotEqual),
        ("=", MatchKind.Equal),
    ];

    /// <summary>Reads one matcher, or several between braces.</summary>
    /// <param name="fault">Why it cannot be read.</param>
    /// <returns>Null when it cannot be read.</returns>
    public static IReadOnlyList<Matcher>? TryRead(string text, out string fault)
    {
        var plain = text.Trim();
        plain = plain is ['{', .. var inner, '}'] ? inner : plain;
        var all = new List<Matcher>();
        foreach (var part in Parts(plain))
        {
            if (One(part, out fault) is not { } matcher)
            {
                return null;
            }
            all.Add(matcher);
        }
        fault = all.Count == 0 ? "it is empty" : "";
        return all.Count == 0 ? null : all;
    }

    public static bool Fits(this IReadOnlyList<Matcher> matchers, Labels labels) =>
        matchers.All(one => Fits(one, labels[one.Name]));

    /// <summary>As a file writes it: <c>severity="page"</c>.</summary>
    public static string Write(Matcher matcher) =>
        $"{matcher.Name}{Signs.First(one => one.Kind == matcher.Kind).Sign}\"{matcher.Value
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal)}\"";

    /// <summary>All of them: <c>{a="b",c=~"d"}</c>.</summary>
    public static string Write(IEnumerable<Matcher> matchers) => $"{{{string.Join(",", matchers.Select(Write))}}}";

    private static bool Fits(Matcher matcher, string value) =>
        matcher.Kind switch
        {
            MatchKind.Equal => value == matcher.Value,
            MatchKind.NotEqual => value != matcher.Value,
            MatchKind.Regex => RegularExpression.For(matcher.Value).IsMatch(value),
            _ => !RegularExpression.For(matcher.Value).IsMatch(value),
        };

    private static Matcher? One(string text, out string fault)
    {
        var at = text.IndexOfAny(['=', '!']);
        var (sign, kind) = at < 0 ? default : Signs.FirstOrDefault(one => text.AsSpan(at).StartsWith(one.Sign));
        var name = at < 0 ? "" : text[..at].Trim();
        if (sign is null || !IsName(name))
        {
            fault = $"'{text}' is not of the shape name=\"value\"";
            return null;
        }
        var value = Unquoted(text[(at + sign.Length)..].Trim());
        if (value is null)
        {
            fault = $"the quotes of '{text}' do not fit";
            return null;
        }
        if (kind is MatchKind.Regex or MatchKind.NotRegex && RegularExpression.Fault(value) is { } wrong)
        {
            fault = $"the expression of '{text}' cannot be read: {wrong}";
            return null;
        }
        fault = "";
        return new(kind, name, value);
    }

    private static bool IsName(string name) =>
        name.Length > 0
        && !char.IsAsciiDigit(name[0])
        && name.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter == '_');

    /// <summary>
    /// The value as Alertmanager reads it, in quotes or not: of all escapes there are <c>\n</c>, <c>\"</c> and <c>\\</c>, and a
    /// backslash before anything else is one, so that <c>=~"a\.b"</c> is what it looks like.
    /// </summary>
    private static string? Unquoted(string text)
    {
        var isQuoted = text.StartsWith('"');
        var value = new System.Text.StringBuilder();
        for (var i = isQuoted ? 1 : 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '\\' when i + 1 < text.Length && text[i + 1] is 'n' or '"' or '\\':
                    i++;
                    value.Append(text[i] == 'n' ? '\n' : text[i]);
                    break;
                case '"':
                    return isQuoted && i == text.Length - 1 ? value.ToString() : null;
                default:
                    value.Append(text[i]);
                    break;
            }
        }
        return isQuoted ? null : value.ToString();
    }

    /// <summary>Parts it at commas that stand in no quotes.</summary>
    private static IEnumerable<string> Parts(string text)
    {
        var (from, isQuoted) = (0, false);
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '\\' when isQuoted:
                    i++;
                    break;
                case '"':
                    isQuoted = !isQuoted;
                    break;
                case ',' when !isQuoted:
                    yield return text[from..i].Trim();
                    from = i + 1;
                    break;
            }
        }
        if (text[from..].Trim() is { Length: > 0 } last)
        {
            yield return last;
        }
    }
}
