using System.Text.RegularExpressions;
using Fairlead.Engine.Manifests.Reading;
using Fairlead.Engine.Pipelines.Expressions;

namespace Fairlead.Engine.Pipelines.Vendors.CircleCi;

/// <summary>Reads CircleCI's conditions: the logic of steps and workflows, and filters of jobs, as expressions or by branches and tags.</summary>
internal static partial class CircleLogic
{
    private const int DepthMax = 30;

    /// <summary>What the logic says; null when it cannot be said here.</summary>
    public static string? Of(Node node, CircleScope scope) => Tidy(Said(node, scope, 0));

    /// <summary>Several conditions that must all hold; null when there is none.</summary>
    public static string? All(params IEnumerable<string?> conditions)
    {
        List<string> all = [.. conditions.OfType<string>().Where(static one => one != "true")];
        return all.Count == 0 ? null : Tidy(string.Join(" && ", all.Select(static one => $"({one})")));
    }

    /// <summary>When a job runs by its filter. A job without a word about tags is not run for them.</summary>
    /// <param name="hasTags">Whether any job runs for tags.</param>
    /// <returns>The condition, <c>true</c> for always; null when it cannot be said.</returns>
    public static string? Filter(Node? node, CircleScope scope, bool hasTags)
    {
        if (node is Node.Scalar said)
        {
            return Tidy(CircleFilter.Read(said.Text, scope));
        }
        var branches = Places(Foreign.Find(node, "branches"), "branch", "true");
        var tags = Places(Foreign.Find(node, "tags"), "tag", "false");
        return (branches, tags) switch
        {
            (null, _) or (_, null) => null,
            ("true", "true") => "true",
            ("true", "false") => hasTags ? "tag == ''" : "true",
            (var some, "false") => Tidy(hasTags ? $"tag == '' && ({some})" : some),
            ("false", "true") => "tag != ''",
            ("false", var some) => Tidy($"tag != '' && ({some})"),
            ("true", var some) => Tidy($"tag == '' || ({some})"),
            (var some, "true") => Tidy($"tag != '' || ({some})"),
            var (one, other) => Tidy($"(tag == '' && ({one})) || (tag != '' && ({other}))"),
        };
    }

    /// <summary>Whether a filter speaks of tags.</summary>
    public static bool HasTags(Node? filter) =>
        Foreign.Find(filter, "tags") is not null
        || (Foreign.Text(filter)?.Contains("pipeline.git.tag", StringComparison.Ordinal) ?? false);

    /// <summary>The glob of branches or tags that a pattern is: what our own exports write of globs.</summary>
    public static string? Glob(string pattern)
    {
        if (!pattern.StartsWith('^') || !pattern.EndsWith('$'))
        {
            return null;
        }
        var text = pattern[1..^1]
            .Replace("[^/]*", "\u0001", StringComparison.Ordinal)
            .Replace(".*", "\u0002", StringComparison.Ordinal);
        return Letters(text) is { } plain
            ? plain.Replace("\u0001", "*", StringComparison.Ordinal).Replace("\u0002", "**", StringComparison.Ordinal)
            : null;
    }

    internal static string? Tidy(string? text) =>
        text is null ? null
        : Expression.Parse(text).Expression is { } expression ? ExpressionText.Of(Simple(expression))
        : null;

    /// <summary>A value equal to a text.</summary>
    internal static string? Equal(string value, string text) =>
        value != "trigger"
            ? $"{value} == {CircleScope.Quoted(text)}"
            : text switch
            {
                "scheduled_pipeline" => "event == 'schedule'",
                "api" => "event == 'manual'",
                "webhook" => "(event != 'schedule' && event != 'manual')",
                _ => null,
            };

    /// <summary>A value that a pattern fits; null for patterns that expressions do not have.</summary>
    internal static string? Fits(string value, string pattern)
    {
        var text = pattern.StartsWith('^') ? pattern[1..] : $".*{pattern}";
        text = text.EndsWith('$') ? text[..^1] : $"{text}.*";
        return Wholly(value, text);
    }

    private static string? Wholly(string value, string text)
    {
        if (text is ".*" or ".*.*")
        {
            return "true";
        }
        if (text is ".+")
        {
            return $"{value} != ''";
        }
        var (begins, ends) = (
            text.StartsWith(".*", StringComparison.Ordinal),
            text.EndsWith(".*", StringComparison.Ordinal) && !text.EndsWith("\\.*", StringComparison.Ordinal)
        );
        var inner = text[(begins ? 2 : 0)..(ends ? ^2 : ^0)];
        if (inner.StartsWith('(') && inner.EndsWith(')') && !begins && !ends)
        {
            var several = inner[1..^1].Split('|').Select(one => Wholly(value, one)).ToList();
            return several.Contains(null) ? null : $"({string.Join(" || ", several)})";
        }
        return Letters(inner) is not { } letters || letters.Length == 0
            ? null
            : (begins, ends) switch
            {
                (true, true) => $"contains({value}, {CircleScope.Quoted(letters)})",
                (false, true) => $"startsWith({value}, {CircleScope.Quoted(letters)})",
                (true, false) => $"endsWith({value}, {CircleScope.Quoted(letters)})",
                _ => $"{value} == {CircleScope.Quoted(letters)}",
            };
    }

    /// <summary>A pattern that is a text, letter for letter; null when it is more.</summary>
    private static string? Letters(string pattern)
    {
        List<char> letters = [];
        for (var at = 0; at < pattern.Length; at++)
        {
            if (pattern[at] == '\\' && at + 1 < pattern.Length && !char.IsAsciiLetterOrDigit(pattern[at + 1]))
            {
                letters.Add(pattern[++at]);
            }
            else if ("\\^$.|?*+()[]{}".Contains(pattern[at], StringComparison.Ordinal))
            {
                return null;
            }
            else
            {
                letters.Add(pattern[at]);
            }
        }
        return new([.. letters]);
    }

    private static string? Said(Node node, CircleScope scope, int depth)
    {
        if (depth > DepthMax)
        {
            return null;
        }
        if (node is Node.Scalar scalar)
        {
            return scalar.Text is "true" or "false" ? scalar.Text
                : scope.Whole(scalar.Text) is { } value ? Truth(value)
                : CircleFilter.Read(scalar.Text, scope);
        }
        if (node is not Node.Mapping { Entries: [var only] })
        {
            return null;
        }
        return only.Key switch
        {
            "and" or "or" => Joined(Foreign.Items(only.Value), only.Key, scope, depth),
            "not" => Said(only.Value, scope, depth + 1) switch
            {
                null => null,
                "true" => "false",
                "false" => "true",
                var said => $"!({said})",
            },
            "equal" => Equals([.. Foreign.Items(only.Value)], scope),
            "matches" => Matches(only.Value, scope),
            _ => null,
        };
    }

    private static string? Joined(IEnumerable<Node> items, string key, CircleScope scope, int depth)
    {
        var all = items.Select(one => Said(one, scope, depth + 1)).ToList();
        if (all.Count == 0 || all.Contains(null))
        {
            return null;
        }
        // What is known already need not be asked.
        var (decides, rest) = key == "and" ? ("false", "true") : ("true", "false");
        var open = all.Where(one => one != rest).ToList();
        return open.Contains(decides) ? decides
            : open.Count == 0 ? rest
            : string.Join(key == "and" ? " && " : " || ", open.Select(static one => $"({one})"));
    }

    private static string? Equals(List<Node> items, CircleScope scope)
    {
        var all = items.Select(one => one is Node.Scalar scalar ? scope.Of(scalar).Expression : null).ToList();
        if (all.Count < 2 || all.Contains(null))
        {
            return null;
        }
        if (all.TrueForAll(static one => one!.StartsWith('\'')))
        {
            return all.Distinct(StringComparer.Ordinal).Count() == 1 ? "true" : "false";
        }
        // Texts are compared with values, in whichever order they stand.
        var value = all.Find(static one => !one!.StartsWith('\'')) ?? all[0]!;
        var rest = all.Where(one => !ReferenceEquals(one, value)).ToList();
        var said = rest.Select(one => one!.StartsWith('\'') ? Equal(value, Unquoted(one)) : $"{value} == {one}")
            .ToList();
        return said.Contains(null) ? null : string.Join(" && ", said);
    }

    private static string? Matches(Node node, CircleScope scope) =>
        Foreign.Text(Foreign.Find(node, "pattern")) is { } pattern
        && Foreign.Text(Foreign.Find(node, "value")) is { } text
        && scope.Whole(text)?.Expression is { } value
        && value != "trigger"
            ? Fits(value, pattern.Replace("\\<<", "<<", StringComparison.Ordinal))
            : null;

    private static string? Truth(CircleValue value) =>
        value.Expression switch
        {
            null or "trigger" => null,
            "'true'" => "true",
            "'false'" or "''" or "'0'" => "false",
            ['\'', ..] => "true",
            var name when name.StartsWith("matrix.", StringComparison.Ordinal) =>
                $"({name} != '' && {name} != 'false')",
            var name => $"{name} != ''",
        };

    private static string Unquoted(string text) => text[1..^1].Replace("''", "'", StringComparison.Ordinal);

    /// <summary>Which branches or tags; <paramref name="without"/> when nothing is said.</summary>
    private static string? Places(Node? node, string place, string without)
    {
        if (node is null)
        {
            return without;
        }
        var (only, ignore) = (Foreign.Find(node, "only"), Foreign.Find(node, "ignore"));
        if (only is null && ignore is null)
        {
            return without;
        }
        var wanted = only is null ? "true" : Any(only, place);
        var barred = ignore is null ? "false" : Any(ignore, place);
        return (wanted, barred) switch
        {
            (null, _) or (_, null) => null,
            (_, "true") => "false",
            (_, "false") => wanted,
            ("true", _) => $"!({barred})",
            _ => $"({wanted}) && !({barred})",
        };
    }

    private static string? Any(Node node, string place)
    {
        var all = Foreign
            .Texts(node)
            .Select(one =>
                one.Length > 1 && one.StartsWith('/') && one.EndsWith('/')
                    ? Wholly(place, Anchorless(one[1..^1]))
                    : Equal(place, one)
            )
            .ToList();
        return all.Contains(null) ? null
            : all.Contains("true") ? "true"
            : all.Count == 0 ? "false"
            : string.Join(" || ", all);
    }

    // Filters ask for the whole name, with anchors or without.
    private static string Anchorless(string pattern) =>
        pattern[
            (pattern.StartsWith('^') ? 1 : 0)..(
                pattern.EndsWith('$') && !pattern.EndsWith("\\$", StringComparison.Ordinal) ? ^1 : ^0
            )
        ];

    /// <summary>The opposite of a comparison is a comparison.</summary>
    private static Expression Simple(Expression expression) =>
        expression switch
        {
            Expression.Not { Of: var of } not => Simple(of) switch
            {
                Expression.Compared { Sign: "==" } compared => compared with { Sign = "!=" },
                Expression.Compared { Sign: "!=" } compared => compared with { Sign = "==" },
                Expression.Not { Of: var inner } => inner,
                var other => not with { Of = other },
            },
            Expression.Joined joined => joined with
            {
                Parts =
                [
                    .. joined
                        .Parts.Select(Simple)
                        .SelectMany(one =>
                            one is Expression.Joined same && same.IsAnd == joined.IsAnd ? same.Parts : [one]
                        ),
                ],
            },
            _ => expression,
        };
}

/// <summary>Reads the expressions of filters, https://github.com/CircleCI-Public/expr.</summary>
internal static partial class CircleFilter
{
    private const int DepthMax = 30;
    private const int LettersMax = 4_000;

    /// <summary>Null when it cannot be read, or names what is not known.</summary>
    public static string? Read(string text, CircleScope scope)
    {
        if (text.Length > LettersMax)
        {
            return null;
        }
        var words = Word().Matches(text).Select(static one => one.Value).ToList();
        // What is no word of it would be passed over in silence.
        if (string.Concat(words).Length != text.Count(static letter => !char.IsWhiteSpace(letter)) - Inside(words))
        {
            return null;
        }
        var at = 0;
        var said = Or(words, ref at, scope, 0);
        return at == words.Count ? said : null;
    }

    // Spaces within quotes are a part of their word.
    private static int Inside(List<string> words) => -words.Sum(static one => one.Count(char.IsWhiteSpace));

    private static string? Or(List<string> words, ref int at, CircleScope scope, int depth)
    {
        var left = And(words, ref at, scope, depth);
        while (left is not null && at < words.Count && words[at] is "or" or "||")
        {
            at++;
            left = And(words, ref at, scope, depth) is { } right ? $"{left} || {right}" : null;
        }
        return left;
    }

    private static string? And(List<string> words, ref int at, CircleScope scope, int depth)
    {
        var left = Not(words, ref at, scope, depth);
        while (left is not null && at < words.Count && words[at] is "and" or "&&")
        {
            at++;
            left = Not(words, ref at, scope, depth) is { } right ? $"{left} && {right}" : null;
        }
        return left;
    }

    private static string? Not(List<string> words, ref int at, CircleScope scope, int depth)
    {
        if (at >= words.Count || depth > DepthMax)
        {
            return null;
        }
        if (words[at] is "not" or "!")
        {
            at++;
            return Not(words, ref at, scope, depth + 1) is { } said ? $"!({said})" : null;
        }
        if (words[at] == "(")
        {
            at++;
            var inner = Or(words, ref at, scope, depth + 1);
            return inner is not null && at < words.Count && words[at++] == ")" ? $"({inner})" : null;
        }
        return Compared(words, ref at, scope);
    }

    private static string? Compared(List<string> words, ref int at, CircleScope scope)
    {
        var name = words[at++];
        if (name is "true" or "false")
        {
            return name;
        }
        if (scope.Value(name)?.Expression is not { } value)
        {
            return null;
        }
        if (at + 1 >= words.Count || Text(words[at + 1]) is not { } text)
        {
            return at < words.Count && words[at] is not ("and" or "or" or "&&" or "||" or ")") ? null
                : value == "trigger" ? null
                : $"{value} != ''";
        }
        var sign = words[at];
        at += 2;
        return sign switch
        {
            "==" => CircleLogic.Equal(value, text),
            "!=" => CircleLogic.Equal(value, text) is { } equal ? $"!({equal})" : null,
            "starts-with" when value != "trigger" => $"startsWith({value}, {CircleScope.Quoted(text)})",
            "=~" when value != "trigger" => CircleLogic.Fits(value, text),
            _ => null,
        };
    }

    private static string? Text(string word) =>
        word.Length >= 2 && word[0] == '"' && word[^1] == '"'
            ? word[1..^1]
                .Replace("\\\"", "\"", StringComparison.Ordinal)
                .Replace("\\\\", "\\", StringComparison.Ordinal)
        : word.Length >= 2 && word[0] == '\'' && word[^1] == '\'' ? word[1..^1]
        : null;

    [GeneratedRegex(
        """("(\\.|[^"\\])*"|'[^']*'|[A-Za-z_][A-Za-z0-9_.-]*|==|!=|=~|&&|\|\||!|\(|\))""",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Word();
}
