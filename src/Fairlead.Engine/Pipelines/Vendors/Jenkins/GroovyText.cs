using System.Globalization;
using System.Text;

namespace Fairlead.Engine.Pipelines.Vendors.Jenkins;

/// <summary>
/// A Jenkinsfile that is written: blocks, and lines in them. Texts stand in single quotes, in which Groovy fills in nothing.
/// </summary>
internal sealed class GroovyText
{
    private readonly StringBuilder text = new();
    private int depth;

    public GroovyText Line(string line)
    {
        text.Append(' ', 4 * depth).Append(line).Append('\n');
        return this;
    }

    /// <summary>What was written for Jenkins by somebody else, as it was.</summary>
    public GroovyText As(string source) => Line(source.Trim('\n'));

    /// <summary>A block with what is written into it; nothing when that is nothing.</summary>
    /// <param name="given">What the block is given, as it names it; null for nothing.</param>
    public GroovyText Block(string head, Action<GroovyText> write, string? given = null)
    {
        var before = text.Length;
        Line(given is null ? $"{head} {{" : $"{head} {{ {given} ->");
        var empty = text.Length;
        depth++;
        write(this);
        depth--;
        if (text.Length == empty)
        {
            text.Length = before;
            return this;
        }
        return Line("}");
    }

    /// <summary>Blocks within each other, the first outermost.</summary>
    public GroovyText Blocks(IReadOnlyList<string> heads, Action<GroovyText> write) =>
        heads.Count == 0 ? Written(write) : Block(heads[0], inner => inner.Blocks([.. heads.Skip(1)], write));

    public override string ToString() => text.ToString();

    /// <summary>A text in single quotes, three where it has several lines.</summary>
    public static string Quoted(string text)
    {
        var isLong = text.Contains('\n', StringComparison.Ordinal);
        var quoted = new StringBuilder(isLong ? "'''" : "'");
        foreach (var letter in text)
        {
            _ = letter switch
            {
                '\\' or '\'' => quoted.Append('\\').Append(letter),
                '\n' => quoted.Append('\n'),
                '\t' => quoted.Append("\\t"),
                '\r' => quoted.Append("\\r"),
                // What a reader could take for a line's end, or not show.
                < ' ' or '\u007f' or '\u0085' or '\u2028' or '\u2029' or '\ufeff' => quoted.Append(
                    CultureInfo.InvariantCulture,
                    $"\\u{(int)letter:x4}"
                ),
                _ => quoted.Append(letter),
            };
        }
        return quoted.Append(isLong ? "'''" : "'").ToString();
    }

    /// <summary>A text in double quotes, in which Groovy fills in code that was written here.</summary>
    /// <param name="parts">Letters, or code.</param>
    public static string Filled(IEnumerable<(string Text, bool IsCode)> parts) =>
        $"\"{string.Concat(parts.Select(static one => one.IsCode ? $"${{{one.Text}}}" : Inside(one.Text)))}\"";

    /// <summary>Letters between double quotes: what single quotes need no sign before, and dollars.</summary>
    private static string Inside(string text)
    {
        var quoted = Quoted(text.Replace("\n", "\u0000", StringComparison.Ordinal))[1..^1];
        return quoted
            .Replace("\\u0000", "\\n", StringComparison.Ordinal)
            .Replace("\\'", "'", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("$", "\\$", StringComparison.Ordinal);
    }

    /// <summary>Lines of a comment, in which nothing of it can be code.</summary>
    public GroovyText Say(string comment) => Line($"// {Plain(comment)}");

    private GroovyText Written(Action<GroovyText> write)
    {
        write(this);
        return this;
    }

    // A comment ends with its line, and Groovy reads \u before it knows of comments.
    private static string Plain(string comment) =>
        string.Concat(comment.Select(static letter => letter is >= ' ' and <= '~' and not '\\' ? letter : ' '));
}
