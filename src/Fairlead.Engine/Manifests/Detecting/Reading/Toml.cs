namespace Fairlead.Engine.Manifests.Detecting.Reading;

/// <summary>
/// The tables and keys of a TOML file, read line by line: enough for names, versions and lists of words in pyproject.toml and
/// Cargo.toml. Dates, escapes and values within values are not understood and not needed.
/// </summary>
internal sealed class Toml
{
    private readonly List<Entry> entries = [];

    public IReadOnlyList<Entry> Entries => entries;

    public static Toml Read(Sight sight, string path)
    {
        var toml = new Toml();
        var (table, key, isOpen) = ("", "", false);
        var lines = sight.Lines(path);
        for (var at = 0; at < lines.Count; at++)
        {
            var line = lines[at].Trim();
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }
            if (isOpen)
            {
                toml.entries.Add(new(table, key, line.TrimEnd(','), at + 1));
                isOpen = !ClosesList(line);
            }
            else if (line[0] == '[')
            {
                table = line.Split('#')[0].Trim().Trim('[', ']').Replace("\"", "", StringComparison.Ordinal).Trim();
                toml.entries.Add(new(table, "", "", at + 1));
            }
            else if (line.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals)
            {
                key = line[..equals].Trim().Trim('"');
                var value = line[(equals + 1)..].Trim();
                toml.entries.Add(new(table, key, value, at + 1));
                isOpen = value.StartsWith('[') && !ClosesList(value);
            }
        }
        return toml;
    }

    public string? Word(string table, string key) =>
        entries.Find(entry => entry.Table == table && entry.Key == key) is { } found ? Unquoted(found.Value) : null;

    public Entry? First(string table, string key = "") =>
        entries.Find(entry => entry.Table == table && entry.Key == key);

    /// <summary>The quoted words of a list, which may go over several lines, each with its line.</summary>
    public IEnumerable<(string Word, int Line)> List(string table, string key) =>
        from entry in entries
        where entry.Table == table && entry.Key == key
        from word in Quoted(entry.Value)
        select (word, entry.Line);

    private static bool ClosesList(string line)
    {
        var outside = line.Split('"').Where((_, index) => index % 2 == 0);
        return outside.Any(part => part.Split('#')[0].Contains(']', StringComparison.Ordinal));
    }

    private static IEnumerable<string> Quoted(string value) =>
        value.Split('"', '\'').Where((_, index) => index % 2 == 1);

    private static string? Unquoted(string value) => Quoted(value).FirstOrDefault();

    /// <param name="Key">Empty for the head of a table.</param>
    internal sealed record Entry(string Table, string Key, string Value, int Line);
}
