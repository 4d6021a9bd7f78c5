using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Fairlead.Engine.Infrastructure.Code.Pulumi;

/// <summary>Writes pieces as a program of TypeScript for Pulumi.</summary>
internal sealed class TypeScript
{
    private static readonly JsonSerializerOptions Relaxed = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    // What a name must not be: words of the language, and what the program has already.
    private static readonly string[] Taken =
    [
        "arguments",
        "await",
        "aws",
        "break",
        "case",
        "catch",
        "class",
        "config",
        "const",
        "continue",
        "debugger",
        "default",
        "delete",
        "do",
        "else",
        "enum",
        "eval",
        "export",
        "extends",
        "false",
        "finally",
        "for",
        "function",
        "if",
        "implements",
        "import",
        "in",
        "instanceof",
        "interface",
        "let",
        "name",
        "new",
        "null",
        "package",
        "private",
        "protected",
        "public",
        "pulumi",
        "return",
        "static",
        "super",
        "switch",
        "this",
        "throw",
        "true",
        "try",
        "typeof",
        "undefined",
        "var",
        "void",
        "while",
        "with",
        "yield",
    ];

    private readonly HashSet<string> taken = new(Taken, StringComparer.Ordinal);
    private readonly Dictionary<(string, string, bool), string> names = [];
    private readonly Dictionary<string, string> settings = new(StringComparer.Ordinal) { ["name"] = "name" };

    /// <summary>What a setting is called in the program.</summary>
    public string Setting(string name)
    {
        if (!settings.TryGetValue(name, out var known))
        {
            settings[name] = known = Free(PulumiTypes.Camel(name));
        }
        return known;
    }

    /// <summary>A name that nothing else has.</summary>
    public string Free(string wanted)
    {
        var name = wanted;
        for (var number = 2; !taken.Add(name); number++)
        {
            name = string.Create(CultureInfo.InvariantCulture, $"{wanted}{number}");
        }
        return name;
    }

    public string Text(Piece piece)
    {
        var text = new StringBuilder();
        if (piece.Why is { } why)
        {
            text.Append($"// {why}\n");
        }
        text.Append($"const {Name(piece.Type, piece.Name, piece.IsData)} = ");
        var lines = piece.Lines.Where(static one => !IsOption(one)).ToList();
        if (piece.IsData)
        {
            return text.Append($"{PulumiTypes.Of(piece)}({(lines.Count == 0 ? "" : Group("", lines, 0))});\n")
                .ToString();
        }
        text.Append(
            $"new {PulumiTypes.Of(piece)}({Quoted(piece.Name.Replace('_', '-'))}, {Group(piece.Type, lines, 0)}"
        );
        if (Options(piece) is { Length: > 0 } options)
        {
            text.Append($", {{ {options} }}");
        }
        return text.Append(");\n").ToString();
    }

    private static bool IsOption(PieceLine line) =>
        line is PieceLine.Set { Name: "depends_on" or "provider" } or PieceLine.Group { Name: "lifecycle" };

    // That another one comes before it is removed is what Pulumi does anyway.
    private string Options(Piece piece)
    {
        List<string> options = [];
        foreach (var line in piece.Lines)
        {
            switch (line)
            {
                case PieceLine.Set { Name: "depends_on" } set:
                    options.Add($"dependsOn: {Value(set.Value, 0)}");
                    break;
                case PieceLine.Set { Name: "provider", Value: CodeValue.Of of }:
                    options.Add($"provider: {PulumiTypes.Camel(of.Name)}");
                    break;
                case PieceLine.Group { Name: "lifecycle" } group:
                    foreach (var set in group.Lines.OfType<PieceLine.Set>())
                    {
                        if (set is { Name: "ignore_changes", Value: CodeValue.Items items })
                        {
                            var ignored = items
                                .Values.OfType<CodeValue.Of>()
                                .Select(one => Quoted(Ignored(piece, one.Name)));
                            options.Add($"ignoreChanges: [{string.Join(", ", ignored)}]");
                        }
                    }
                    break;
            }
        }
        return string.Join(", ", options);
    }

    // What is repeated in Terraform is a list here.
    private static string Ignored(Piece piece, string name) =>
        piece.Lines.OfType<PieceLine.Group>().Any(one => one.Name == name && !one.IsOnly)
            ? PulumiTypes.Many(name)
            : PulumiTypes.Camel(name);

    // It is of a piece, by its type, or of a group, by its name.
    private string Group(string name, IReadOnlyList<PieceLine> lines, int depth)
    {
        List<(string, string)> all = [];
        foreach (var line in lines)
        {
            switch (line)
            {
                case PieceLine.Set set:
                    var value = Value(set.Value, depth + 1);
                    all.Add(
                        (
                            PulumiTypes.Attribute(name, set.Name),
                            PulumiTypes.TakesText(name, set.Name) ? Quoted(value) : value
                        )
                    );
                    break;
                case PieceLine.Group { IsOnly: true } group:
                    all.Add((PulumiTypes.Camel(group.Name), Group(group.Name, group.Lines, depth + 1)));
                    break;
                case PieceLine.Group first when !all.Exists(one => one.Item1 == PulumiTypes.Many(first.Name)):
                    var each = lines
                        .OfType<PieceLine.Group>()
                        .Where(one => one.Name == first.Name)
                        .Select(one => Group(one.Name, one.Lines, depth + 2))
                        .ToList();
                    all.Add((PulumiTypes.Many(first.Name), Items(each, depth + 1)));
                    break;
            }
        }
        return Fields(all, depth);
    }

    private static string Fields(List<(string Name, string Value)> all, int depth)
    {
        if (all.Count == 0)
        {
            return "{}";
        }
        var text = new StringBuilder("{\n");
        foreach (var (name, value) in all)
        {
            Indent(text, depth + 1).Append($"{name}: {value},\n");
        }
        return Indent(text, depth).Append('}').ToString();
    }

    private static string Items(List<string> values, int depth)
    {
        var line = $"[{string.Join(", ", values)}]";
        if (line.Length <= 100 && !line.Contains('\n', StringComparison.Ordinal))
        {
            return line;
        }
        var text = new StringBuilder("[\n");
        foreach (var one in values)
        {
            Indent(text, depth + 1).Append($"{one},\n");
        }
        return Indent(text, depth).Append(']').ToString();
    }

    public string Value(CodeValue value, int depth) =>
        value switch
        {
            CodeValue.Text text => Quoted(text.Value),
            CodeValue.Number number => number.Value.ToString(CultureInfo.InvariantCulture),
            CodeValue.Truth truth => truth.Value ? "true" : "false",
            CodeValue.Items items => Items([.. items.Values.Select(one => Value(one, depth + 1))], depth),
            CodeValue.Fields fields => Fields(
                [.. fields.Values.Select(one => (Key(one.Name), Value(one.Value, depth + 1)))],
                depth
            ),
            CodeValue.Json json => $"pulumi.jsonStringify({Value(json.Value, depth)})",
            CodeValue.Call { Function: "base64encode", Arguments: [var only] } =>
                $"pulumi.output({Value(only, depth)}).apply((text) => Buffer.from(text).toString(\"base64\"))",
            CodeValue.Joined joined =>
                $"pulumi.interpolate`{string.Concat(joined.Parts.Select(one => Part(one, depth)))}`",
            CodeValue.Setting setting => Setting(setting.Name),
            CodeValue.Of of => Reference(of),
            CodeValue.Choice choice =>
                $"{Setting(choice.By)} === \"\" ? {Value(choice.Otherwise, depth)} : {Value(choice.Then, depth)}",
            CodeValue.Pick pick =>
                $"{Reference(pick.From)}.apply((all) => all.find((one) => one.{PulumiTypes.Camel(pick.Field)} === {Quoted(pick.Value)})!.{PulumiTypes.Camel(pick.Attribute)})",
            _ => throw new ArgumentOutOfRangeException(nameof(value), value, "is no value"),
        };

    private string Reference(CodeValue.Of of)
    {
        var name = Name(of.Type, of.Name, of.IsData);
        var parts = of.Attribute.Split('.', StringSplitOptions.RemoveEmptyEntries);
        var text = string.Concat(parts.Select((part, at) => Step(at == 0 ? of.Type : "", part)).Prepend(name));
        // A number that is always used as a text.
        return of.Attribute == "latest_version" ? $"{text}.apply(String)" : text;
    }

    // Such as names[0].
    private static string Step(string type, string part)
    {
        var bracket = part.IndexOf('[', StringComparison.Ordinal);
        return bracket < 0
            ? $".{PulumiTypes.Attribute(type, part)}"
            : $".{PulumiTypes.Attribute(type, part[..bracket])}{part[bracket..]}";
    }

    private string Name(string type, string name, bool isData)
    {
        if (!names.TryGetValue((type, name, isData), out var known))
        {
            var wanted = PulumiTypes.Camel(name == "here" ? type["aws_".Length..] : name);
            names[(type, name, isData)] = known = Free(char.IsAsciiDigit(wanted[0]) ? $"_{wanted}" : wanted);
        }
        return known;
    }

    private string Part(CodeValue part, int depth) =>
        part is CodeValue.Text text
            ? text
                .Value.Replace(@"\", @"\\", StringComparison.Ordinal)
                .Replace("`", "\\`", StringComparison.Ordinal)
                .Replace("${", "\\${", StringComparison.Ordinal)
                .Replace("\r", "\\r", StringComparison.Ordinal)
            : $"${{{Value(part, depth)}}}";

    private static string Key(string name) =>
        name.Length > 0
        && (char.IsAsciiLetter(name[0]) || name[0] == '_')
        && name.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter == '_')
            ? name
            : Quoted(name);

    public static string Quoted(string text) => JsonSerializer.Serialize(text, Relaxed);

    private static StringBuilder Indent(StringBuilder text, int depth) => text.Append(' ', depth * 2);
}
