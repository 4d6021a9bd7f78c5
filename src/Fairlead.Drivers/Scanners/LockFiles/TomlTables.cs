using System.Text.RegularExpressions;

namespace Fairlead.Drivers.Scanners.LockFiles;

/// <summary>
/// Lock files in TOML, as Cargo, Poetry and uv write them: tables in a row (<c>[[package]]</c>) with a key on each line, and lists
/// over several lines. Dates and nested tables are carried along as text.
/// </summary>
internal sealed partial class TomlTable(string name, int line)
{
    private const int MatchMilliseconds = 1_000;

    private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);

    /// <summary>Such as <c>package</c> or <c>package.dependencies</c>.</summary>
    public string Name => name;

    public int Line => line;

    public IReadOnlyDictionary<string, string> Values => values;

    public string? Word(string key) => values.TryGetValue(key, out var value) ? Unquoted(value) : null;

    /// <summary>Every quoted word under a key, in lists and in tables within lists.</summary>
    public IEnumerable<string> Words(string key) =>
        values.TryGetValue(key, out var value)
            ? Quoted().Matches(value).Select(static one => one.Groups["word"].Value)
            : [];

    /// <summary>What stands under <c>name</c> in the tables of a list: <c>[{ name = "a" }, { name = "b" }]</c>.</summary>
    public IEnumerable<string> Named(string key) =>
        values.TryGetValue(key, out var value)
            ? NameIs().Matches(value).Select(static one => one.Groups["word"].Value)
            : [];

    public static IReadOnlyList<TomlTable> Read(string text)
    {
        var tables = new List<TomlTable> { new("", 1) };
        var (key, value, number) = ("", "", 0);
        foreach (var written in text.Split('\n'))
        {
            number++;
            var line = written.Trim();
            if (key.Length > 0)
            {
                value += " " + line;
            }
            else if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }
            else if (line[0] == '[')
            {
                tables.Add(new(line.Trim('[', ']', ' '), number));
                continue;
            }
            else
            {
                var equals = line.IndexOf('=', StringComparison.Ordinal);
                if (equals <= 0)
                {
                    throw new FormatException($"Line {number} is no key with a value.");
                }
                (key, value) = (line[..equals].Trim().Trim('"'), line[(equals + 1)..].Trim());
            }
            if (IsWhole(value))
            {
                tables[^1].values[key] = value;
                (key, value) = ("", "");
            }
            else if (value.Length > 1 << 20)
            {
                throw new FormatException($"The value of '{key}' does not end.");
            }
        }
        return key.Length == 0 ? tables : throw new FormatException($"The value of '{key}' does not end.");
    }

    // Brackets outside of quotes come in pairs.
    private static bool IsWhole(string value)
    {
        if (value.Length == 0 || value[0] is not ('[' or '{'))
        {
            return true;
        }
        var depth = 0;
        var quote = '\0';
        for (var at = 0; at < value.Length; at++)
        {
            var letter = value[at];
            if (quote != '\0')
            {
                at += letter == '\\' && quote == '"' ? 1 : 0;
                quote = letter == quote ? '\0' : quote;
            }
            else if (letter is '"' or '\'')
            {
                quote = letter;
            }
            else
            {
                depth +=
                    letter is '[' or '{' ? 1
                    : letter is ']' or '}' ? -1
                    : 0;
            }
        }
        return depth <= 0;
    }

    private static string Unquoted(string text) =>
        text is [('"' or '\'') and var quote, .., var last] && quote == last ? text[1..^1] : text;

    [GeneratedRegex(
        "\"(?<word>[^\"]*)\"",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking,
        MatchMilliseconds
    )]
    private static partial Regex Quoted();

    [GeneratedRegex(
        "[{,]\\s*name\\s*=\\s*\"(?<word>[^\"]*)\"",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking,
        MatchMilliseconds
    )]
    private static partial Regex NameIs();
}
