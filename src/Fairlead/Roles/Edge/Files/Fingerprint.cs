using System.Buffers;

namespace Fairlead.Roles.Edge.Files;

/// <summary>Tells files whose name changes with their content, which may be kept for ever, from all others.</summary>
internal static class Fingerprint
{
    private const int HashCharsMin = 8;
    private const int HashCharsMax = 64;
    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdef");

    /// <summary>Everything without a fingerprint is asked for again each time; its ETag makes that cheap.</summary>
    public static string CacheControl(string fileName) =>
        !fileName.EndsWith(".html", StringComparison.OrdinalIgnoreCase) && IsIn(fileName)
            ? "public, max-age=31536000, immutable"
            : "no-cache";

    /// <summary>
    /// Whether a name such as <c>app.3f2a9c1b.js</c> or <c>index-BxYz12Ab.css</c> holds a hash. In doubt it does not: a
    /// mistaken <c>immutable</c> leaves browsers with an old file for a year, a missed one costs a question.
    /// </summary>
    public static bool IsIn(string fileName)
    {
        var words = fileName.AsSpan();
        foreach (var range in words.SplitAny(".-_"))
        {
            // The first word is the name's own, the last one its extension.
            if (range.Start.Value > 0 && range.End.Value < words.Length && IsHash(words[range]))
            {
                return true;
            }
        }
        return false;
    }

    private static bool IsHash(ReadOnlySpan<char> word)
    {
        if (word.Length is < HashCharsMin or > HashCharsMax || !word.ContainsAnyInRange('0', '9'))
        {
            return false;
        }
        var isHex = !word.ContainsAnyExcept(Hex) && word.ContainsAnyInRange('a', 'f');
        var isMixed = word.ContainsAnyInRange('a', 'z') && word.ContainsAnyInRange('A', 'Z');
        return isHex || (isMixed && IsAlphanumeric(word));
    }

    private static bool IsAlphanumeric(ReadOnlySpan<char> word)
    {
        foreach (var letter in word)
        {
            if (!char.IsAsciiLetterOrDigit(letter))
            {
                return false;
            }
        }
        return true;
    }
}
