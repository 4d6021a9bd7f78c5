namespace Fairlead.Drivers.Formats.Otlp;

/// <summary>How a field's value stands in OTLP's JSON and on protobuf's wire.</summary>
internal enum OtlpForm
{
    Text,

    /// <summary>Bytes; ids are hex digits in OTLP, unlike in protobuf's own JSON.</summary>
    Hex,

    /// <summary>Bytes in base64.</summary>
    Base64,
    Flag,

    /// <summary>A varint: int32, int64, uint32, uint64; in JSON a number or digits in a text.</summary>
    Whole,

    /// <summary>A sint32.</summary>
    Zigzag,
    Fixed64,
    Double,
    Message,
}

/// <param name="Number">The field's number in protobuf.</param>
internal sealed record OtlpField(int Number, OtlpForm Form)
{
    /// <summary>For messages; asked for late, because values hold values.</summary>
    public Func<OtlpShape>? Shape { get; init; }

    /// <summary>For enumerations: the names of its numbers.</summary>
    public IReadOnlyDictionary<string, int> Names { get; init; } = new Dictionary<string, int>();
}

/// <summary>The fields of a message by their names in JSON. What is not here is skipped.</summary>
internal sealed record OtlpShape(IReadOnlyDictionary<string, OtlpField> Fields)
{
    private static readonly OtlpShape Value = Of(
        ("stringValue", Text(1)),
        ("boolValue", new(2, OtlpForm.Flag)),
        ("intValue", Whole(3)),
        ("doubleValue", new(4, OtlpForm.Double)),
        ("arrayValue", Message(5, () => Values!)),
        ("kvlistValue", Message(6, () => Pairs!)),
        ("bytesValue", new(7, OtlpForm.Base64))
    );

    private static readonly OtlpShape Values = Of(("values", Message(1, () => Value)));

    private static readonly OtlpShape Pair = Of(("key", Text(1)), ("value", Message(2, () => Value)));

    private static readonly OtlpShape Pairs = Of(("values", Message(1, () => Pair)));

    private static readonly OtlpShape Resource = Of(("attributes", Message(1, () => Pair)));

    private static readonly OtlpShape Scope = Of(("name", Text(1)), ("version", Text(2)));

    private static readonly OtlpShape Event = Of(
        ("timeUnixNano", new(1, OtlpForm.Fixed64)),
        ("name", Text(2)),
        ("attributes", Message(3, () => Pair)),
        ("droppedAttributesCount", Whole(4))
    );

    private static readonly OtlpShape Link = Of(
        ("traceId", new(1, OtlpForm.Hex)),
        ("spanId", new(2, OtlpForm.Hex)),
        ("attributes", Message(4, () => Pair))
    );

    private static readonly OtlpShape Status = Of(
        ("message", Text(2)),
        ("code", Choice(3, "STATUS_CODE_UNSET", "STATUS_CODE_OK", "STATUS_CODE_ERROR"))
    );

    private static readonly OtlpShape Span = Of(
        ("traceId", new(1, OtlpForm.Hex)),
        ("spanId", new(2, OtlpForm.Hex)),
        ("parentSpanId", new(4, OtlpForm.Hex)),
        ("name", Text(5)),
        (
            "kind",
            Choice(
                6,
                "SPAN_KIND_UNSPECIFIED",
                "SPAN_KIND_INTERNAL",
                "SPAN_KIND_SERVER",
                "SPAN_KIND_CLIENT",
                "SPAN_KIND_PRODUCER",
                "SPAN_KIND_CONSUMER"
            )
        ),
        ("startTimeUnixNano", new(7, OtlpForm.Fixed64)),
        ("endTimeUnixNano", new(8, OtlpForm.Fixed64)),
        ("attributes", Message(9, () => Pair)),
        ("droppedAttributesCount", Whole(10)),
        ("events", Message(11, () => Event)),
        ("droppedEventsCount", Whole(12)),
        ("links", Message(13, () => Link)),
        ("droppedLinksCount", Whole(14)),
        ("status", Message(15, () => Status))
    );

    private static readonly OtlpField Temporality = Choice(
        2,
        "AGGREGATION_TEMPORALITY_UNSPECIFIED",
        "AGGREGATION_TEMPORALITY_DELTA",
        "AGGREGATION_TEMPORALITY_CUMULATIVE"
    );

    private static readonly OtlpShape Numbers = Points(
        ("startTimeUnixNano", new(2, OtlpForm.Fixed64)),
        ("timeUnixNano", new(3, OtlpForm.Fixed64)),
        ("asDouble", new(4, OtlpForm.Double)),
        ("asInt", new(6, OtlpForm.Fixed64)),
        ("attributes", Message(7, () => Pair)),
        ("flags", Whole(8))
    );

    private static readonly OtlpShape Histograms = Points(
        ("startTimeUnixNano", new(2, OtlpForm.Fixed64)),
        ("timeUnixNano", new(3, OtlpForm.Fixed64)),
        ("count", new(4, OtlpForm.Fixed64)),
        ("sum", new(5, OtlpForm.Double)),
        ("bucketCounts", new(6, OtlpForm.Fixed64)),
        ("explicitBounds", new(7, OtlpForm.Double)),
        ("attributes", Message(9, () => Pair)),
        ("flags", Whole(10))
    );

    private static readonly OtlpShape Buckets = Of(("offset", new(1, OtlpForm.Zigzag)), ("bucketCounts", Whole(2)));

    private static readonly OtlpShape Exponentials = Points(
        ("attributes", Message(1, () => Pair)),
        ("startTimeUnixNano", new(2, OtlpForm.Fixed64)),
        ("timeUnixNano", new(3, OtlpForm.Fixed64)),
        ("count", new(4, OtlpForm.Fixed64)),
        ("sum", new(5, OtlpForm.Double)),
        ("scale", new(6, OtlpForm.Zigzag)),
        ("zeroCount", new(7, OtlpForm.Fixed64)),
        ("positive", Message(8, () => Buckets)),
        ("negative", Message(9, () => Buckets)),
        ("flags", Whole(10)),
        ("zeroThreshold", new(14, OtlpForm.Double))
    );

    private static readonly OtlpShape Quantile = Of(
        ("quantile", new(1, OtlpForm.Double)),
        ("value", new(2, OtlpForm.Double))
    );

    private static readonly OtlpShape Summaries = Points(
        ("startTimeUnixNano", new(2, OtlpForm.Fixed64)),
        ("timeUnixNano", new(3, OtlpForm.Fixed64)),
        ("count", new(4, OtlpForm.Fixed64)),
        ("sum", new(5, OtlpForm.Double)),
        ("quantileValues", Message(6, () => Quantile)),
        ("attributes", Message(7, () => Pair)),
        ("flags", Whole(8))
    );

    private static readonly OtlpShape Metric = Of(
        ("name", Text(1)),
        ("description", Text(2)),
        ("unit", Text(3)),
        ("gauge", Message(5, () => Numbers)),
        ("sum", Message(7, () => Numbers)),
        ("histogram", Message(9, () => Histograms)),
        ("exponentialHistogram", Message(10, () => Exponentials)),
        ("summary", Message(11, () => Summaries))
    );

    private static readonly OtlpShape Record = Of(
        ("timeUnixNano", new(1, OtlpForm.Fixed64)),
        (
            "severityNumber",
            Choice(
                2,
                [
                    "SEVERITY_NUMBER_UNSPECIFIED",
                    .. new[] { "TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL" }.SelectMany(word =>
                        new[] { "", "2", "3", "4" }.Select(number => $"SEVERITY_NUMBER_{word}{number}")
                    ),
                ]
            )
        ),
        ("severityText", Text(3)),
        ("body", Message(5, () => Value)),
        ("attributes", Message(6, () => Pair)),
        ("traceId", new(9, OtlpForm.Hex)),
        ("spanId", new(10, OtlpForm.Hex)),
        ("observedTimeUnixNano", new(11, OtlpForm.Fixed64)),
        ("eventName", Text(12))
    );

    public static OtlpShape Traces { get; } = Request("resourceSpans", "scopeSpans", "spans", Span);

    public static OtlpShape Metrics { get; } = Request("resourceMetrics", "scopeMetrics", "metrics", Metric);

    public static OtlpShape Logs { get; } = Request("resourceLogs", "scopeLogs", "logRecords", Record);

    private static OtlpShape Request(string resources, string scopes, string items, OtlpShape item)
    {
        var scope = Of(("scope", Message(1, () => Scope)), (items, Message(2, () => item)));
        var resource = Of(("resource", Message(1, () => Resource)), (scopes, Message(2, () => scope)));
        return Of((resources, Message(1, () => resource)));
    }

    private static OtlpShape Points(params (string Name, OtlpField Field)[] fields)
    {
        var point = Of(fields);
        return Of(
            ("dataPoints", Message(1, () => point)),
            ("aggregationTemporality", Temporality),
            ("isMonotonic", new(3, OtlpForm.Flag))
        );
    }

    private static OtlpShape Of(params (string Name, OtlpField Field)[] fields) =>
        new(fields.ToDictionary(one => one.Name, one => one.Field, StringComparer.Ordinal));

    private static OtlpField Text(int number) => new(number, OtlpForm.Text);

    private static OtlpField Whole(int number) => new(number, OtlpForm.Whole);

    private static OtlpField Message(int number, Func<OtlpShape> shape) =>
        new(number, OtlpForm.Message) { Shape = shape };

    private static OtlpField Choice(int number, params IReadOnlyList<string> names) =>
        new(number, OtlpForm.Whole)
        {
            Names = names
                .Select((name, place) => (name, place))
                .ToDictionary(one => one.name, one => one.place, StringComparer.Ordinal),
        };
}
