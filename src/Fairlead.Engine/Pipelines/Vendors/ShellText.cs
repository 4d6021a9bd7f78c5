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
}
