namespace Fairlead.Drivers.Scanners.LockFiles;

/// <summary>
/// A line of a file in which indentation says what belongs to what, as package managers write them. No YAML: there are no anchors and
/// no values over several lines in these files, so nothing in them can grow.
/// </summary>
/// <param name="Key">Without its quotes.</param>
/// <param name="Value">Without its quotes; empty when the lines below are the value.</param>
internal sealed record Indented(int Indent, string Key, string Value, int Number)
{
    private const int LinesMax = 2_000_000;

    public List<Indented> Below { get; } = [];

    public string? Find(string key) => Below.Find(one => one.Key == key)?.Value;

    public IReadOnlyList<Indented> Under(string key) => Below.Find(one => one.Key == key)?.Below ?? [];

    /// <summary>The lines that stand farthest left, with all that belongs to them.</summary>
    public static IReadOnlyList<Indented> Read(string text)
    {
        const int DepthMax = 32;
        List<Indented> roots = [];
        var open = new Stack<Indented>();
        var number = 0;
        foreach (var written in text.AsSpan().EnumerateLines())
        {
            if (++number > LinesMax)
            {
                throw new FormatException($"It has more than {LinesMax} lines.");
            }
            var line = written.TrimEnd();
            var plain = line.TrimStart(' ');
            if (plain.IsEmpty || plain[0] == '#' || plain.SequenceEqual("---"))
            {
                continue;
            }
            if (plain[0] is '&' or '*' or '|' or '>')
            {
                throw new FormatException($"Line {number} is not of a package manager.");
            }
            var (key, value) = Split(plain);
            var one = new Indented(line.Length - plain.Length, key, value, number);
            while (open.TryPeek(out var above) && above.Indent >= one.Indent)
            {
                open.Pop();
            }
            if (open.Count >= DepthMax)
            {
                throw new FormatException($"Line {number} is more than {DepthMax} levels deep.");
            }
            (open.TryPeek(out var parent) ? parent.Below : roots).Add(one);
            open.Push(one);
        }
        return roots;
    }

    // key: value | "key": value | key "value" | "a@1", b@2: | key:
    private static (string Key, string Value) Split(ReadOnlySpan<char> line)
    {
        if (line[^1] == ':')
        {
            return (Unquoted(line[..^1]), "");
        }
        var at = 0;
        if (line[0] is '"' or '\'')
        {
            var end = line[1..].IndexOf(line[0]);
            at = end < 0 ? 0 : end + 2;
        }
        for (; at < line.Length; at++)
        {
            if (line[at] == ' ' || (line[at] == ':' && at + 1 < line.Length && line[at + 1] == ' '))
            {
                return (Unquoted(line[..at]), Unquoted(line[(at + 1)..].Trim()));
            }
        }
        return (Unquoted(line), "");
    }

    internal static string Unquoted(ReadOnlySpan<char> text) =>
        text is [('"' or '\'') and var quote, .., var last] && quote == last && text[1..^1].IndexOf(quote) < 0
            ? text[1..^1].ToString()
            : text.ToString();
}
