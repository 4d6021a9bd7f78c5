using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Vendors;

/// <summary>Commands as texts for a shell.</summary>
internal static class ShellText
{
    public static string Of(Act.Command command) => string.Join(' ', command.Words.Select(Quoted));

    /// <summary>Letters that a shell reads as themselves within double quotes.</summary>
    public static string Escaped(string letters) =>
        string.Concat(
            letters.Select(static letter => letter is '\\' or '"' or '`' or '$' ? $"\\{letter}" : letter.ToString())
        );

    /// <summary>A word that a shell reads as itself. What stands in <c>${{ }}</c> is filled in before it reads it.</summary>
    public static string Quoted(string word) =>
        word.Length > 0
        && word.All(static letter =>
            char.IsAsciiLetterOrDigit(letter) || "-_./:=,@+%".Contains(letter, StringComparison.Ordinal)
        )
            ? word
            : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>The options that let Docker ask whether a server is ready; null when nothing tells.</summary>
    public static string? Health(IReadOnlyList<string> ready) =>
        ready.Count == 0
            ? null
            : $"--health-cmd \"{string.Join(' ', ready.Select(Quoted)).Replace("\"", "\\\"", StringComparison.Ordinal)}\" --health-interval 5s --health-retries 20";

    /// <summary>A program that its interpreter reads, up to a line that is not in it.</summary>
    /// <param name="opens">How the system's file says <c>&lt;&lt;</c>.</param>
    public static string Fed(string interpreter, string text, string opens = "<<")
    {
        var end = "END";
        while (text.Split('\n').Contains(end))
        {
            end += "_";
        }
        return $"{interpreter} - {opens}'{end}'\n{text.TrimEnd('\n')}\n{end}\n";
    }
}
