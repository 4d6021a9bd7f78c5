using System.Text.Json;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Formats.Sentry;

/// <summary>
/// Lines of logs as Sentry's libraries send them, many in one item (https://develop.sentry.dev/sdk/telemetry/logs/).
/// <code>{"version":2,"items":[{"timestamp":1795729337.95,"level":"info","body":"hello","trace_id":"77f2...","severity_number":9,
/// "attributes":{"a":{"value":1,"type":"integer"}}}]}</code>
/// </summary>
internal static class SentryLogs
{
    private const int LinesMax = 10_000;

    /// <summary>None where the item cannot be read.</summary>
    public static IReadOnlyList<LogRecord> Read(ReadOnlyMemory<byte> payload, Source source, DateTimeOffset now)
    {
        try
        {
            using var json = Loose.Parse(payload);
            var stream = source.On(Labels.Of([new(LogKinds.Label, LogKinds.Sentry)]));
            return
            [
                .. json
                    .RootElement.At("items")
                    .List(LinesMax)
                    .Where(one => one.At("body").Text(LogLimits.BodyCharsMax) is not null)
                    .Select(one => Line(one, stream, now)),
            ];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static LogRecord Line(JsonElement one, Labels stream, DateTimeOffset now) =>
        new()
        {
            At = Nanoseconds(one.At("timestamp").Time() ?? now),
            Observed = Nanoseconds(now),
            Severity = one.Text("level") is null ? Severity.Unset : one.At("level").Level(),
            SeverityText = one.Text("level"),
            Body = one.At("body").Text(LogLimits.BodyCharsMax)!, // Asked for before.
            TraceId = one.Text("trace_id", 32) is { Length: 32 } trace ? trace.ToLowerInvariant() : null,
            SpanId = one.Text("span_id", 16) is { Length: 16 } span ? span.ToLowerInvariant() : null,
            Fields =
            [
                .. Attributes(one.At("attributes"))
                    .Take(LogLimits.FieldsMax)
                    .Select(field => new LogField(field.Name, field.Value)),
            ],
            Stream = stream,
        };

    private static IEnumerable<(string Name, string Value)> Attributes(JsonElement? attributes)
    {
        if (attributes is not { ValueKind: JsonValueKind.Object } known)
        {
            yield break;
        }
        foreach (var one in known.EnumerateObject())
        {
            if (one.Value.At("value").Text(LogLimits.ValueCharsMax) is { } value)
            {
                yield return (Loose.Cut(one.Name, LogLimits.NameCharsMax), value);
            }
        }
    }

    private static long Nanoseconds(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks * 100;
}
