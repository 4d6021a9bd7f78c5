using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Fairlead.Engine.Infrastructure.Code.CloudFormation;

/// <summary>
/// Writes templates as people write them: YAML with the short forms <c>!Ref</c>, <c>!GetAtt</c> and <c>!Sub</c>. Source: CloudFormation's
/// template reference, format version 2010-09-09. Ours, because no writer of YAML keeps comments, puts tags before scalars and quotes as
/// sparingly.
/// </summary>
internal static class StackYaml
{
    private const int LineLettersMax = 100;

    // YAML 1.1, which CloudFormation reads, takes these for something else than words.
    private static readonly HashSet<string> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        "true",
        "false",
        "yes",
        "no",
        "on",
        "off",
        "y",
        "n",
        "null",
    };

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Text(StackTemplate template)
    {
        var text = new StringBuilder("AWSTemplateFormatVersion: '2010-09-09'\n");
        Append(text, Field("Description", template.Description), 0);
        Part(text, "Parameters", template.Parameters.Select(static one => (one.Name, Parameter(one), (string?)null)));
        Part(text, "Conditions", template.Conditions.Select(static one => (one.Name, one.Value, (string?)null)));
        Part(text, "Resources", template.Resources.Select(static one => (one.Id, Resource(one), one.Why)));
        Part(
            text,
            "Outputs",
            template.Outputs.Select(static one =>
                (
                    one.Name,
                    CodeValue.Map(("Description", (CodeValue)one.Description), ("Value", one.Value)),
                    (string?)null
                )
            )
        );
        return text.ToString();
    }

    private static void Part(
        StringBuilder text,
        string name,
        IEnumerable<(string Name, CodeValue Value, string? Why)> entries
    )
    {
        var isFirst = true;
        foreach (var (entry, value, why) in entries)
        {
            text.Append(
                isFirst ? $"\n{name}:\n"
                : name is "Conditions" ? ""
                : "\n"
            );
            isFirst = false;
            Append(text, Comment(why), 2);
            Append(text, Field(entry, value), 2);
        }
    }

    private static CodeValue Parameter(StackParameter one) =>
        CodeValue.Map([
            ("Type", one.Type),
            ("Description", one.Description),
            .. one.Default is { } usual ? [("Default", usual)] : Array.Empty<(string, CodeValue)>(),
        ]);

    private static CodeValue Resource(StackResource one)
    {
        var lines = new List<(string, CodeValue)> { ("Type", one.Type) };
        if (one.After.Count > 0)
        {
            lines.Add(
                (
                    "DependsOn",
                    one.After.Count == 1
                        ? one.After[0]
                        : CodeValue.List([.. one.After.Select(static id => (CodeValue)id)])
                )
            );
        }
        if (one.Kept is not Kept.No)
        {
            var policy = one.Kept switch
            {
                Kept.Whole => "Retain",
                Kept.Copy => "Snapshot",
                _ => "Delete",
            };
            lines.Add(("DeletionPolicy", policy));
            lines.Add(("UpdateReplacePolicy", policy));
        }
        if (one.UpdatePolicy is { } rolling)
        {
            lines.Add(("UpdatePolicy", rolling));
        }
        if (one.Unjudged.Count > 0)
        {
            lines.Add(
                (
                    "Metadata",
                    CodeValue.Map(
                        (
                            "cfn-lint",
                            CodeValue.Map(
                                (
                                    "config",
                                    CodeValue.Map(
                                        (
                                            "ignore_checks",
                                            CodeValue.List([.. one.Unjudged.Select(static id => (CodeValue)id)])
                                        )
                                    )
                                )
                            )
                        )
                    )
                )
            );
        }
        if (one.Properties.Values.Count > 0)
        {
            lines.Add(("Properties", one.Properties));
        }
        return CodeValue.Map(lines);
    }

    private static IEnumerable<string> Comment(string? why)
    {
        var line = new StringBuilder();
        foreach (var word in (why ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && line.Length + word.Length + 1 > LineLettersMax)
            {
                yield return line.ToString();
                line.Clear();
            }
            line.Append(line.Length == 0 ? "# " : " ").Append(word);
        }
        if (line.Length > 0)
        {
            yield return line.ToString();
        }
    }

    private static void Append(StringBuilder text, IEnumerable<string> lines, int indent)
    {
        foreach (var line in lines)
        {
            text.Append(' ', line.Length == 0 ? 0 : indent).Append(line).Append('\n');
        }
    }

    private static List<string> Field(string name, CodeValue value)
    {
        if (Line(value) is { } line)
        {
            return [$"{Quoted(name)}: {line}"];
        }
        var (head, below) = Block(value);
        return [$"{Quoted(name)}:{(head.Length > 0 ? $" {head}" : "")}", .. below.Select(Deeper)];
    }

    private static List<string> Item(CodeValue value)
    {
        if (Line(value) is { } line)
        {
            return [$"- {line}"];
        }
        var (head, below) = Block(value);
        return head.Length > 0
            ? [$"- {head}", .. below.Select(Deeper)]
            : [.. below.Select(static (one, at) => at == 0 ? $"- {one}" : Deeper(one))];
    }

    private static string Deeper(string line) => line.Length == 0 ? line : $"  {line}";

    // What stands behind a name or a dash, and the lines below it.
    private static (string Head, List<string> Below) Block(CodeValue value) =>
        value switch
        {
            CodeValue.Fields fields => ("", [.. fields.Values.SelectMany(static one => Field(one.Name, one.Value))]),
            CodeValue.Items items => ("", [.. items.Values.SelectMany(Item)]),
            CodeValue.Call call => ($"!{call.Function}", [.. call.Arguments.SelectMany(Item)]),
            CodeValue.Text text => Literal("", text.Value),
            CodeValue.Joined joined => Literal("!Sub ", Substituted(joined)),
            CodeValue.Json json => Literal("", Document(json.Value)),
            _ => throw new ArgumentOutOfRangeException(nameof(value), value, "fits a line"),
        };

    private static (string Head, List<string> Below) Literal(string tag, string text) =>
        ($"{tag}{(text.EndsWith('\n') ? "|" : "|-")}", [.. text.TrimEnd('\n').Split('\n')]);

    // Null for what needs more than a line.
    private static string? Line(CodeValue value) =>
        value switch
        {
            CodeValue.Text text => IsLiteral(text.Value) ? null : Quoted(text.Value),
            CodeValue.Number number => number.Value.ToString(CultureInfo.InvariantCulture),
            CodeValue.Truth truth => truth.Value ? "true" : "false",
            CodeValue.Setting setting => $"!Ref {setting.Name}",
            CodeValue.Of { Attribute.Length: 0 } of => $"!Ref {of.Name}",
            CodeValue.Of of => $"!GetAtt {of.Name}.{of.Attribute}",
            CodeValue.Joined joined => IsLiteral(Substituted(joined)) ? null : $"!Sub {Quoted(Substituted(joined))}",
            CodeValue.Items { Values.Count: 0 } => "[]",
            CodeValue.Fields { Values.Count: 0 } => "{}",
            CodeValue.Call call => Call(call),
            CodeValue.Fields or CodeValue.Items or CodeValue.Json => null,
            _ => throw new ArgumentOutOfRangeException(nameof(value), value, "is no value"),
        };

    private static string? Call(CodeValue.Call call)
    {
        var words = call.Arguments.Select(Line).ToList();
        var line = call.Function is "Sub" or "GetAZs"
            ? $"!{call.Function} {words[0]}"
            : $"!{call.Function} [{string.Join(", ", words)}]";
        return words.Contains(null) || line.Length > LineLettersMax || call.Function is "And" or "Or" ? null : line;
    }

    private static string Substituted(CodeValue.Joined joined) => string.Concat(joined.Parts.Select(Part));

    private static string Part(CodeValue part) =>
        part switch
        {
            // A brace behind a dollar would be taken for a name.
            CodeValue.Text text => text.Value.Replace("${", "${!", StringComparison.Ordinal),
            CodeValue.Setting setting => $"${{{setting.Name}}}",
            CodeValue.Of of => $"${{{of.Name}{(of.Attribute.Length > 0 ? $".{of.Attribute}" : "")}}}",
            _ => throw new ArgumentOutOfRangeException(nameof(part), part, "cannot stand in a text"),
        };

    // Several lines that can stand as they are.
    private static bool IsLiteral(string text) =>
        text.Contains('\n', StringComparison.Ordinal)
        && text[0] is not (' ' or '\n')
        && !text.EndsWith("\n\n", StringComparison.Ordinal)
        && text.All(static letter => letter == '\n' || !IsSpecial(letter));

    private static bool IsSpecial(char letter) =>
        char.IsControl(letter) || letter is '\u2028' or '\u2029' or '\ufeff' || char.IsSurrogate(letter);

    internal static string Quoted(string text) =>
        IsPlain(text) ? text
        : text.Any(IsSpecial) ? JsonSerializer.Serialize(text)
        : $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private static bool IsPlain(string text)
    {
        if (
            text.Length == 0
            || !(char.IsAsciiLetter(text[0]) || text[0] == '/')
            || text[^1] == ' '
            || Words.Contains(text)
        )
        {
            return false;
        }
        for (var at = 0; at < text.Length; at++)
        {
            var letter = text[at];
            var isFine =
                letter == ':'
                    ? at + 1 < text.Length
                        && (char.IsAsciiLetterOrDigit(text[at + 1]) || text[at + 1] is ':' or '/' or '*')
                    : char.IsAsciiLetterOrDigit(letter)
                        || letter is ' ' or '-' or '_' or '.' or '/' or '+' or '=' or '@' or '*';
            if (!isFine)
            {
                return false;
            }
        }
        return true;
    }

    private static string Document(CodeValue value) => JsonSerializer.Serialize(Plain(value), Indented);

    internal static object Plain(CodeValue value) =>
        value switch
        {
            CodeValue.Text text => text.Value,
            CodeValue.Number number => number.Value,
            CodeValue.Truth truth => truth.Value,
            CodeValue.Items items => items.Values.Select(Plain).ToList(),
            CodeValue.Fields fields => fields.Values.ToDictionary(
                static one => one.Name,
                static one => Plain(one.Value)
            ),
            _ => throw new ArgumentOutOfRangeException(nameof(value), value, "is not known before"),
        };
}
