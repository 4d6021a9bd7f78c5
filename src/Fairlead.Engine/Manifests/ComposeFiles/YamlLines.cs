using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fairlead.Engine.Manifests.ComposeFiles;

/// <summary>Writes keys and values as YAML that a person reads: what could be taken for anything but a text is in quotes.</summary>
internal static class YamlLines
{
    /// <summary>Texts that YAML 1.1 takes for something else.</summary>
    private static readonly HashSet<string> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        "y",
        "yes",
        "n",
        "no",
        "on",
        "off",
        "true",
        "false",
        "null",
    };

    public static string Of(JsonObject group)
    {
        var text = new StringBuilder();
        Append(text, group, indent: 0);
        return text.ToString();
    }

    private static void Append(StringBuilder text, JsonObject group, int indent)
    {
        foreach (var (key, value) in group)
        {
            text.Append(' ', indent).Append(Quoted(key)).Append(':');
            switch (value)
            {
                case JsonObject { Count: > 0 } inner:
                    text.Append('\n');
                    Append(text, inner, indent + 2);
                    break;
                case JsonArray list when list.Any(static item => item is JsonObject):
                    text.Append('\n');
                    AppendItems(text, list, indent + 2);
                    break;
                case JsonArray list:
                    text.Append(" [").AppendJoin(", ", list.Select(Scalar)).Append("]\n");
                    break;
                case JsonValue one when IsLong(one):
                    text.Append(" |\n");
                    foreach (var line in one.GetValue<string>().TrimEnd('\n').Split('\n'))
                    {
                        text.Append(' ', line.Length == 0 ? 0 : indent + 2).Append(line).Append('\n');
                    }
                    break;
                default:
                    text.Append(' ').Append(Scalar(value)).Append('\n');
                    break;
            }
        }
    }

    private static void AppendItems(StringBuilder text, JsonArray list, int indent)
    {
        foreach (var item in list)
        {
            text.Append(' ', indent).Append("- ");
            if (item is not JsonObject { Count: > 0 } group)
            {
                text.Append(Scalar(item)).Append('\n');
                continue;
            }
            var inner = new StringBuilder();
            Append(inner, group, indent + 2);
            // The first key stands behind the dash.
            text.Append(inner.ToString().AsSpan(indent + 2));
        }
    }

    /// <summary>Several lines that can stand as they are.</summary>
    private static bool IsLong(JsonValue value) =>
        value.GetValueKind() == JsonValueKind.String
        && value.GetValue<string>() is var text
        && text.EndsWith('\n')
        && !text.EndsWith("\n\n", StringComparison.Ordinal)
        && text[0] is not (' ' or '\n')
        && text.All(static letter => letter is '\n' or (>= ' ' and <= '~'));

    private static string Scalar(JsonNode? value) =>
        value switch
        {
            null => "null",
            JsonObject => "{}",
            JsonArray list => $"[{string.Join(", ", list.Select(Scalar))}]",
            _ when value.GetValueKind() == JsonValueKind.String => Quoted(value.GetValue<string>()),
            _ => value.ToJsonString(),
        };

    private static string Quoted(string text)
    {
        if (
            text.Length > 0
            && (char.IsAsciiLetter(text[0]) || text[0] is '/' or '.')
            && text.Any(char.IsAsciiLetterOrDigit)
            && text.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.' or '/' or '_')
            && !Words.Contains(text)
        )
        {
            return text;
        }
        var quoted = new StringBuilder("\"");
        foreach (var letter in text)
        {
            _ = letter switch
            {
                '"' or '\\' => quoted.Append('\\').Append(letter),
                '\n' => quoted.Append("\\n"),
                '\t' => quoted.Append("\\t"),
                '\r' => quoted.Append("\\r"),
                _ when char.IsControl(letter) || letter is '\u2028' or '\u2029' or '\uFEFF' => quoted.Append(
                    $"\\u{(int)letter:X4}"
                ),
                _ => quoted.Append(letter),
            };
        }
        return quoted.Append('"').ToString();
    }
}
