using System.Text;

namespace Fairlead.Engine.Manifests.Detecting.Reading;

/// <summary>
/// Command lines that people wrote for a shell, such as <c>NODE_ENV=production node server.js --port $PORT</c>, as words for
/// which no shell is needed.
/// </summary>
internal static class CommandText
{
    private const string Special = "|&;<>()`\\*?[]~#\n";

    /// <summary>The words, <c>$PORT</c> as <c>{port}</c>; null when only a shell could make sense of it.</summary>
    public static IReadOnlyList<string>? Words(string text)
    {
        List<string> words = [];
        var word = new StringBuilder();
        var (quote, isWord) = ('\0', false);
        var plain = text.Replace("${PORT}", "{port}", StringComparison.Ordinal)
            .Replace("$PORT", "{port}", StringComparison.Ordinal);
        foreach (var letter in plain)
        {
            if (letter == '$' || (quote == '\0' && Special.Contains(letter, StringComparison.Ordinal)))
            {
                return null;
            }
            if (quote == '\0' && char.IsWhiteSpace(letter))
            {
                if (isWord)
                {
                    words.Add(word.ToString());
                }
                word.Clear();
                isWord = false;
            }
            else if (letter is '"' or '\'' && (quote == '\0' || quote == letter))
            {
                quote = quote == '\0' ? letter : '\0';
                isWord = true;
            }
            else
            {
                word.Append(letter);
                isWord = true;
            }
        }
        if (isWord)
        {
            words.Add(word.ToString());
        }
        return quote == '\0' && words.Count > 0 ? WithEnv(words) : null;
    }

    /// <summary>The program's name among the words, past <c>env</c> and assignments.</summary>
    public static string Program(IReadOnlyList<string> words) =>
        words.FirstOrDefault(word => word != "env" && !IsAssignment(word)) ?? "";

    // A shell's assignments before a command are the program env's arguments.
    private static List<string> WithEnv(List<string> words) => IsAssignment(words[0]) ? ["env", .. words] : words;

    private static bool IsAssignment(string word) =>
        word.IndexOf('=', StringComparison.Ordinal) is > 0 and var at
        && word[..at].All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_');
}
