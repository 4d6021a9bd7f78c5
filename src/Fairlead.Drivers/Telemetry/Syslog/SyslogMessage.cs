using System.Globalization;
using System.Text;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Telemetry.Syslog;

/// <summary>
/// Reads one message of syslog: RFC 5424, and what older programs send (RFC 3164 says how most of them do).
/// <code>
/// &lt;165&gt;1 2026-01-02T03:04:05.003Z web su 17 ID47 [exampleSDID@32473 iut="3" event="App \"x\""] 'su root' failed
/// &lt;34&gt;Oct 11 22:14:15 web su[17]: 'su root' failed
/// </code>
/// Nothing is refused: what is not of this shape is kept as it came.
/// </summary>
internal static class SyslogMessage
{
    private const int PrioritiesMax = 191;
    private const int UnknownPriority = 13; // user.notice, as RFC 3164 has it for messages without one
    private const int ParametersMax = 100;

    private static readonly string[] Words = ["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"];

    private static readonly string[] Facilities =
    [
        "kern",
        "user",
        "mail",
        "daemon",
        "auth",
        "syslog",
        "lpr",
        "news",
        "uucp",
        "cron",
        "authpriv",
        "ftp",
        "ntp",
        "audit",
        "alert",
        "clock",
        "local0",
        "local1",
        "local2",
        "local3",
        "local4",
        "local5",
        "local6",
        "local7",
    ];

    /// <param name="now">Nanoseconds since 1970.</param>
    public static LogRecord Read(ReadOnlySpan<byte> bytes, long now)
    {
        var text = Encoding.UTF8.GetString(bytes).TrimEnd('\n', '\r', '\0');
        var priority = Priority(text, out var start);
        var rest = text.AsSpan(start);
        return rest is ['1', ' ', ..]
            ? Modern(rest[2..].ToString(), priority, now)
            : Old(rest.ToString(), priority, now);
    }

    private static int Priority(string text, out int start)
    {
        start = 0;
        var end = text.IndexOf('>');
        if (
            text is not ['<', ..]
            || end is < 2 or > 4
            || !int.TryParse(text.AsSpan(1, end - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var priority)
            || priority > PrioritiesMax
        )
        {
            return UnknownPriority;
        }
        start = end + 1;
        return priority;
    }

    private static LogRecord Modern(string text, int priority, long now)
    {
        var at = 0;
        var (time, host) = (Word(text, ref at), Word(text, ref at));
        var (program, process, id) = (Word(text, ref at), Word(text, ref at), Word(text, ref at));
        List<LogField> fields = [.. Known("procid", process), .. Known("msgid", id)];
        ReadParameters(text, ref at, fields);
        var body = text[Math.Min(at, text.Length)..].TrimStart(' ').TrimStart('\ufeff');
        var moment = TimeOf(time) ?? now;
        return Record(priority, moment, now, body, fields) with { Stream = Stream(host, program) };
    }

    private static LogRecord Old(string text, int priority, long now)
    {
        // "Oct 11 22:14:15 " has no year and no zone: when it came in is nearer to the truth.
        const int TimeChars = 16;
        var hasTime = text.Length > TimeChars && text[3] == ' ' && text[6] == ' ' && text[9] == ':' && text[12] == ':';
        if (!hasTime)
        {
            return Record(priority, now, now, text, []) with { Stream = Stream("-", "-") };
        }
        var at = TimeChars;
        var host = Word(text, ref at);
        var rest = text[Math.Min(at, text.Length)..];
        var end = 0;
        while (end < rest.Length && (char.IsLetterOrDigit(rest[end]) || rest[end] is '_' or '-' or '.' or '/'))
        {
            end++;
        }
        var (program, fields, body) = (rest[..end], new List<LogField>(), rest);
        var close = end < rest.Length && rest[end] == '[' ? rest.IndexOf("]:", end, StringComparison.Ordinal) : -1;
        if (close > 0)
        {
            fields.Add(new("procid", rest[(end + 1)..close]));
            body = rest[(close + 2)..];
        }
        else if (end > 0 && end < rest.Length && rest[end] == ':')
        {
            body = rest[(end + 1)..];
        }
        else
        {
            program = "-";
        }
        return Record(priority, now, now, body.TrimStart(' '), fields) with { Stream = Stream(host, program) };
    }

    private static LogRecord Record(int priority, long at, long now, string body, List<LogField> fields)
    {
        var severity = priority & 7;
        fields.Insert(0, new("facility", Facilities[priority >> 3]));
        return new()
        {
            At = at,
            Observed = now,
            Severity = severity switch
            {
                <= 2 => Severity.Fatal,
                3 => Severity.Error,
                4 => Severity.Warning,
                <= 6 => Severity.Info,
                _ => Severity.Debug,
            },
            SeverityText = Words[severity],
            Body = body,
            Fields = fields,
            Stream = Labels.None,
        };
    }

    private static Labels Stream(string host, string program) =>
        Labels.Of([
            new(LogKinds.Label, LogKinds.Syslog),
            new("host", host is "-" ? "" : host),
            new("program", program is "-" ? "" : program),
        ]);

    private static IEnumerable<LogField> Known(string name, string value) =>
        value is "-" or "" ? [] : [new(name, value)];

    private static string Word(string text, ref int at)
    {
        var start = Math.Min(at, text.Length);
        var end = text.IndexOf(' ', start);
        end = end < 0 ? text.Length : end;
        at = end + 1;
        return text[start..end];
    }

    // -, or any number of [id name="value" name="va\"l\]ue"]
    private static void ReadParameters(string text, ref int at, List<LogField> fields)
    {
        if (at < text.Length && text[at] == '-')
        {
            at++;
            return;
        }
        while (at < text.Length && text[at] == '[')
        {
            var start = ++at;
            while (at < text.Length && text[at] is not (' ' or ']'))
            {
                at++;
            }
            var id = text[start..at];
            while (at < text.Length && text[at] == ' ' && fields.Count < ParametersMax)
            {
                ReadParameter(text, ref at, id, fields);
            }
            while (at < text.Length && text[at] != ']')
            {
                at++;
            }
            at++;
        }
    }

    private static void ReadParameter(string text, ref int at, string id, List<LogField> fields)
    {
        var start = ++at;
        while (at < text.Length && text[at] is not ('=' or ']' or ' '))
        {
            at++;
        }
        if (at + 1 >= text.Length || text[at] != '=' || text[at + 1] != '"')
        {
            return;
        }
        var name = text[start..at];
        var value = new StringBuilder();
        for (at += 2; at < text.Length && text[at] != '"'; at++)
        {
            if (text[at] == '\\' && at + 1 < text.Length && text[at + 1] is '"' or '\\' or ']')
            {
                at++;
            }
            value.Append(text[at]);
        }
        at++;
        fields.Add(new($"{id}.{name}", value.ToString()));
    }

    private static long? TimeOf(string text) =>
        text.Length is >= 20 and <= 35
        && text[10] == 'T'
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? (time - DateTimeOffset.UnixEpoch).Ticks * 100
            : null;
}
