using System.Globalization;
using System.Text;

namespace Fairlead.Engine.Checking.OpenApi;

/// <summary>
/// A value of an OpenAPI document and where it stands, whether it was written as JSON or as YAML. Two are the same only when they are
/// the same place of the same document: that is how cycles are seen.
/// </summary>
internal sealed class ApiTree
{
    private const int IndexedFrom = 8;

    private Dictionary<string, ApiTree>? index;

    private ApiTree(int line) => Line = line;

    /// <summary>Counted from 1.</summary>
    public int Line { get; }

    /// <summary>The file it stands in, from the folder; null for the document itself.</summary>
    public string? File { get; private init; }

    public ApiPlace Place => new(File, Line);

    /// <summary>A single value as text; null for groups, lists and nothing.</summary>
    public string? Text { get; private init; }

    /// <summary>Whether the single value is a text, and not a number, true or false.</summary>
    public bool IsText { get; private init; }

    public IReadOnlyList<KeyValuePair<string, ApiTree>> Members { get; private init; } = [];

    public IReadOnlyList<ApiTree> Items { get; private init; } = [];

    public bool IsGroup { get; private init; }

    public bool IsList { get; private init; }

    /// <summary>The value is null, or nothing was written.</summary>
    public bool IsNothing => Text is null && !IsGroup && !IsList;

    public ApiTree? this[string name] => IsGroup ? Find(name) : null;

    public static ApiTree Of(int line, string text, bool isText) => new(line) { Text = text, IsText = isText };

    public static ApiTree Nothing(int line) => new(line);

    public static ApiTree Group(int line, IReadOnlyList<KeyValuePair<string, ApiTree>> members) =>
        new(line) { IsGroup = true, Members = members };

    public static ApiTree List(int line, IReadOnlyList<ApiTree> items) => new(line) { IsList = true, Items = items };

    /// <summary>The same in another file, with its references as they are called from there.</summary>
    /// <param name="called">A reference as all files call it.</param>
    public ApiTree In(string? file, Func<string, string> called) =>
        new(Line)
        {
            File = file,
            Text = Text,
            IsText = IsText,
            IsGroup = IsGroup,
            IsList = IsList,
            Items = [.. Items.Select(one => one.In(file, called))],
            Members =
            [
                .. Members.Select(one =>
                    KeyValuePair.Create(
                        one.Key,
                        one is { Key: "$ref", Value: { Text: { } text, IsText: true } }
                            ? new ApiTree(one.Value.Line)
                            {
                                File = file,
                                Text = called(text),
                                IsText = true,
                            }
                            : one.Value.In(file, called)
                    )
                ),
            ],
        };

    /// <summary>Its references and those of all that is in it.</summary>
    public IEnumerable<string> References =>
        Items
            .Concat(Members.Select(static one => one.Value))
            .SelectMany(static one => one.References)
            .Concat(this["$ref"] is { Text: { } text, IsText: true } ? [text] : []);

    /// <summary>The text of a member that is a single value.</summary>
    public string? Word(string name) => this[name]?.Text;

    public bool Flag(string name) => Word(name) is "true";

    public decimal? Number(string name) =>
        this[name] is { Text: { } text, IsText: false }
        && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    /// <summary>The single values of a member that is a list.</summary>
    public IReadOnlyList<string> Words(string name) =>
        this[name]?.Items.Select(static one => one.Text).OfType<string>().ToList() ?? [];

    /// <summary>The same text for equal values, at most so many letters of it; names of a group in order.</summary>
    public string Written(int lettersMax = 2_000)
    {
        var text = new StringBuilder();
        Write(text, lettersMax);
        return text.ToString();
    }

    private void Write(StringBuilder text, int lettersMax)
    {
        if (text.Length > lettersMax)
        {
            return;
        }
        if (IsGroup)
        {
            _ = text.Append('{');
            foreach (var (name, value) in Members.OrderBy(static one => one.Key, StringComparer.Ordinal))
            {
                _ = text.Append(text[^1] == '{' ? "" : ", ").Append(name).Append(": ");
                value.Write(text, lettersMax);
            }
            _ = text.Append('}');
        }
        else if (IsList)
        {
            _ = text.Append('[');
            foreach (var value in Items)
            {
                _ = text.Append(text[^1] == '[' ? "" : ", ");
                value.Write(text, lettersMax);
            }
            _ = text.Append(']');
        }
        else
        {
            _ = text.Append(IsText ? $"\"{Text}\"" : Plain());
        }
    }

    // 1.0 and 1 are the same number.
    private string Plain() =>
        Text is null ? "null"
        : decimal.TryParse(Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? (number / 1.000000000000000000000000000000m).ToString(CultureInfo.InvariantCulture)
        : Text;

    private ApiTree? Find(string name)
    {
        if (Members.Count < IndexedFrom)
        {
            return Members.FirstOrDefault(one => one.Key == name).Value;
        }
        if (index is null)
        {
            index = new(Members.Count, StringComparer.Ordinal);
            foreach (var (key, value) in Members)
            {
                _ = index.TryAdd(key, value);
            }
        }
        return index.GetValueOrDefault(name);
    }
}

/// <summary>Where something is written.</summary>
/// <param name="File">From the folder; null for the document itself.</param>
/// <param name="Line">Counted from 1.</param>
internal readonly record struct ApiPlace(string? File, int Line)
{
    /// <param name="document">What the document itself is called.</param>
    public string Text(string document) => $"{File ?? document}:{Line}";
}
