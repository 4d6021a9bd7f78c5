using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Telemetry.Metrics.Selecting;

/// <summary>
/// Regular expressions of RE2 (github.com/google/re2/wiki/Syntax) for the engine of .NET that does not go back, so that no
/// expression takes more than linear time. Where both read the same letters differently, RE2's meaning is written out.
/// </summary>
internal static class Expressions
{
    private const int LettersMax = 16 * 1024;
    private const int KnownMax = 1_000;

    private static readonly ConcurrentDictionary<string, Regex> Known = new(StringComparer.Ordinal);

    public static Regex Of(Matcher matcher)
    {
        if (Known.TryGetValue(matcher.Value, out var known))
        {
            return known;
        }
        if (matcher.Value.Length > LettersMax)
        {
            throw MetricProblems.BadMatcher(matcher, $"it has {matcher.Value.Length} letters, at most {LettersMax}");
        }
        var made = Made(matcher);
        if (Known.Count >= KnownMax)
        {
            Known.Clear();
        }
        return Known.GetOrAdd(matcher.Value, made);
    }

    private static Regex Made(Matcher matcher)
    {
        try
        {
            return new Regex(
                $@"\A(?:{Translated(matcher.Value)})\z",
                RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.Singleline
            );
        }
        catch (Exception caught) when (caught is ArgumentException or FormatException or NotSupportedException)
        {
            throw MetricProblems.BadMatcher(matcher, caught.Message);
        }
    }

    internal static string Translated(string expression)
    {
        var text = new StringBuilder(expression.Length + 8);
        var isInClass = false;
        for (var at = 0; at < expression.Length; at++)
        {
            var rest = expression.AsSpan(at);
            switch (expression[at])
            {
                case '\\' when at + 1 < expression.Length:
                    at += Escaped(rest, isInClass, text);
                    break;
                case '[' when isInClass && rest.StartsWith("[:") && Posix(rest) is var (letters, length):
                    text.Append(letters);
                    at += length - 1;
                    break;
                case '[' when isInClass:
                    text.Append(@"\[");
                    break;
                case '[':
                    isInClass = true;
                    at += Opened(rest, text);
                    break;
                case ']' when isInClass:
                    isInClass = false;
                    text.Append(']');
                    break;
                case '-' when isInClass && rest.Length > 1 && rest[1] == '[':
                    // In .NET this would take one class away from another.
                    text.Append(@"\-");
                    break;
                case '(' when !isInClass && rest.StartsWith("(?P<"):
                    text.Append("(?<");
                    at += 3;
                    break;
                default:
                    text.Append(expression[at]);
                    break;
            }
        }
        return text.ToString();
    }

    // A bracket that closes at once is a letter: []a] and [^]a].
    private static int Opened(ReadOnlySpan<char> rest, StringBuilder text)
    {
        var start = rest.StartsWith("[^") ? 2 : 1;
        text.Append(rest[..start]);
        if (rest.Length > start && rest[start] == ']')
        {
            text.Append(@"\]");
            start++;
        }
        return start - 1;
    }

    // Returns how many letters stand behind the backslash and are done.
    private static int Escaped(ReadOnlySpan<char> rest, bool isInClass, StringBuilder text)
    {
        switch (rest[1])
        {
            case 'd':
                text.Append(isInClass ? "0-9" : "[0-9]");
                return 1;
            case 'w':
                text.Append(isInClass ? "0-9A-Za-z_" : "[0-9A-Za-z_]");
                return 1;
            case 's':
                text.Append(isInClass ? @"\t\n\f\r " : @"[\t\n\f\r ]");
                return 1;
            case 'D' when !isInClass:
                text.Append("[^0-9]");
                return 1;
            case 'W' when !isInClass:
                text.Append("[^0-9A-Za-z_]");
                return 1;
            case 'S' when !isInClass:
                text.Append(@"[^\t\n\f\r ]");
                return 1;
            case 'p' or 'P' when rest.Length > 2 && rest[2] != '{':
                text.Append($@"\{rest[1]}{{{rest[2]}}}");
                return 2;
            case 'x' when rest.Length > 2 && rest[2] == '{':
                return CodePoint(rest, text);
            case 'Q':
                return Quoted(rest, text);
            case 'z' or 'A' or 'b' or 'B' or 'n' or 't' or 'r' or 'f' or 'v' or 'a' or 'x' or 'p' or 'P':
            case 'D' or 'W' or 'S':
            case >= '0' and <= '7':
                text.Append(rest[..2]);
                return 1;
            case var letter when char.IsAsciiLetterOrDigit(letter):
                throw new FormatException($@"'\{letter}' is not known");
            default:
                text.Append(rest[..2]);
                return 1;
        }
    }

    private static int CodePoint(ReadOnlySpan<char> rest, StringBuilder text)
    {
        var end = rest.IndexOf('}');
        if (
            end < 0
            || !int.TryParse(rest[3..end], System.Globalization.NumberStyles.AllowHexSpecifier, null, out var code)
            || !Rune.IsValid(code)
        )
        {
            throw new FormatException(@"'\x{' is not followed by a letter's number");
        }
        text.Append(Regex.Escape(new Rune(code).ToString()));
        return end;
    }

    private static int Quoted(ReadOnlySpan<char> rest, StringBuilder text)
    {
        var end = rest.IndexOf(@"\E");
        var quoted = end < 0 ? rest[2..] : rest[2..end];
        text.Append(Regex.Escape(quoted.ToString()));
        return (end < 0 ? rest.Length : end + 2) - 1;
    }

    private static (string Letters, int Length)? Posix(ReadOnlySpan<char> rest)
    {
        var end = rest.IndexOf(":]");
        var letters =
            end < 0
                ? null
                : rest[2..end] switch
                {
                    "alnum" => "0-9A-Za-z",
                    "alpha" => "A-Za-z",
                    "ascii" => @"\x00-\x7F",
                    "blank" => @"\t ",
                    "cntrl" => @"\x00-\x1F\x7F",
                    "digit" => "0-9",
                    "graph" => "!-~",
                    "lower" => "a-z",
                    "print" => " -~",
                    "punct" => @"!-/:-@\[-`{-~",
                    "space" => @"\t\n\v\f\r ",
                    "upper" => "A-Z",
                    "word" => "0-9A-Za-z_",
                    "xdigit" => "0-9A-Fa-f",
                    _ => null,
                };
        return letters is null ? null : (letters, end + 2);
    }
}
