using System.Globalization;
using System.Text;

namespace Fairlead.Engine.Infrastructure.Code;

/// <summary>Writes pieces in Terraform's language, as <c>terraform fmt</c> leaves them. Source: HCL native syntax specification, of Terraform 1.11.</summary>
internal static class Hcl
{
    private const int LineLettersMax = 100;
    private const string HeredocEnd = "EOT";

    public static string Text(IEnumerable<Piece> pieces) => string.Join('\n', pieces.Select(Text));

    public static string Text(Piece piece)
    {
        var text = new StringBuilder();
        if (piece.Why is { } why)
        {
            Comment(text, why);
        }
        text.Append(piece.IsData ? "data" : "resource").Append($" {Quoted(piece.Type)} {Quoted(piece.Name)} ");
        Block(text, piece.Lines, 0);
        return text.ToString();
    }

    /// <summary>A block of any kind, such as <c>variable "image"</c>.</summary>
    public static string Text(string head, IReadOnlyList<PieceLine> lines)
    {
        var text = new StringBuilder($"{head} ");
        Block(text, lines, 0);
        return text.ToString();
    }

    /// <summary>Lines of a comment, none too long.</summary>
    public static void Comment(StringBuilder text, string why)
    {
        var length = 0;
        foreach (var word in why.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (length == 0 || length + word.Length + 1 > LineLettersMax)
            {
                text.Append(length == 0 ? "#" : "\n#");
                length = 1;
            }
            text.Append(' ').Append(word);
            length += word.Length + 1;
        }
        text.Append('\n');
    }

    private static void Block(StringBuilder text, IReadOnlyList<PieceLine> lines, int depth)
    {
        if (lines.Count == 0)
        {
            text.Append("{}\n");
            return;
        }
        text.Append("{\n");
        var written = lines.Select(line => line is PieceLine.Set set ? Value(set.Value, depth + 1) : null).ToList();
        for (var at = 0; at < lines.Count; at++)
        {
            if (at > 0 && (lines[at] is PieceLine.Group || lines[at - 1] is PieceLine.Group))
            {
                text.Append('\n');
            }
            Indent(text, depth + 1);
            if (lines[at] is PieceLine.Group group)
            {
                text.Append(group.Name).Append(' ');
                Block(text, group.Lines, depth + 1);
            }
            else if (lines[at] is PieceLine.Set set)
            {
                text.Append(set.Name.PadRight(Width(lines, written, at)))
                    .Append(" = ")
                    .Append(written[at])
                    .Append('\n');
            }
        }
        Indent(text, depth);
        text.Append("}\n");
    }

    // Values of one line that stand together have their signs below each other, and texts of several lines count as such;
    // other values of several lines end such a row.
    private static int Width(IReadOnlyList<PieceLine> lines, List<string?> written, int at)
    {
        if (!IsShort(at))
        {
            return 0;
        }
        var (first, last) = (at, at);
        while (first > 0 && IsShort(first - 1))
        {
            first--;
        }
        while (last + 1 < lines.Count && IsShort(last + 1))
        {
            last++;
        }
        return Enumerable.Range(first, last - first + 1).Max(one => ((PieceLine.Set)lines[one]).Name.Length);
        bool IsShort(int one) =>
            written[one] is { } value
            && (!value.Contains('\n', StringComparison.Ordinal) || value.StartsWith("<<", StringComparison.Ordinal));
    }

    public static string Value(CodeValue value, int depth) =>
        value switch
        {
            CodeValue.Text text => Heredoc([text], depth) ?? Quoted(text.Value),
            CodeValue.Number number => number.Value.ToString(CultureInfo.InvariantCulture),
            CodeValue.Truth truth => truth.Value ? "true" : "false",
            CodeValue.Items items => Items(items, depth),
            CodeValue.Fields fields => Fields(fields, depth),
            CodeValue.Json json => $"jsonencode({Value(json.Value, depth)})",
            CodeValue.Call call => Call(call, depth),
            CodeValue.Joined joined => Heredoc(joined.Parts, depth)
                ?? $"\"{string.Concat(joined.Parts.Select(one => Part(one, depth)))}\"",
            CodeValue.Setting setting => $"var.{setting.Name}",
            CodeValue.Of of => Reference(of),
            CodeValue.Choice choice =>
                $"var.{choice.By} == \"\" ? {Value(choice.Otherwise, depth)} : {Value(choice.Then, depth)}",
            CodeValue.Pick pick =>
                $"one([for one in {Reference(pick.From)} : one.{pick.Attribute} if one.{pick.Field} == {Quoted(pick.Value)}])",
            _ => throw new ArgumentOutOfRangeException(nameof(value), value, "is no value"),
        };

    private static string Call(CodeValue.Call call, int depth)
    {
        var arguments = string.Join(", ", call.Arguments.Select(one => Value(one, depth)));
        // The end of a text of several lines stands alone in its line.
        return arguments.EndsWith($" {HeredocEnd}", StringComparison.Ordinal)
            ? $"{call.Function}({arguments}\n{new string(' ', depth * 2)})"
            : $"{call.Function}({arguments})";
    }

    private static string Reference(CodeValue.Of of) =>
        of.Type.Length == 0
            ? of.Name
            : $"{(of.IsData ? "data." : "")}{of.Type}.{of.Name}{(of.Attribute.Length > 0 ? $".{of.Attribute}" : "")}";

    // Texts of several lines stand as such, indented with the code; null for what is better read in one line.
    private static string? Heredoc(IReadOnlyList<CodeValue> parts, int depth)
    {
        var plain = string.Concat(parts.Select(static one => one is CodeValue.Text text ? text.Value : "x"));
        if (
            !plain.EndsWith('\n')
            || plain.Count(static letter => letter == '\n') < 2
            || plain.Any(static letter => char.IsControl(letter) && letter != '\n')
            || plain.Split('\n').Any(static line => line.Trim() == HeredocEnd)
            // Its own least indentation would be taken away with ours.
            || plain.Split('\n').Where(static line => line.Length > 0).All(static line => line[0] == ' ')
        )
        {
            return null;
        }
        var text = new StringBuilder($"<<-{HeredocEnd}\n");
        var body = string.Concat(
            parts.Select(one =>
                one is CodeValue.Text words
                    ? words
                        .Value.Replace("${", "$${", StringComparison.Ordinal)
                        .Replace("%{", "%%{", StringComparison.Ordinal)
                    : $"${{{Value(one, depth)}}}"
            )
        );
        foreach (var line in body[..^1].Split('\n'))
        {
            if (line.Length > 0)
            {
                Indent(text, depth + 1);
            }
            text.Append(line).Append('\n');
        }
        Indent(text, depth);
        return text.Append(HeredocEnd).ToString();
    }

    private static string Part(CodeValue part, int depth) =>
        part is CodeValue.Text text ? Escaped(text.Value) : $"${{{Value(part, depth)}}}";

    private static string Items(CodeValue.Items items, int depth)
    {
        if (items.Values.Count == 0)
        {
            return "[]";
        }
        var values = items.Values.Select(one => Value(one, depth + 1)).ToList();
        var line = $"[{string.Join(", ", values)}]";
        if (line.Length <= LineLettersMax && !line.Contains('\n', StringComparison.Ordinal))
        {
            return line;
        }
        var text = new StringBuilder("[\n");
        foreach (var one in values)
        {
            Indent(text, depth + 1);
            text.Append(one).Append(",\n");
        }
        Indent(text, depth);
        return text.Append(']').ToString();
    }

    private static string Fields(CodeValue.Fields fields, int depth)
    {
        if (fields.Values.Count == 0)
        {
            return "{}";
        }
        var lines = fields
            .Values.Select(static one => (PieceLine)new PieceLine.Set(Name(one.Name), one.Value))
            .ToList();
        var text = new StringBuilder();
        Block(text, lines, depth);
        return text.ToString().TrimEnd('\n');
    }

    private static string Name(string name) =>
        name.Length > 0
        && (char.IsAsciiLetter(name[0]) || name[0] == '_')
        && name.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-')
            ? name
            : Quoted(name);

    public static string Quoted(string text) => $"\"{Escaped(text)}\"";

    private static string Escaped(string text)
    {
        var escaped = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            var letter = text[at];
            escaped.Append(
                letter switch
                {
                    '"' => "\\\"",
                    '\\' => @"\\",
                    '\n' => "\\n",
                    '\r' => "\\r",
                    '\t' => "\\t",
                    // A template begins with either of them before a brace.
                    '$' or '%' when at + 1 < text.Length && text[at + 1] == '{' => new string(letter, 2),
                    < ' ' or '\u007f' => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}"),
                    _ => letter.ToString(),
                }
            );
        }
        return escaped.ToString();
    }

    private static void Indent(StringBuilder text, int depth) => text.Append(' ', depth * 2);
}
