using System.Text.RegularExpressions;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Watching.Logs;

/// <summary>
/// Reads text of any kind: a time and a level near its start, as most libraries write them; else nothing.
/// <code>
/// 2026-01-02T03:04:05.678Z [ERROR] payment failed
/// WARNING:root:disk is nearly full
/// 2026-01-02 03:04:05,678 - shop.cart - INFO - 3 items
/// </code>
/// </summary>
internal static partial class PlainLine
{
    // A level stands before what is said; further behind, it is a word like any other.
    private const int HeadChars = 100;
    private const int TokensMax = 8;

    public static ReadLine Read(string text)
    {
        var head = text.AsSpan(0, Math.Min(text.Length, HeadChars));
        var line = head.IndexOf('\n') is >= 0 and var end ? head[..end] : head;
        var severity = LevelIn(line, out var word);
        return new(text)
        {
            At = TimeIn(line),
            Severity = severity is Severity.Unset && IsFailure(text) ? Severity.Error : severity,
            SeverityText = word,
        };
    }

    private static long? TimeIn(ReadOnlySpan<char> line)
    {
        var start = line.TrimStart('[');
        if (start.Length < 20 || !char.IsAsciiDigit(start[0]))
        {
            return null;
        }
        // "2026-01-02T03:04:05Z ..." has a space behind it, "2026-01-02 03:04:05 +01:00 ..." two within.
        var first = start[11..].IndexOfAny(' ', ']') is >= 0 and var one ? 11 + one : start.Length;
        return LineTimes.OfText(start[..first]);
    }

    private static Severity LevelIn(ReadOnlySpan<char> line, out string? word)
    {
        word = null;
        var tokens = 0;
        for (var at = 0; at < line.Length && tokens < TokensMax; )
        {
            if (!char.IsAsciiLetterOrDigit(line[at]))
            {
                at++;
                continue;
            }
            var end = at;
            while (end < line.Length && char.IsAsciiLetterOrDigit(line[end]))
            {
                end++;
            }
            var token = line[at..end];
            if (!char.IsAsciiDigit(token[0]))
            {
                tokens++;
                if (Levels.OfWord(token) is not Severity.Unset and var level && IsMarked(line, at, end))
                {
                    word = token.ToString();
                    return level;
                }
            }
            at = end;
        }
        return Severity.Unset;
    }

    // In capitals, in brackets, or the first word with a colon behind: "the error was small" says nothing of this line.
    private static bool IsMarked(ReadOnlySpan<char> line, int start, int end)
    {
        var before = start == 0 ? ' ' : line[start - 1];
        var behind = end == line.Length ? ' ' : line[end];
        var isCapital = true;
        foreach (var letter in line[start..end])
        {
            isCapital &= char.IsAsciiLetterUpper(letter);
        }
        return (
                isCapital
                && before is ' ' or '[' or '(' or '|' or '<' or '\t' or ':'
                && behind is not ('_' or '-' or '.' or '=')
            )
            || (before is '[' or '(' or '<' && behind is ']' or ')' or '>')
            || (start == 0 && behind == ':');
    }

    // What a program says when it ends in its own blood.
    private static bool IsFailure(string text) => Failures().IsMatch(text.AsSpan(0, Math.Min(text.Length, 400)));

    [GeneratedRegex(
        @"^(Unhandled exception[.:]|Traceback \(most recent call last\):|panic: |fatal error: |Exception in thread |Segmentation fault)|^[A-Za-z_.]{0,100}(Error|Exception)(: |\r?\n\s+at )",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Failures();
}
