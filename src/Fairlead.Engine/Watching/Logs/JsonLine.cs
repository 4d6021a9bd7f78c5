using System.Globalization;
using System.Text;
using System.Text.Json;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Watching.Logs;

/// <summary>
/// Reads a line of JSON as pino, winston, bunyan, zap, logrus, zerolog, Serilog, .NET's console, python-json-logger, GELF and the
/// Elastic Common Schema write it. Nested names are joined with dots, arrays stay JSON.
/// <code>{"level":30,"time":1531171074631,"msg":"hello world","pid":657,"req":{"method":"GET"}}</code>
/// </summary>
internal static class JsonLine
{
    private const int DepthMax = 16;
    private const int IdDigits = 32;
    private const int SpanDigits = 16;

    // The first that is there wins.
    private static readonly string[] Messages =
    [
        "message",
        "msg",
        "@m",
        "Message",
        "RenderedMessage",
        "short_message",
        "@mt",
        "MessageTemplate",
        "log",
    ];
    private static readonly string[] Severities =
    [
        "severity",
        "level",
        "log.level",
        "@l",
        "LogLevel",
        "Level",
        "levelname",
        "lvl",
        "severity_text",
    ];
    private static readonly string[] Times = ["time", "timestamp", "@timestamp", "@t", "ts", "Timestamp", "datetime"];
    private static readonly string[] Traces =
    [
        "trace_id",
        "traceId",
        "TraceId",
        "traceID",
        "@tr",
        "trace.id",
        "traceid",
        "otelTraceID",
    ];
    private static readonly string[] Spans =
    [
        "span_id",
        "spanId",
        "SpanId",
        "spanID",
        "@sp",
        "span.id",
        "spanid",
        "otelSpanID",
    ];

    /// <summary>Null when it is not one object.</summary>
    public static ReadLine? TryRead(string line)
    {
        var fields = TryFields(Encoding.UTF8.GetBytes(line));
        if (fields is null)
        {
            return null;
        }
        var message = Take(fields, Messages, one => one.Length > 0);
        var isGelf = Find(fields, "short_message") is not null || message is { Name: "short_message" };
        var level = Take(fields, Severities, one => LevelOf(one, isGelf) is not Severity.Unset);
        var time = Take(fields, Times, one => TimeOf(one) is not null);
        var trace = Take(fields, Traces, one => IsId(one, IdDigits));
        var span = Take(fields, Spans, one => IsId(one, SpanDigits));
        var severity = level is { } said ? LevelOf(said.Value, isGelf) : Severity.Unset;
        // Serilog leaves out what is usual.
        if (severity is Severity.Unset && message is { Name: "@m" or "@mt" })
        {
            severity = Severity.Info;
        }
        return new(message is { } text ? Rendered(text, fields) : line.Trim())
        {
            At = time is { } moment ? TimeOf(moment.Value) : null,
            Severity = severity,
            SeverityText = level is { } word && !char.IsAsciiDigit(word.Value[0]) ? word.Value : null,
            Fields = fields,
            TraceId = trace?.Value.ToLowerInvariant(),
            SpanId = span?.Value.ToLowerInvariant(),
        };
    }

    private static List<LogField>? TryFields(byte[] json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = DepthMax });
        List<LogField> fields = [];
        try
        {
            if (!reader.Read() || reader.TokenType is not JsonTokenType.StartObject)
            {
                return null;
            }
            ReadObject(ref reader, "", fields, json);
            return reader.Read() ? null : fields;
        }
        catch (Exception caught) when (caught is JsonException or InvalidOperationException)
        {
            // Not JSON, or text in it that is no Unicode.
            return null;
        }
    }

    private static void ReadObject(ref Utf8JsonReader reader, string prefix, List<LogField> fields, byte[] json)
    {
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var name = prefix + reader.GetString();
            reader.Read();
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    ReadObject(ref reader, name + ".", fields, json);
                    break;
                case JsonTokenType.StartArray:
                    var start = (int)reader.TokenStartIndex;
                    reader.Skip();
                    fields.Add(new(name, Encoding.UTF8.GetString(json.AsSpan(start..(int)reader.BytesConsumed))));
                    break;
                case JsonTokenType.String:
                    fields.Add(new(name, reader.GetString()!));
                    break;
                case JsonTokenType.Null:
                    break;
                default:
                    fields.Add(new(name, Encoding.UTF8.GetString(reader.ValueSpan)));
                    break;
            }
        }
    }

    private static LogField? Take(List<LogField> fields, string[] names, Func<string, bool> isIt)
    {
        foreach (var name in names)
        {
            var index = fields.FindIndex(field => field.Name == name && isIt(field.Value));
            if (index >= 0)
            {
                var found = fields[index];
                fields.RemoveAt(index);
                return found;
            }
        }
        return null;
    }

    private static string? Find(List<LogField> fields, string name) =>
        fields.FindIndex(field => field.Name == name) is >= 0 and var index ? fields[index].Value : null;

    private static Severity LevelOf(string text, bool isGelf) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? (isGelf && number is >= 0 and <= 7 ? Levels.OfSyslog((int)number) : Levels.OfTens(number))
            : Levels.OfWord(text);

    private static long? TimeOf(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var whole) && whole >= 1e17 ? whole
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? LineTimes.OfNumber(number)
        : LineTimes.OfText(text);

    private static bool IsId(string text, int digits)
    {
        var hasValue = false;
        foreach (var letter in text)
        {
            if (!char.IsAsciiHexDigit(letter))
            {
                return false;
            }
            hasValue |= letter != '0';
        }
        return hasValue && text.Length == digits;
    }

    // Serilog's templates: "Signed in {User}".
    private static string Rendered(LogField message, List<LogField> fields)
    {
        if (message.Name is not ("@mt" or "MessageTemplate") || !message.Value.Contains('{'))
        {
            return message.Value;
        }
        var prefix = message.Name == "@mt" ? "" : "Properties.";
        var rendered = new StringBuilder();
        var text = message.Value;
        for (var i = 0; i < text.Length; i++)
        {
            var end = text[i] == '{' ? text.IndexOf('}', i) : -1;
            if (end < 0)
            {
                rendered.Append(text[i]);
                continue;
            }
            var name = text[(i + 1)..end].Split(':', ',')[0].TrimStart('@', '$');
            rendered.Append(Find(fields, prefix + name) ?? text[i..(end + 1)]);
            i = end;
        }
        return rendered.ToString();
    }
}
