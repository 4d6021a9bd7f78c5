using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Telemetry.Forwarding;

/// <summary>Passes logs on to Elasticsearch or OpenSearch by <c>_bulk</c>, with names of the Elastic Common Schema.</summary>
internal sealed class ElasticBulk(LogForwarding settings, Func<string?> secret, Sending sending) : ILogDestination
{
    private const int TooMany = 429;

    public async Task<LogsSent> SendAsync(IReadOnlyList<LogRecord> records, CancellationToken stop)
    {
        var address = $"{settings.Url.AbsoluteUri.TrimEnd('/')}/{Uri.EscapeDataString(settings.Index)}/_bulk";
        using var request = new HttpRequestMessage(HttpMethod.Post, address);
        request.Content = new ByteArrayContent(Body(records));
        request.Content.Headers.ContentType = new("application/x-ndjson");
        if (secret() is { } key)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("ApiKey", key);
        }
        var (status, answer) = await sending.SendAsync(request, stop);
        if (status is HttpStatusCode.OK)
        {
            return await EachAsync(records, answer, stop);
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

    internal static byte[] Body(IReadOnlyList<LogRecord> records)
    {
        using var bytes = new MemoryStream();
        using var json = new Utf8JsonWriter(bytes);
        foreach (var record in records)
        {
            bytes.Write("{\"create\":{}}\n"u8);
            json.Reset();
            Write(json, record);
            json.Flush();
            bytes.WriteByte((byte)'\n');
        }
        return bytes.ToArray();
    }

    private static void Write(Utf8JsonWriter json, LogRecord record)
    {
        json.WriteStartObject();
        json.WriteString("@timestamp", DateTimeOffset.UnixEpoch.AddTicks(record.At / 100).UtcDateTime);
        json.WriteString("message", record.Body);
        if (record.Severity is not Severity.Unset)
        {
            json.WriteString("log.level", record.Severity.ToString().ToLowerInvariant());
        }
        if (record.TraceId is { } trace)
        {
            json.WriteString("trace.id", trace);
        }
        if (record.SpanId is { } span)
        {
            json.WriteString("span.id", span);
        }
        if (record.Stream[Source.ServiceLabel] is { Length: > 0 } service)
        {
            json.WriteString("service.name", service);
        }
        Map(json, "labels", record.Stream.Select(label => (label.Name, label.Value)));
        Map(json, "fields", record.Fields.Select(field => (field.Name, field.Value)));
        json.WriteEndObject();
    }

    // A name that comes twice would be no JSON: the last one counts. Dots would make objects of it, and objects collide.
    private static void Map(Utf8JsonWriter json, string name, IEnumerable<(string Name, string Value)> pairs)
    {
        json.WriteStartObject(name);
        foreach (var group in pairs.GroupBy(pair => pair.Name.Replace('.', '_')))
        {
            json.WriteString(group.Key, group.Last().Value);
        }
        json.WriteEndObject();
    }

    private async Task<LogsSent> EachAsync(IReadOnlyList<LogRecord> records, string answer, CancellationToken stop)
    {
        List<LogRecord> again = [];
        var (refused, why) = (0, (string?)null);
        try
        {
            using var json = JsonDocument.Parse(answer);
            if (!json.RootElement.TryGetProperty("errors", out var errors) || !errors.GetBoolean())
            {
                return LogsSent.All;
            }
            var index = 0;
            foreach (var item in json.RootElement.GetProperty("items").EnumerateArray())
            {
                var done = item.EnumerateObject().First().Value;
                var status = done.GetProperty("status").GetInt32();
                if (status is TooMany or >= 500)
                {
                    again.Add(records[index]);
                }
                else if (status >= 300)
                {
                    refused++;
                    why ??= Sending.Shown(done.TryGetProperty("error", out var error) ? error.GetRawText() : answer);
                }
                index++;
            }
        }
        catch (Exception caught)
            when (caught
                    is JsonException
                        or InvalidOperationException
                        or KeyNotFoundException
                        or ArgumentOutOfRangeException
            )
        {
            throw sending.Later(HttpStatusCode.OK, answer);
        }
        // All that failed for now: the whole comes again. Only some: these alone, at once, so that the rest is not doubled.
        if (again.Count == records.Count)
        {
            throw sending.Later(HttpStatusCode.TooManyRequests, answer);
        }
        if (again.Count == 0)
        {
            return new(refused, why);
        }
        var rest = await SendAsync(again, stop);
        return new(refused + rest.Refused, why ?? rest.Why);
    }
}
