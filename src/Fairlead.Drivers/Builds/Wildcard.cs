namespace Fairlead.Drivers.Builds;

/// <summary>Matches one name of a path: <c>*</c>, <c>?</c>, <c>[a-z]</c>, <c>[!a]</c>, <c>[[:digit:]]</c>, <c>\*</c>, as git does.</summary>
internal static class Wildcard
{
    // Greedy with one way back, so the time is at most the product of both lengths, whatever the pattern.
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        var (part, at, star, mark) = (0, 0, -1, 0);
        while (at < name.Length)
        {
            if (part < pattern.Length && pattern[part] == '*')
            {
                (star, mark) = (++part, at);
            }
            else if (part < pattern.Length && One(pattern[part..], name[at]) is > 0 and var used)
            {
                part += used;
                at++;
            }
            else if (star >= 0)
            {
                part = star;
                at = ++mark;
            }
            else
            {
                return false;
            }
        }
        return pattern[part..].IndexOfAnyExcept('*') < 0;
    }

    /// <returns>How much of the pattern stands for this letter; 0 when it does not match.</returns>
    private static int One(ReadOnlySpan<char> pattern, char letter) =>
        pattern[0] switch
        {
            '?' => 1,
            '[' => Class(pattern, letter),
            // A backslash at the end escapes nothing, and git matches nothing with it.
            '\\' => pattern.Length > 1 && pattern[1] == letter ? 2 : 0,
            var same => same == letter ? 1 : 0,
        };

    private static int Class(ReadOnlySpan<char> pattern, char letter)
    {
        var at = 1;
        var isNegated = pattern.Length > 1 && pattern[1] is '!' or '^';
        at += isNegated ? 1 : 0;
        var isIn = false;
        // A bracket that comes first is a letter: []a].
        for (var isFirst = true; at < pattern.Length && (isFirst || pattern[at] != ']'); isFirst = false)
        {
            if (pattern[at..].StartsWith("[:") && pattern[at..].IndexOf(":]") is > 0 and var end)
            {
                isIn |= IsOf(pattern[(at + 2)..(at + end)], letter);
                at += end + 2;
                continue;
            }
            var low = Letter(pattern, ref at);
            var high = low;
            if (at + 1 < pattern.Length && pattern[at] == '-' && pattern[at + 1] != ']')
            {
                at++;
                high = Letter(pattern, ref at);
            }
            isIn |= letter >= low && letter <= high;
        }
        return at < pattern.Length && isIn != isNegated ? at + 1 : 0;
    }

    private static char Letter(ReadOnlySpan<char> pattern, ref int at)
    {
        at += pattern[at] == '\\' && at + 1 < pattern.Length ? 1 : 0;
        return pattern[at++];
    }

    private static bool IsOf(ReadOnlySpan<char> name, char letter) =>
        name switch
        {
            "alnum" => char.IsAsciiLetterOrDigit(letter),
            "alpha" => char.IsAsciiLetter(letter),
            "blank" => letter is ' ' or '\t',
            "digit" => char.IsAsciiDigit(letter),
            "lower" => char.IsAsciiLetterLower(letter),
            "punct" => char.IsAscii(letter) && (char.IsPunctuation(letter) || char.IsSymbol(letter)),
            "space" => letter is ' ' or (>= '\t' and <= '\r'),
            "upper" => char.IsAsciiLetterUpper(letter),
            "xdigit" => char.IsAsciiHexDigit(letter),
            _ => false,
        };
}
