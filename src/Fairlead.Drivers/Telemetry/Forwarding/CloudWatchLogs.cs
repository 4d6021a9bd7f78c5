using System.Net;
using System.Text;
using System.Text.Json;
using Fairlead.Drivers.Aws;
using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Telemetry.Forwarding;

/// <summary>Passes logs on to AWS CloudWatch Logs (its JSON API of 2014-03-28): PutLogEvents, and what it needs made.</summary>
internal sealed class CloudWatchLogs(LogForwarding settings, Func<AwsKeys> keys, Sending sending) : ILogDestination
{
    // Of one call, as the API's reference has it.
    private const int EventsMax = 10_000;
    private const int BytesMax = 1 << 20;
    private const int EventOverhead = 26;
    private const int EventBytesMax = 256 << 10;
    private const long Millisecond = 1_000_000;
    private static readonly TimeSpan SpanMax = TimeSpan.FromHours(24);

    public async Task<LogsSent> SendAsync(IReadOnlyList<LogRecord> records, CancellationToken stop)
    {
        var (refused, why) = (0, (string?)null);
        foreach (var call in Calls(records))
        {
            var sent = await PutAsync(call, stop);
            (refused, why) = (refused + sent.Refused, why ?? sent.Why);
        }
        return new(refused, why);
    }

    /// <summary>Events by time, parted as one call allows.</summary>
    internal static IEnumerable<IReadOnlyList<Event>> Calls(IReadOnlyList<LogRecord> records)
    {
        List<Event> call = [];
        var bytes = 0;
        foreach (var one in records.Select(Event.Of).OrderBy(one => one.Time))
        {
            var size = Encoding.UTF8.GetByteCount(one.Message) + EventOverhead;
            if (
                call.Count == EventsMax
                || bytes + size > BytesMax
                || (call.Count > 0 && one.Time - call[0].Time >= SpanMax.TotalMilliseconds)
            )
            {
                yield return call;
                (call, bytes) = ([], 0);
            }
            call.Add(one);
            bytes += size;
        }
        if (call.Count > 0)
        {
            yield return call;
        }
    }

    private async Task<LogsSent> PutAsync(IReadOnlyList<Event> events, CancellationToken stop)
    {
        for (var tries = 0; ; tries++)
        {
            var body = Json(json =>
            {
                json.WriteString("logGroupName", settings.Group);
                json.WriteString("logStreamName", settings.Stream);
                json.WriteStartArray("logEvents");
                foreach (var (time, message) in events)
                {
                    json.WriteStartObject();
                    json.WriteNumber("timestamp", time);
                    json.WriteString("message", message);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
            });
            var (status, answer) = await AskAsync("PutLogEvents", body, stop);
            if (status is HttpStatusCode.OK)
            {
                return Rejected(events.Count, answer);
            }
            if (tries == 0 && answer.Contains("ResourceNotFoundException", StringComparison.Ordinal))
            {
                await MakeAsync(stop);
                continue;
            }
            return answer.Contains("InvalidParameterException", StringComparison.Ordinal)
                ? new(events.Count, Sending.Shown(answer))
                : throw sending.Later(status, answer);
        }
    }

    private async Task MakeAsync(CancellationToken stop)
    {
        await MakeAsync("CreateLogGroup", json => json.WriteString("logGroupName", settings.Group), stop);
        await MakeAsync(
            "CreateLogStream",
            json =>
            {
                json.WriteString("logGroupName", settings.Group);
                json.WriteString("logStreamName", settings.Stream);
            },
            stop
        );
    }

    private async Task MakeAsync(string action, Action<Utf8JsonWriter> write, CancellationToken stop)
    {
        var (status, answer) = await AskAsync(action, Json(write), stop);
        if (status is not HttpStatusCode.OK && !answer.Contains("ResourceAlreadyExists", StringComparison.Ordinal))
        {
            throw sending.Later(status, answer);
        }
    }

    private async Task<(HttpStatusCode Status, string Body)> AskAsync(
        string action,
        byte[] body,
        CancellationToken stop
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, settings.Url);
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = new("application/x-amz-json-1.1");
        request.Headers.Add("X-Amz-Target", $"Logs_20140328.{action}");
        new AwsSignature(keys(), settings.Region, "logs").Sign(request, body, sending.Now);
        return await sending.SendAsync(request, stop);
    }

    private static byte[] Json(Action<Utf8JsonWriter> write)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        return bytes.ToArray();
    }

    // {"nextSequenceToken":"..","rejectedLogEventsInfo":{"tooOldLogEventEndIndex":3,"tooNewLogEventStartIndex":9}}
    private static LogsSent Rejected(int count, string answer)
    {
        try
        {
            using var json = JsonDocument.Parse(answer.Length == 0 ? "{}" : answer);
            if (!json.RootElement.TryGetProperty("rejectedLogEventsInfo", out var rejected))
            {
                return LogsSent.All;
            }
            int Of(string name, int none) => rejected.TryGetProperty(name, out var index) ? index.GetInt32() : none;
            var old = Math.Max(Of("tooOldLogEventEndIndex", 0), Of("expiredLogEventEndIndex", 0));
            return new(old + count - Of("tooNewLogEventStartIndex", count), rejected.GetRawText());
        }
        catch (Exception caught) when (caught is JsonException or InvalidOperationException or FormatException)
        {
            return LogsSent.All;
        }
    }

    /// <param name="Time">Milliseconds since 1970.</param>
    internal readonly record struct Event(long Time, string Message)
    {
        /// <summary>All of a record, as one object of JSON, in which CloudWatch's queries find every name.</summary>
        public static Event Of(LogRecord record)
        {
            var message = Encoding.UTF8.GetString(
                Json(json =>
                {
                    json.WriteString("message", record.Body);
                    if (record.Severity is not Severity.Unset)
                    {
                        json.WriteString("level", record.Severity.ToString().ToLowerInvariant());
                    }
                    if (record.TraceId is { } trace)
                    {
                        json.WriteString("traceId", trace);
                    }
                    foreach (var (name, value) in record.Stream)
                    {
                        json.WriteString(name, value);
                    }
                    json.WriteStartObject("fields");
                    foreach (var group in record.Fields.GroupBy(field => field.Name))
                    {
                        json.WriteString(group.Key, group.Last().Value);
                    }
                    json.WriteEndObject();
                })
            );
            // Cut to what one event may hold, as text: a half object is better than none.
            var room = EventBytesMax - EventOverhead;
            return new(
                record.At / Millisecond,
                Encoding.UTF8.GetByteCount(message) <= room ? message : message[..(room / 3)]
            );
        }
    }
}
