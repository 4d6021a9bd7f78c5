using System.IO.Enumeration;

namespace Fairlead.Engine.Sources;

/// <summary>
/// Patterns of branches and files: <c>*</c> stands for letters but a slash, <c>**</c> for any folders, <c>!</c> takes away again. The
/// last pattern that fits counts.
/// </summary>
public static class Patterns
{
    public const int PatternsMax = 50;
    public const int LettersMax = 200;

    public static bool Fit(IReadOnlyList<string> patterns, string name)
    {
        var fits = false;
        foreach (var pattern in patterns)
        {
            var (isNot, text) = pattern.StartsWith('!') ? (true, pattern[1..]) : (false, pattern);
            if (fits == isNot && IsOne(text, name))
            {
                fits = !isNot;
            }
        }
        return fits;
    }

    /// <summary>Why a text can be no pattern; null when it can.</summary>
    public static string? FaultOf(string pattern) =>
        pattern.TrimStart('!').Length == 0 ? "It is empty."
        : pattern.Length > LettersMax ? $"It has more than {LettersMax} letters."
        : pattern.Any(static letter => char.IsControl(letter) || letter == '\\') ? "It holds a letter that no name has."
        : null;

    // Row by row, as much work as the pattern is long times the name, whatever the pattern is.
    private static bool IsOne(string pattern, string name)
    {
        var (wanted, parts) = (pattern.Split('/'), name.Split('/'));
        var reached = new bool[parts.Length + 1];
        reached[0] = true;
        foreach (var one in wanted)
        {
            var next = new bool[parts.Length + 1];
            for (var at = 0; at <= parts.Length; at++)
            {
                next[at] =
                    one == "**"
                        ? reached[at] || (at > 0 && next[at - 1])
                        : at > 0
                            && reached[at - 1]
                            && FileSystemName.MatchesSimpleExpression(one, parts[at - 1], ignoreCase: false);
            }
            reached = next;
        }
        return reached[^1];
    }
}
