using System.Globalization;
using System.Text;

namespace Fairlead.Engine.Infrastructure.Code.Bicep;

/// <summary>Writes values in Bicep's language, as <c>bicep format</c> leaves them. Source: Bicep 0.49.</summary>
/// <param name="refer">What something of a resource is called where the value stands.</param>
/// <param name="say">What a parameter is called there.</param>
internal sealed class BicepText(Func<CodeValue.Of, string> refer, Func<string, string> say)
{
    /// <summary>A call that is no function: an object with values as names, each of which has nothing in it.</summary>
    public const string Keys = "{}";

    private const int LineLettersMax = 120;
    private const int CommentLettersMax = 100;

    public string Value(CodeValue value, int depth) =>
        value switch
        {
            CodeValue.Text text => Lines([text], depth) ?? Quoted(text.Value),
            // Bicep has no numbers with a point in them.
            CodeValue.Number number => decimal.IsInteger(number.Value)
                ? number.Value.ToString("0", CultureInfo.InvariantCulture)
                : $"json('{number.Value.ToString(CultureInfo.InvariantCulture)}')",
            CodeValue.Truth truth => truth.Value ? "true" : "false",
            CodeValue.Items items => Items(items, depth),
            CodeValue.Fields fields => Fields(
                [
                    .. fields.Values.Select(one =>
                        (Name(one.Name), Fitting(one.Value, depth + 1, Name(one.Name).Length + 2))
                    ),
                ],
                depth
            ),
            CodeValue.Json json => $"string({Value(json.Value, depth)})",
            CodeValue.Call { Function: Keys } keys => Fields(
                [.. keys.Arguments.Select(one => ($"'${{{Value(one, depth)}}}'", "{}"))],
                depth
            ),
            CodeValue.Call call =>
                $"{call.Function}({string.Join(", ", call.Arguments.Select(one => Value(one, depth)))})",
            CodeValue.Joined { Parts: [var only] } => Value(only, depth),
            CodeValue.Joined joined => Lines(joined.Parts, depth) ?? Interpolated(joined.Parts, depth),
            CodeValue.Setting setting => say(setting.Name),
            CodeValue.Of of => refer(of),
            CodeValue.Choice choice => Choice(choice, depth),
            _ => throw new ArgumentOutOfRangeException(nameof(value), value, "is no value of Bicep"),
        };

    /// <summary>A value behind some letters of its line: what a function is given stands line by line where it would be too long.</summary>
    public string Fitting(CodeValue value, int depth, int lettersBefore)
    {
        var flat = Value(value, depth);
        if (
            value is not CodeValue.Call { Arguments.Count: > 0 } call
            || flat.Contains('\n', StringComparison.Ordinal)
            || (depth * 2) + lettersBefore + flat.Length <= LineLettersMax
        )
        {
            return flat;
        }
        var (inner, outer) = (new string(' ', (depth + 1) * 2), new string(' ', depth * 2));
        var lines = call.Arguments.Select(one => $"{inner}{Value(one, depth + 1)}");
        return $"{call.Function}(\n{string.Join(",\n", lines)}\n{outer})";
    }

    private string Choice(CodeValue.Choice choice, int depth)
    {
        var flat = $"empty({say(choice.By)}) ? {Value(choice.Otherwise, depth)} : {Value(choice.Then, depth)}";
        if (!flat.Contains('\n', StringComparison.Ordinal))
        {
            return flat;
        }
        var line = $"\n{new string(' ', (depth + 1) * 2)}";
        return $"empty({say(choice.By)}){line}? {Value(choice.Otherwise, depth + 2)}{line}: {Value(choice.Then, depth + 2)}";
    }

    private string Interpolated(IReadOnlyList<CodeValue> parts, int depth) =>
        $"'{string.Concat(parts.Select(one => one is CodeValue.Text text ? Escaped(text.Value) : $"${{{Value(one, depth)}}}"))}'";

    // Bicep's texts of several lines take no values, so that they stand line by line; null for what is better read in one.
    private string? Lines(IReadOnlyList<CodeValue> parts, int depth)
    {
        if (parts.OfType<CodeValue.Text>().Sum(static one => one.Value.Count(static letter => letter == '\n')) < 2)
        {
            return null;
        }
        var lines = new List<List<CodeValue>> { new() };
        foreach (var part in parts)
        {
            if (part is not CodeValue.Text text)
            {
                lines[^1].Add(part);
                continue;
            }
            var pieces = text.Value.Split('\n');
            for (var at = 0; at < pieces.Length; at++)
            {
                if (at > 0)
                {
                    lines.Add([]);
                }
                if (pieces[at].Length > 0)
                {
                    lines[^1].Add(pieces[at]);
                }
            }
        }
        var written = new StringBuilder("join(\n");
        Indent(written, depth + 1);
        written.Append("[\n");
        foreach (var line in lines)
        {
            Indent(written, depth + 2);
            written.Append(line is [not CodeValue.Text] ? Value(line[0], depth + 2) : Interpolated(line, depth + 2));
            written.Append('\n');
        }
        Indent(written, depth + 1);
        written.Append("],\n");
        Indent(written, depth + 1);
        written.Append(@"'\n'").Append('\n');
        Indent(written, depth);
        return written.Append(')').ToString();
    }

    private string Items(CodeValue.Items items, int depth)
    {
        if (items.Values.Count == 0)
        {
            return "[]";
        }
        var text = new StringBuilder("[\n");
        foreach (var one in items.Values)
        {
            Indent(text, depth + 1);
            text.Append(Fitting(one, depth + 1, 0)).Append('\n');
        }
        Indent(text, depth);
        return text.Append(']').ToString();
    }

    /// <param name="lines">Names and values, as they are written.</param>
    public static string Fields(IReadOnlyList<(string Name, string Value)> lines, int depth)
    {
        if (lines.Count == 0)
        {
            return "{}";
        }
        var text = new StringBuilder("{\n");
        foreach (var (name, value) in lines)
        {
            Indent(text, depth + 1);
            text.Append(name).Append(": ").Append(value).Append('\n');
        }
        Indent(text, depth);
        return text.Append('}').ToString();
    }

    /// <summary>Lines of a comment, none too long.</summary>
    public static void Comment(StringBuilder text, string why)
    {
        var length = 0;
        foreach (var word in why.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (length == 0 || length + word.Length + 1 > CommentLettersMax)
            {
                text.Append(length == 0 ? "//" : "\n//");
                length = 2;
            }
            text.Append(' ').Append(word);
            length += word.Length + 1;
        }
        text.Append('\n');
    }

    private static string Name(string name) =>
        name.Length > 0
        && (char.IsAsciiLetter(name[0]) || name[0] == '_')
        && name.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter == '_')
            ? name
            : Quoted(name);

    public static string Quoted(string text) => $"'{Escaped(text)}'";

    private static string Escaped(string text)
    {
        var escaped = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            var letter = text[at];
            escaped.Append(
                letter switch
                {
                    '\'' => @"\'",
                    '\\' => @"\\",
                    '\n' => @"\n",
                    '\r' => @"\r",
                    '\t' => @"\t",
                    // What would be filled in.
                    '$' when at + 1 < text.Length && text[at + 1] == '{' => @"\$",
                    < ' ' or '\u007f' or '\u0085' or '\u2028' or '\u2029' => string.Create(
                        CultureInfo.InvariantCulture,
                        $@"\u{{{(int)letter:x}}}"
                    ),
                    _ => letter.ToString(),
                }
            );
        }
        return escaped.ToString();
    }

    private static void Indent(StringBuilder text, int depth) => text.Append(' ', depth * 2);
}
