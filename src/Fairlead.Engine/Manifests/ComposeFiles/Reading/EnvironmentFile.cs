using System.Text;

namespace Fairlead.Engine.Manifests.ComposeFiles.Reading;

/// <summary>
/// Reads files of variables, such as <c>.env</c>:
/// <code>
/// # comment
/// export NAME=plain text # comment
/// SINGLE='as it stands, $NAME too'
/// DOUBLE="with \n and ${NAME}"
/// FROM_OUTSIDE
/// </code>
/// </summary>
internal static class EnvironmentFile
{
    private const int VariablesMax = 5_000;

    /// <param name="Value">Null where only the name stands.</param>
    public sealed record Line(int Number, string Name, string? Value, IReadOnlyList<string> Variables);

    /// <summary>Its variables in their order; those before may be used by those after.</summary>
    /// <param name="place">A place in the file by its line.</param>
    public static IReadOnlyList<Line> Read(
        string text,
        IReadOnlyDictionary<string, string> known,
        Func<int, Place> place,
        Notes notes
    )
    {
        var values = new Dictionary<string, string>(known, StringComparer.Ordinal);
        var interpolation = new Interpolation(values);
        List<Line> lines = [];
        var (at, number) = (0, 1);
        while (at < text.Length)
        {
            var begun = number;
            var end = text.IndexOf('\n', at) is >= 0 and var found ? found : text.Length;
            var line = text[at..end].Trim();
            var (next, rows) = (end + 1, 1);
            if (line.Length > 0 && line[0] != '#')
            {
                line = line.StartsWith("export ", StringComparison.Ordinal) ? line[7..].TrimStart() : line;
                var equals = line.IndexOf('=', StringComparison.Ordinal);
                var name = (equals < 0 ? line : line[..equals]).Trim();
                if (!IsName(name))
                {
                    notes.Fault(place(begun), Faults.BadValue("This line", "a variable: NAME=value"));
                }
                else if (lines.Count >= VariablesMax)
                {
                    notes.Fault(place(begun), Faults.TooLarge($"There are more than {VariablesMax} variables."));
                    return lines;
                }
                else if (equals < 0)
                {
                    lines.Add(new(begun, name, null, []));
                }
                else
                {
                    var valueAt = text.IndexOf('=', at) + 1;
                    while (valueAt < end && text[valueAt] is ' ' or '\t')
                    {
                        valueAt++;
                    }
                    var (raw, isLiteral, after) = Value(text, valueAt, end);
                    rows += text.AsSpan(valueAt, Math.Max(0, Math.Min(after, text.Length) - valueAt)).Count('\n');
                    next = text.IndexOf('\n', Math.Min(after, text.Length)) is >= 0 and var last
                        ? last + 1
                        : text.Length;
                    var (filled, used, fault) = isLiteral ? (raw, [], null) : interpolation.Fill(raw);
                    if (fault is not null)
                    {
                        notes.Fault(place(begun), fault);
                    }
                    values[name] = known.TryGetValue(name, out var outer) ? outer : filled;
                    lines.Add(new(begun, name, filled, used));
                }
            }
            (at, number) = (next, number + rows);
        }
        return lines;
    }

    public static bool IsName(string name) =>
        name.Length > 0
        && !char.IsAsciiDigit(name[0])
        && name.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter == '_');

    /// <summary>The value that begins at an index, whether it is taken as it stands, and where it ends.</summary>
    private static (string Text, bool IsLiteral, int After) Value(string text, int at, int end)
    {
        if (at < end && text[at] is '\'' or '"' && Quoted(text, at) is var (quoted, close) && quoted is not null)
        {
            return (quoted, text[at] == '\'', close + 1);
        }
        var plain = text[Math.Min(at, end)..end];
        var comment = plain.StartsWith('#') ? 0 : plain.IndexOf(" #", StringComparison.Ordinal);
        return ((comment >= 0 ? plain[..comment] : plain).Trim(), false, end);
    }

    private static (string? Text, int Close) Quoted(string text, int open)
    {
        var (quote, value) = (text[open], new StringBuilder());
        for (var at = open + 1; at < text.Length; at++)
        {
            if (text[at] == quote)
            {
                return (value.ToString(), at);
            }
            if (quote == '"' && text[at] == '\\' && at + 1 < text.Length)
            {
                at++;
                _ = text[at] switch
                {
                    'n' => value.Append('\n'),
                    'r' => value.Append('\r'),
                    't' => value.Append('\t'),
                    '$' => value.Append("$$"),
                    '"' or '\\' => value.Append(text[at]),
                    _ => value.Append('\\').Append(text[at]),
                };
                continue;
            }
            value.Append(text[at]);
        }
        return (null, text.Length);
    }
}
