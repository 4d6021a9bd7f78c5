using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Telemetry.Forwarding;

/// <summary>Passes logs on as OTLP over HTTP in JSON (opentelemetry.io/docs/specs/otlp), as any collector takes them.</summary>
internal sealed class OtlpLogs(LogForwarding settings, Func<string?> secret, Sending sending) : ILogDestination
{
    // What OpenTelemetry calls our labels (semantic conventions 1.40).
    private static readonly Dictionary<string, string> Names = new()
    {
        [Source.AppLabel] = "service.namespace",
        [Source.ServiceLabel] = "service.name",
        [Source.ReleaseLabel] = "service.version",
        [Source.ReplicaLabel] = "service.instance.id",
        [Source.EnvironmentLabel] = "deployment.environment.name",
    };

    public async Task<LogsSent> SendAsync(IReadOnlyList<LogRecord> records, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, AddressOf(settings.Url));
        request.Content = new ByteArrayContent(Body(records));
        request.Content.Headers.ContentType = new("application/json");
        if (secret() is { } token)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
        var (status, answer) = await sending.SendAsync(request, stop);
        if (status is HttpStatusCode.OK)
        {
            return Partly(answer);
        }
        if (status is HttpStatusCode.RequestEntityTooLarge && records.Count > 1)
        {
            var half = records.Count / 2;
            var first = await SendAsync([.. records.Take(half)], stop);
            var second = await SendAsync([.. records.Skip(half)], stop);
            return new(first.Refused + second.Refused, first.Why ?? second.Why);
        }
        return Sending.IsForGood(status) || status is HttpStatusCode.RequestEntityTooLarge
            ? new(records.Count, Sending.Shown(answer))
            : throw sending.Later(status, answer);
    }

    internal static Uri AddressOf(Uri url) =>
        url.AbsolutePath.EndsWith("/v1/logs", StringComparison.Ordinal)
            ? url
            : new(url.AbsoluteUri.TrimEnd('/') + "/v1/logs");

    internal static byte[] Body(IReadOnlyList<LogRecord> records)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteStartArray("resourceLogs");
            foreach (var stream in records.GroupBy(record => record.Stream))
            {
                json.WriteStartObject();
                json.WriteStartObject("resource");
                Attributes(
                    json,
                    stream.Key.Select(label => (Names.GetValueOrDefault(label.Name, label.Name), label.Value))
                );
                json.WriteEndObject();
                json.WriteStartArray("scopeLogs");
                json.WriteStartObject();
                json.WriteStartArray("logRecords");
                foreach (var record in stream)
                {
                    Write(json, record);
                }
                json.WriteEndArray();
                json.WriteEndObject();
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return bytes.ToArray();
    }

    private static void Write(Utf8JsonWriter json, LogRecord record)
    {
        json.WriteStartObject();
        json.WriteString("timeUnixNano", record.At.ToString(CultureInfo.InvariantCulture));
        if (record.Observed > 0)
        {
            json.WriteString("observedTimeUnixNano", record.Observed.ToString(CultureInfo.InvariantCulture));
        }
        if (record.Severity is not Severity.Unset)
        {
            json.WriteNumber("severityNumber", (int)record.Severity);
        }
        if (record.SeverityText is { } text)
        {
            json.WriteString("severityText", text);
        }
        json.WriteStartObject("body");
        json.WriteString("stringValue", record.Body);
        json.WriteEndObject();
        Attributes(json, record.Fields.Select(field => (field.Name, field.Value)));
        if (record.TraceId is { } trace)
        {
            json.WriteString("traceId", trace);
        }
        if (record.SpanId is { } span)
        {
            json.WriteString("spanId", span);
        }
        json.WriteEndObject();
    }

    private static void Attributes(Utf8JsonWriter json, IEnumerable<(string Name, string Value)> attributes)
    {
        json.WriteStartArray("attributes");
        foreach (var (name, value) in attributes)
        {
            json.WriteStartObject();
            json.WriteString("key", name);
            json.WriteStartObject("value");
            json.WriteString("stringValue", value);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    // {"partialSuccess":{"rejectedLogRecords":"2","errorMessage":"too old"}}
    private static LogsSent Partly(string answer)
    {
        try
        {
            using var json = JsonDocument.Parse(answer.Length == 0 ? "{}" : answer);
            if (
                !json.RootElement.TryGetProperty("partialSuccess", out var partial)
                || !partial.TryGetProperty("rejectedLogRecords", out var rejected)
                || !int.TryParse(rejected.ToString(), CultureInfo.InvariantCulture, out var count)
                || count <= 0
            )
            {
                return LogsSent.All;
            }
            return new(
                count,
                partial.TryGetProperty("errorMessage", out var why) ? why.ToString() : "It did not say why."
            );
        }
        catch (Exception caught) when (caught is JsonException or InvalidOperationException)
        {
            // Taken, and answered in another format, such as protobuf.
            return LogsSent.All;
        }
    }
}
