using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Fairlead.Engine.Judging.PromQl.Reading;

/// <summary>
/// Regular expressions in RE2's syntax, which Prometheus has. They are run in time that grows with the text alone: whoever may ask a
/// question must not be able to stop the server with one. Look-around and back references do not exist, as in RE2.
/// </summary>
public static class RegularExpression
{
    private const int LettersMax = 16 * 1024;
    private const int KnownMax = 1_000;
    private const RegexOptions Options =
        RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.Singleline;

    private static readonly ConcurrentDictionary<string, Regex> Known = new(StringComparer.Ordinal);

    /// <summary>An expression that must match the whole text, line ends included.</summary>
    /// <exception cref="FormatException">It cannot be read; <see cref="Fault"/> says why.</exception>
    public static Regex For(string pattern)
    {
        if (Known.TryGetValue(pattern, out var known))
        {
            return known;
        }
        if (Known.Count >= KnownMax)
        {
            Known.Clear();
        }
        return Known[pattern] = Make(pattern);
    }

    /// <summary>An expression that may match anywhere in a text.</summary>
    /// <exception cref="FormatException">It cannot be read.</exception>
    public static Regex Anywhere(string pattern)
    {
        _ = For(pattern);
        return new(Re2.Translate(pattern), Options);
    }

    /// <summary>What is wrong with a pattern; null when nothing is.</summary>
    public static string? Fault(string pattern)
    {
        try
        {
            _ = For(pattern);
            return null;
        }
        catch (FormatException caught)
        {
            return caught.Message;
        }
    }

    /// <summary>What a replacement says for a match: <c>$1</c>, <c>${1}</c>, <c>${name}</c>, <c>$$</c>, as Go expands it.</summary>
    public static string Expand(string replacement, Match match)
    {
        var text = new StringBuilder();
        for (var i = 0; i < replacement.Length; )
        {
            if (replacement[i] != '$' || i + 1 == replacement.Length)
            {
                text.Append(replacement[i++]);
            }
            else if (replacement[i + 1] == '$')
            {
                text.Append('$');
                i += 2;
            }
            else if (NameAt(replacement, i + 1) is var (name, end))
            {
                var isNumber = int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
                text.Append(isNumber ? match.Groups[number].Value : match.Groups[name].Value);
                i = end;
            }
            else
            {
                text.Append('$');
                i++;
            }
        }
        return text.ToString();
    }

    private static (string Name, int End)? NameAt(string text, int at)
    {
        var isBraced = text[at] == '{';
        var start = isBraced ? at + 1 : at;
        var end = start;
        while (end < text.Length && (text[end] == '_' || char.IsLetterOrDigit(text[end])))
        {
            end++;
        }
        return end == start || (isBraced && (end == text.Length || text[end] != '}'))
            ? null
            : (text[start..end], isBraced ? end + 1 : end);
    }

    private static Regex Make(string pattern)
    {
        if (pattern.Length > LettersMax)
        {
            throw new FormatException($"regular expression is longer than {LettersMax} characters");
        }
        try
        {
            return new($@"\A(?:{Re2.Translate(pattern)})\z", Options);
        }
        catch (Exception caught) when (caught is ArgumentException or NotSupportedException)
        {
            throw new FormatException($"invalid regular expression: `{pattern}`", caught);
        }
    }
}
