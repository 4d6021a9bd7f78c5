using System.Globalization;
using System.Text;

namespace Fairlead.Engine.Pipelines.Files;

/// <summary>Keys and values that are written as YAML, as a person would: no quotes where none are needed. What is empty is left out.</summary>
internal sealed class YamlGroup
{
    private const int FlowLettersMax = 100;

    private readonly List<(string Key, object? Value)> entries = [];

    public bool IsEmpty => entries.Count == 0;

    public bool Has(string key) => entries.Exists(one => one.Key == key);

    /// <summary>All that another says, after what is there.</summary>
    public YamlGroup AddAll(YamlGroup other)
    {
        entries.AddRange(other.entries);
        return this;
    }

    /// <summary>A line of its own for people.</summary>
    public YamlGroup Say(string comment) => Keep("#", comment);

    public YamlGroup Add(string key, string? text) => text is null ? this : Keep(key, text);

    public YamlGroup Add(string key, int? number) => number is null ? this : Keep(key, number);

    public YamlGroup Add(string key, bool? yes) => yes is null ? this : Keep(key, yes);

    public YamlGroup Add(string key, YamlGroup group) => group.IsEmpty ? this : Keep(key, group);

    public YamlGroup Add(string key, IReadOnlyList<string> texts) => texts.Count == 0 ? this : Keep(key, texts);

    public YamlGroup Add(string key, IReadOnlyDictionary<string, string> texts) => Add(key, Of(texts));

    /// <param name="items">Texts and groups.</param>
    public YamlGroup AddItems(string key, IReadOnlyList<object> items) => items.Count == 0 ? this : Keep(key, items);

    /// <summary>One alone is written without a list.</summary>
    public YamlGroup AddOneOrMore(string key, IReadOnlyList<string> texts) =>
        texts.Count == 1 ? Keep(key, texts[0]) : Add(key, texts);

    /// <summary>A list that is said to be empty.</summary>
    public YamlGroup AddItemsOrNone(string key) => Keep(key, Array.Empty<string>());

    /// <summary>A group or a list, also when it is empty: what somebody wrote so means something.</summary>
    /// <param name="value">A group, texts, or a list of texts, groups and lists.</param>
    public YamlGroup AddAsItIs(string key, object value) => Keep(key, value);

    /// <summary>A value with a comment behind it.</summary>
    public YamlGroup AddWith(string key, string text, string? comment) =>
        Keep(key, comment is null ? text : new Commented(text, comment));

    /// <summary>A number that is no whole one, such as a version.</summary>
    public YamlGroup AddNumber(string key, decimal number) => Keep(key, number);

    /// <summary>A key that is there though nothing stands under it.</summary>
    public YamlGroup AddEmpty(string key) => Keep(key, value: null);

    public static YamlGroup Of(IReadOnlyDictionary<string, string> texts)
    {
        var group = new YamlGroup();
        foreach (var (name, text) in texts)
        {
            group.Keep(name, text);
        }
        return group;
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        Append(text, indent: 0);
        return text.ToString();
    }

    private YamlGroup Keep(string key, object? value)
    {
        entries.Add((key, value));
        return this;
    }

    private void Append(StringBuilder text, int indent)
    {
        foreach (var (key, value) in entries)
        {
            text.Append(' ', indent);
            if (key == "#")
            {
                text.Append("# ").Append(value).Append('\n');
                continue;
            }
            // Old readers take 'on' for true, and nobody writes it in quotes for them.
            text.Append(key == "on" ? key : Scalar(key, isFlow: false)).Append(':');
            AppendValue(text, value, indent);
        }
    }

    private static void AppendValue(StringBuilder text, object? value, int indent)
    {
        switch (value)
        {
            case null:
                text.Append('\n');
                break;
            case Commented one:
                text.Append(' ').Append(Scalar(one.Text, isFlow: false)).Append(" # ").Append(one.Comment).Append('\n');
                break;
            case YamlGroup { IsEmpty: true }:
                text.Append(" {}\n");
                break;
            case YamlGroup group:
                text.Append('\n');
                group.Append(text, indent + 2);
                break;
            case string words when IsBlock(words):
                text.Append(words.EndsWith('\n') ? " |\n" : " |-\n");
                foreach (var line in words.TrimEnd('\n').Split('\n'))
                {
                    text.Append(' ', line.Length == 0 ? 0 : indent + 2).Append(line).Append('\n');
                }
                break;
            case IReadOnlyList<string> { Count: 0 }:
                text.Append(" []\n");
                break;
            case IReadOnlyList<string> texts when Flow(texts) is { Length: < FlowLettersMax } flow:
                text.Append(' ').Append(flow).Append('\n');
                break;
            case IReadOnlyList<object> items:
                text.Append('\n');
                foreach (var item in items)
                {
                    AppendItem(text, item, indent + 2);
                }
                break;
            default:
                text.Append(' ').Append(Scalar(value, isFlow: false)).Append('\n');
                break;
        }
    }

    private static void AppendItem(StringBuilder text, object item, int indent)
    {
        text.Append(' ', indent).Append('-');
        if (item is YamlGroup { IsEmpty: false } group)
        {
            var inner = new StringBuilder();
            group.Append(inner, indent + 2);
            // The first key stands behind the dash.
            text.Append(' ').Append(inner.ToString().AsSpan(indent + 2));
            return;
        }
        AppendValue(text, item, indent);
    }

    private static string Flow(IReadOnlyList<string> texts) =>
        $"[{string.Join(", ", texts.Select(static one => Scalar(one, isFlow: true)))}]";

    /// <summary>Several lines that can stand as they are.</summary>
    private static bool IsBlock(string words) =>
        words.TrimEnd('\n').Length > 0
        && words.Contains('\n', StringComparison.Ordinal)
        && !words.EndsWith("\n\n", StringComparison.Ordinal)
        && words[0] is not (' ' or '\t' or '\n')
        && !words.Contains(" \n", StringComparison.Ordinal)
        && !words.EndsWith(' ')
        && words.All(static letter => letter is '\n' or '\t' || IsPrinted(letter));

    private static bool IsPrinted(char letter) =>
        letter is (>= ' ' and <= '~') or (>= '\u00a1' and < '\ud800' and not ('\u2028' or '\u2029'));

    private static string Scalar(object value, bool isFlow) =>
        value switch
        {
            bool yes => yes ? "true" : "false",
            int number => number.ToString(CultureInfo.InvariantCulture),
            decimal number => number.ToString(CultureInfo.InvariantCulture),
            string words when IsPlain(words, isFlow) => words,
            string words when words.Any(static letter => letter is '"' or '\\') && words.All(IsPrinted) =>
                $"'{words.Replace("'", "''", StringComparison.Ordinal)}'",
            _ => Quoted(value.ToString() ?? ""),
        };

    private static bool IsPlain(string words, bool isFlow) =>
        words.Length > 0
        && (
            char.IsAsciiLetter(words[0])
            || words[0] is '/' or '.' or '_' or '$'
            || (words[0] == '~' && words.Length > 1)
            || IsTime(words)
        )
        && words[^1] is not (' ' or ':')
        && words.All(IsPrinted)
        && !words.Contains(": ", StringComparison.Ordinal)
        && !words.Contains(" #", StringComparison.Ordinal)
        && !(isFlow && words.Any(static letter => letter is ',' or '[' or ']' or '{' or '}' or '"' or '\'' or ':'))
        && !IsTaken(words);

    /// <summary>Such as 90m or 2 hours, which is no number.</summary>
    private static bool IsTime(string words)
    {
        var digits = words.TakeWhile(char.IsAsciiDigit).Count();
        return digits > 0 && words[digits..] is "ms" or "s" or "m" or "h" or "d" or " minutes" or " hours" or " hour";
    }

    /// <summary>What YAML 1.1 or 1.2 takes for something else than a text.</summary>
    private static bool IsTaken(string words) =>
        words.ToUpperInvariant()
            is "Y"
                or "YES"
                or "N"
                or "NO"
                or "ON"
                or "OFF"
                or "TRUE"
                or "FALSE"
                or "NULL"
                or "~"
                or ".INF"
                or ".NAN"
        || (words[0] == '.' && words.Length > 1 && char.IsAsciiDigit(words[1]));

    private static string Quoted(string words)
    {
        var quoted = new StringBuilder("\"");
        foreach (var letter in words)
        {
            _ = letter switch
            {
                '"' or '\\' => quoted.Append('\\').Append(letter),
                '\n' => quoted.Append("\\n"),
                '\t' => quoted.Append("\\t"),
                '\r' => quoted.Append("\\r"),
                _ when IsPrinted(letter) || char.IsSurrogate(letter) => quoted.Append(letter),
                _ => quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:X4}"),
            };
        }
        return quoted.Append('"').ToString();
    }

    private sealed record Commented(string Text, string Comment);
}
