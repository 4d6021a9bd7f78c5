using System.Text;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Watching.Logs;

/// <summary>
/// Reads logfmt, as logrus, slog and many Go programs write it. Only lines of nothing but pairs that have a level or a message
/// count: prose may have an equals sign too.
/// <code>time="2026-01-02T03:04:05Z" level=warning msg="disk \"a\" is full" free=3 path=/var</code>
/// </summary>
internal static class LogfmtLine
{
    private const int PairsMax = 128;

    public static ReadLine? TryRead(string line)
    {
        var equals = line.IndexOf('=');
        if (equals <= 0 || !IsName(line.AsSpan(0, equals)) || TryPairs(line) is not { } pairs)
        {
            return null;
        }
        var level = Take(
            pairs,
            one => one.Name is "level" or "lvl" or "severity" && Levels.OfWord(one.Value) is not Severity.Unset
        );
        var message = Take(pairs, one => one.Name is "msg" or "message");
        if (level is null && message is null)
        {
            return null;
        }
        var time = Take(
            pairs,
            one => one.Name is "time" or "ts" or "timestamp" && LineTimes.OfText(one.Value) is not null
        );
        var trace = Take(pairs, one => one.Name is "trace_id" or "traceID" or "traceId" && one.Value.Length == 32);
        return new(message?.Value ?? line)
        {
            At = time is { } moment ? LineTimes.OfText(moment.Value) : null,
            Severity = level is { } said ? Levels.OfWord(said.Value) : Severity.Unset,
            SeverityText = level?.Value,
            TraceId = trace?.Value.ToLowerInvariant(),
            Fields = pairs,
        };
    }

    private static List<LogField>? TryPairs(string line)
    {
        List<LogField> pairs = [];
        for (var at = 0; at < line.Length; )
        {
            if (line[at] == ' ')
            {
                at++;
                continue;
            }
            var end = at;
            while (end < line.Length && line[end] is not ('=' or ' '))
            {
                end++;
            }
            if (end == line.Length || line[end] != '=' || !IsName(line.AsSpan(at..end)) || pairs.Count == PairsMax)
            {
                return null;
            }
            var name = line[at..end];
            if (ReadValue(line, end + 1, out at) is not { } value)
            {
                return null;
            }
            pairs.Add(new(name, value));
        }
        return pairs;
    }

    private static string? ReadValue(string line, int start, out int next)
    {
        next = start;
        if (start >= line.Length || line[start] != '"')
        {
            while (next < line.Length && line[next] != ' ')
            {
                next++;
            }
            return line[start..next];
        }
        var value = new StringBuilder();
        for (next = start + 1; next < line.Length; next++)
        {
            if (line[next] == '"')
            {
                next++;
                return value.ToString();
            }
            if (line[next] == '\\' && next + 1 < line.Length)
            {
                next++;
                value.Append(
                    line[next] switch
                    {
                        'n' => '\n',
                        't' => '\t',
                        'r' => '\r',
                        var other => other,
                    }
                );
                continue;
            }
            value.Append(line[next]);
        }
        return null;
    }

    private static LogField? Take(List<LogField> pairs, Predicate<LogField> isIt)
    {
        var index = pairs.FindIndex(isIt);
        if (index < 0)
        {
            return null;
        }
        var found = pairs[index];
        pairs.RemoveAt(index);
        return found;
    }

    private static bool IsName(ReadOnlySpan<char> text)
    {
        foreach (var letter in text)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('_' or '.' or '-' or '/' or '@'))
            {
                return false;
            }
        }
        return text.Length > 0;
    }
}
