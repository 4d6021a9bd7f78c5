using System.Globalization;
using System.Text;
using System.Text.Json;
using Fairlead.Drivers.Formats.Compression;
using Fairlead.Drivers.Formats.Protobuf;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Intakes;

/// <summary>
/// Takes what is pushed to Grafana Loki (its HTTP API, <c>POST /loki/api/v1/push</c>): JSON, or protobuf in snappy's block format.
/// Labels become the stream's, structured metadata becomes fields.
/// </summary>
public sealed class LokiIntake(ILogSink sink, World world) : IIntake
{
    private const int BytesMax = 64 << 20;
    private const int TextBytesMax = 1 << 20;

    public IReadOnlyList<string> Routes { get; } = ["POST /loki/api/v1/push", "GET /loki/api/v1/status/buildinfo"];

    public async Task<IntakeAnswer> TakeAsync(IntakeRequest request, CancellationToken stop)
    {
        if (request.Head.Method == "GET")
        {
            // Grafana asks before it shows a source.
            return IntakeAnswer.Json(200, """{"version":"3.0.0","revision":"fairlead","goVersion":"-"}""");
        }
        var now = (world.Now - DateTimeOffset.UnixEpoch).Ticks * 100;
        var records = request.Head.ContentType is "application/json"
            ? OfJson(request.Body, request.Source, now)
            : OfProtobuf(request.Body.Span, request.Source, now);
        await sink.AppendAsync(new LogBatch(records), stop);
        return IntakeAnswer.NoContent;
    }

    /// <param name="body"><c>{"streams":[{"stream":{"job":"api"},"values":[["1767225600000000000","a line",{"trace_id":"..."}]]}]}</c></param>
    internal static List<LogRecord> OfJson(ReadOnlyMemory<byte> body, Source source, long now)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            List<LogRecord> records = [];
            foreach (var stream in json.RootElement.GetProperty("streams").EnumerateArray())
            {
                var labels = stream
                    .GetProperty("stream")
                    .EnumerateObject()
                    .Select(one => new Label(one.Name, Text(one.Value)));
                var made = new LokiStream(labels, source, now);
                foreach (var value in stream.GetProperty("values").EnumerateArray())
                {
                    var at = long.Parse(Text(value[0]), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
                    LogField[] fields =
                        value.GetArrayLength() > 2
                            ? [.. value[2].EnumerateObject().Select(one => new LogField(one.Name, Text(one.Value)))]
                            : [];
                    records.Add(made.Record(at, Text(value[1]), fields));
                }
            }
            return records;
        }
        catch (Exception caught)
            when (caught
                    is JsonException
                        or KeyNotFoundException
                        or InvalidOperationException
                        or FormatException
                        or OverflowException
                        or IndexOutOfRangeException
            )
        {
            throw Unreadable(caught);
        }
    }

    // logproto's PushRequest; numbers of fields as in its push.proto.
    internal static List<LogRecord> OfProtobuf(ReadOnlySpan<byte> body, Source source, long now)
    {
        try
        {
            using var plain = SnappyBlock.Inflate(body, BytesMax);
            List<LogRecord> records = [];
            var request = new ProtobufReader(plain.Bytes);
            while (request.Next())
            {
                if (request.Field == 1)
                {
                    ReadStream(request.Message(), source, now, records);
                }
            }
            return records;
        }
        catch (InvalidDataException caught)
        {
            throw Unreadable(caught);
        }
    }

    private static void ReadStream(ProtobufReader stream, Source source, long now, List<LogRecord> records)
    {
        var made = new LokiStream([], source, now);
        while (stream.Next())
        {
            switch (stream.Field)
            {
                case 1:
                    made = new LokiStream(LokiLabels.Read(stream.Text(TextBytesMax)), source, now);
                    break;
                case 2:
                    records.Add(ReadEntry(stream.Message(), made));
                    break;
            }
        }
    }

    private static LogRecord ReadEntry(ProtobufReader entry, LokiStream stream)
    {
        var (at, line) = (0L, "");
        List<LogField> fields = [];
        while (entry.Next())
        {
            switch (entry.Field)
            {
                case 1:
                    at = ReadTime(entry.Message());
                    break;
                case 2:
                    line = Encoding.UTF8.GetString(entry.Bytes());
                    break;
                case 3:
                    fields.Add(ReadPair(entry.Message()));
                    break;
            }
        }
        return stream.Record(at, line, fields);
    }

    private static long ReadTime(ProtobufReader time)
    {
        var (seconds, rest) = (0L, 0L);
        while (time.Next())
        {
            switch (time.Field)
            {
                case 1:
                    seconds = time.Whole();
                    break;
                case 2:
                    rest = time.Whole();
                    break;
            }
        }
        return unchecked((seconds * 1_000_000_000) + rest);
    }

    private static LogField ReadPair(ProtobufReader pair)
    {
        var (name, value) = ("", "");
        while (pair.Next())
        {
            switch (pair.Field)
            {
                case 1:
                    name = pair.Text(TextBytesMax);
                    break;
                case 2:
                    value = pair.Text(TextBytesMax);
                    break;
            }
        }
        return new(name, value);
    }

    private static string Text(JsonElement value) =>
        value.ValueKind is JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private static ProblemException Unreadable(Exception caught) =>
        new(
            new Problem(
                "loki.unreadable",
                What: "What was pushed cannot be read.",
                Why: caught.Message,
                Fix: "Push JSON as in Loki's HTTP API, or protobuf in a snappy block."
            ),
            caught
        );
}
