using System.Text;
using System.Text.Json;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Intakes;

/// <summary>
/// Takes documents as shippers send them to Elasticsearch (<c>_bulk</c>): lines of JSON in pairs of what to do and a document. What can
/// be done is to create; what a shipper asks beforehand (who are you, what licence) is answered so that it goes on.
/// </summary>
public sealed class ElasticBulkIntake(ILogSink sink, World world) : IIntake
{
    private const string Version = "8.17.0";
    private const int ItemsMax = 200_000;

    private static readonly Dictionary<string, string> Product = new() { ["X-Elastic-Product"] = "Elasticsearch" };

    private static readonly JsonReaderOptions Deep = new() { MaxDepth = 64 };

    // At the root only what nobody else answers; what a shipper asks of the root itself is answered below /elastic.
    public IReadOnlyList<string> Routes { get; } =
    [
        "POST /_bulk",
        "PUT /_bulk",
        "POST /{index}/_bulk",
        "PUT /{index}/_bulk",
        "GET /elastic",
        "HEAD /elastic",
        "GET /elastic/_license",
        "GET /elastic/_xpack",
        "POST /elastic/_bulk",
        "PUT /elastic/_bulk",
        "POST /elastic/{index}/_bulk",
        "PUT /elastic/{index}/_bulk",
    ];

    /// <summary>Elastic's own scheme: <c>ApiKey</c> and the base64 of <c>id:key</c>, or the key itself.</summary>
    public string? KeyIn(IntakeHead head)
    {
        const string Scheme = "ApiKey ";
        if (
            head.Header("Authorization") is not { } shown
            || !shown.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        )
        {
            return null;
        }
        var key = shown[Scheme.Length..].Trim();
        Span<byte> bytes = stackalloc byte[1024];
        return
            Convert.TryFromBase64String(key, bytes, out var length)
            && Encoding.UTF8.GetString(bytes[..length]).Split(':', 2) is [_, var inner]
            ? inner
            : key;
    }

    public async Task<IntakeAnswer> TakeAsync(IntakeRequest request, CancellationToken stop)
    {
        if (request.Head.Method is "GET" or "HEAD")
        {
            return Json(Greeting(request.Head));
        }
        var began = world.Clock.GetTimestamp();
        var now = (world.Now - DateTimeOffset.UnixEpoch).Ticks * 100;
        var items = Items(request.Body, request.Head.Values.GetValueOrDefault("index"));
        var streams = new Dictionary<string, Labels>();
        var records = items
            .Where(item => item.Failure is null)
            .Select(item => new LogRecord
            {
                At = now,
                Observed = now,
                // Read on the way to the store: a document of a shipper is a line of JSON.
                Body = item.Document!,
                Stream = StreamOf(item.Index, request.Source, streams),
            })
            .ToList();
        await sink.AppendAsync(new LogBatch(records), stop);
        return Json(Answer(items, (long)world.Clock.GetElapsedTime(began).TotalMilliseconds));
    }

    /// <exception cref="ProblemException">It is not in pairs of lines.</exception>
    internal static List<BulkItem> Items(ReadOnlyMemory<byte> body, string? index)
    {
        List<BulkItem> items = [];
        var rest = body;
        while (Line(ref rest) is { } line)
        {
            if (line.Span.Trim((byte)' ').IsEmpty)
            {
                continue;
            }
            var (action, at) = Action(line, items.Count) ?? throw Malformed(items.Count, "There is no action.");
            if (action is not ("create" or "index" or "update" or "delete"))
            {
                throw Malformed(items.Count, $"The action '{action}' is not known.");
            }
            var document = action is "delete"
                ? default
                : Line(ref rest) ?? throw Malformed(items.Count, "A document is missing.");
            items.Add(new(action, at ?? index ?? "", Text(document), FailureOf(action, document.Span)));
            if (items.Count > ItemsMax)
            {
                throw Malformed(items.Count, $"At most {ItemsMax} documents are taken at once.");
            }
        }
        return items;
    }

    internal static string Answer(IReadOnlyList<BulkItem> items, long took)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteNumber("took", took);
            json.WriteBoolean("errors", items.Any(item => item.Failure is not null));
            json.WriteStartArray("items");
            foreach (var item in items)
            {
                item.Write(json);
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    private static IntakeAnswer Json(string text) => IntakeAnswer.Json(200, text) with { Headers = Product };

    private static string Greeting(IntakeHead head) =>
        head.Path.EndsWith("_license", StringComparison.Ordinal)
            ? """{"license":{"uid":"fairlead","type":"basic","status":"active"}}"""
        : head.Path.EndsWith("_xpack", StringComparison.Ordinal)
            ? """{"license":{"type":"basic","mode":"basic","status":"active"},"features":{}}"""
        : $$"""{"name":"fairlead","cluster_name":"fairlead","cluster_uuid":"fairlead","version":{"number":"{{Version}}","build_flavor":"default","lucene_version":"9.12.0"},"tagline":"You Know, for Search"}""";

    private static Labels StreamOf(string index, Source source, Dictionary<string, Labels> known)
    {
        if (!known.TryGetValue(index, out var stream))
        {
            stream = source.On(Labels.Of([new(LogKinds.Label, LogKinds.Elastic), new("index", index)]));
            known[index] = stream;
        }
        return stream;
    }

    private static ReadOnlyMemory<byte>? Line(ref ReadOnlyMemory<byte> rest)
    {
        if (rest.IsEmpty)
        {
            return null;
        }
        var end = rest.Span.IndexOf((byte)'\n');
        var line = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[(end + 1)..];
        return line.Span is [.., (byte)'\r'] ? line[..^1] : line;
    }

    // {"create":{"_index":"logs"}}
    private static (string Name, string? Index)? Action(ReadOnlyMemory<byte> line, int place)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            foreach (var action in json.RootElement.EnumerateObject())
            {
                return (action.Name, action.Value.TryGetProperty("_index", out var index) ? index.GetString() : null);
            }
            return null;
        }
        catch (Exception caught) when (caught is JsonException or InvalidOperationException)
        {
            throw Malformed(place, caught.Message);
        }
    }

    private static BulkFailure? FailureOf(string action, ReadOnlySpan<byte> document)
    {
        if (action is "update" or "delete")
        {
            return new(400, "illegal_argument_exception", "Logs are only added to: use 'create'.");
        }
        try
        {
            var reader = new Utf8JsonReader(document, Deep);
            if (!reader.Read() || reader.TokenType is not JsonTokenType.StartObject)
            {
                return new(400, "document_parsing_exception", "The document is no JSON object.");
            }
            reader.Skip();
            return reader.Read() ? new(400, "document_parsing_exception", "Something follows the document.") : null;
        }
        catch (JsonException caught)
        {
            return new(400, "document_parsing_exception", caught.Message);
        }
    }

    private static string? Text(ReadOnlyMemory<byte> document) =>
        document.IsEmpty ? null : Encoding.UTF8.GetString(document.Span);

    private static ProblemException Malformed(int place, string why) =>
        new(
            new Problem(
                "elastic.malformed-bulk",
                What: string.Create(
                    System.Globalization.CultureInfo.InvariantCulture,
                    $"The bulk request cannot be read at action {place + 1}."
                ),
                Why: why,
                Fix: "Send pairs of lines: an action such as {\"create\":{}}, and a document."
            )
        );
}
