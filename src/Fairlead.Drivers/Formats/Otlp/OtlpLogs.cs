using Fairlead.Drivers.Formats.Protobuf;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Formats.Otlp;

/// <summary>Reads log records (opentelemetry/proto/logs/v1/logs.proto, 1.x) of one sender.</summary>
/// <param name="now">For records that say no time, in nanoseconds since 1970.</param>
internal sealed class OtlpLogs(Source source, long now)
{
    // What makes a stream: whose it is and which program. The rest of the resource would make a stream of each process.
    private static readonly (string Attribute, string Label)[] StreamNames =
    [
        ("service.name", "service_name"),
        ("service.namespace", "service_namespace"),
        ("service.instance.id", "service_instance_id"),
        ("service.version", "service_version"),
        ("host.name", "host_name"),
    ];

    // Cutting to size is for whoever hides secrets first, also those at the cut.
    private const int SlackChars = 16 << 10;

    private const ulong LatestNanoseconds = long.MaxValue;

    private readonly List<LogRecord> records = [];
    private (OtlpOrigin? Origin, Labels Stream) last = (null, Labels.None);

    public IReadOnlyList<LogRecord> Records => records;

    /// <exception cref="InvalidDataException">It is no request for logs.</exception>
    public void Read(ReadOnlySpan<byte> request) => OtlpRequest.Walk(request, ReadRecord);

    private void ReadRecord(OtlpOrigin origin, ProtobufReader from)
    {
        var draft = new Draft();
        while (from.Next())
        {
            draft.Read(ref from);
        }
        // An event may say all by its name and attributes.
        var said = draft.Name.Length > 0 ? draft.Fields.Append(new Label("event.name", draft.Name)) : draft.Fields;
        records.Add(
            new()
            {
                At =
                    draft.At > 0 ? Time(draft.At)
                    : draft.Observed > 0 ? Time(draft.Observed)
                    : now,
                Observed = draft.Observed > 0 ? Time(draft.Observed) : now,
                Severity = SeverityOf(draft.Severity),
                SeverityText = draft.Word.Length > 0 ? draft.Word : null,
                Body = draft.Body.Length > 0 ? draft.Body : draft.Name,
                Fields = [.. said.Select(one => new LogField(one.Name, one.Value)), .. Scope(origin)],
                TraceId = draft.Trace.Length > 0 ? draft.Trace : null,
                SpanId = draft.Span.Length > 0 ? draft.Span : null,
                Stream = StreamOf(origin),
            }
        );
    }

    private Labels StreamOf(OtlpOrigin origin)
    {
        if (!ReferenceEquals(last.Origin, origin))
        {
            var own = StreamNames.Select(one => new Label(
                one.Label,
                origin.Resource.FirstOrDefault(said => said.Name == one.Attribute).Value ?? ""
            ));
            last = (origin, source.On(Labels.Of(own.Append(new Label(LogKinds.Label, LogKinds.Otlp)))));
        }
        return last.Stream;
    }

    private static IEnumerable<LogField> Scope(OtlpOrigin origin) =>
        origin.Scope.Length > 0 ? [new("scope", origin.Scope)] : [];

    // 1-4 trace, 5-8 debug, ..., 21-24 fatal; each of ours is the least of its four.
    private static Severity SeverityOf(ulong number) =>
        number is >= 1 and <= 24 ? (Severity)(((number - 1) / 4 * 4) + 1) : Severity.Unset;

    private static long Time(ulong nanoseconds) => (long)Math.Min(nanoseconds, LatestNanoseconds);

    private static string Hex(ReadOnlySpan<byte> bytes, int length) =>
        bytes.Length == length && bytes.ContainsAnyExcept((byte)0) ? Convert.ToHexStringLower(bytes) : "";

    /// <summary>A record while its fields come in, in whatever order.</summary>
    private sealed class Draft
    {
        public ulong At { get; private set; }

        public ulong Observed { get; private set; }

        public ulong Severity { get; private set; }

        public string Word { get; private set; } = "";

        public string Body { get; private set; } = "";

        public string Name { get; private set; } = "";

        public string Trace { get; private set; } = "";

        public string Span { get; private set; } = "";

        public List<Label> Fields { get; } = [];

        public void Read(ref ProtobufReader from)
        {
            switch (from.Field)
            {
                case 1:
                    At = from.Fixed64();
                    break;
                case 2:
                    Severity = from.Varint();
                    break;
                case 3:
                    Word = OtlpText.Of(from.Bytes(), LogLimits.NameCharsMax);
                    break;
                case 5:
                    Body = OtlpValue.Text(from.Message(), LogLimits.BodyCharsMax + SlackChars);
                    break;
                case 6:
                    OtlpValue.Add(
                        Fields,
                        from.Message(),
                        (LogLimits.FieldsMax + 1, LogLimits.ValueCharsMax + SlackChars)
                    );
                    break;
                case 9:
                    Trace = Hex(from.Bytes(), 16);
                    break;
                case 10:
                    Span = Hex(from.Bytes(), 8);
                    break;
                case 11:
                    Observed = from.Fixed64();
                    break;
                case 12:
                    Name = OtlpText.Of(from.Bytes(), LogLimits.NameCharsMax);
                    break;
            }
        }
    }
}
