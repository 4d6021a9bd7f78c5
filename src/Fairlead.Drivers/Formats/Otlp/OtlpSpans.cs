using System.Buffers.Binary;
using Fairlead.Drivers.Formats.Protobuf;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Formats.Otlp;

/// <summary>Reads spans (opentelemetry/proto/trace/v1/trace.proto, 1.x) of one sender.</summary>
internal sealed class OtlpSpans(Source source)
{
    // A span of longer than that comes from a clock that was set, or a start that was never written.
    private static readonly long LongestNanoseconds = (long)TimeSpan.FromDays(30).TotalNanoseconds;

    // The year 2200: later times would leave no room for differences.
    private const ulong LatestNanoseconds = 7_258_118_400_000_000_000;

    private readonly List<Span> spans = [];
    private (OtlpOrigin? Origin, SpanSender? Sender) last;

    public IReadOnlyList<Span> Spans => spans;

    /// <summary>Spans without an id, without a start, or whose times cannot be.</summary>
    public int Refused { get; private set; }

    /// <exception cref="InvalidDataException">It is no request for traces.</exception>
    public void Read(ReadOnlySpan<byte> request) => OtlpRequest.Walk(request, ReadSpan);

    private void ReadSpan(OtlpOrigin origin, ProtobufReader from)
    {
        var draft = new Draft();
        while (from.Next())
        {
            switch (from.Field)
            {
                case 1:
                    draft.Trace = TraceOf(from.Bytes());
                    break;
                case 2:
                    draft.Id = SpanOf(from.Bytes());
                    break;
                case 4:
                    draft.Parent = SpanOf(from.Bytes());
                    break;
                case 5:
                    draft.Name = OtlpText.Of(from.Bytes(), Span.NameCharsMax);
                    break;
                case 6:
                    draft.Kind = from.Varint() is <= 5 and var kind ? (SpanKind)kind : SpanKind.Unspecified;
                    break;
                case 7:
                    draft.Start = from.Fixed64();
                    break;
                case 8:
                    draft.End = from.Fixed64();
                    break;
                case 9:
                    draft.Add(from.Message());
                    break;
                case 10 or 12 or 14:
                    draft.Dropped += Count(from.Varint());
                    break;
                case 11:
                    draft.AddEvent(from.Message());
                    break;
                case 13:
                    draft.AddLink(from.Message());
                    break;
                case 15:
                    draft.ReadStatus(from.Message());
                    break;
            }
        }
        if (draft.Done(SenderOf(origin), origin.Scope) is { } span)
        {
            spans.Add(span);
        }
        else
        {
            Refused++;
        }
    }

    private SpanSender SenderOf(OtlpOrigin origin)
    {
        if (!ReferenceEquals(last.Origin, origin))
        {
            last = (origin, SpanSender.Of(source, origin.Resource));
        }
        return last.Sender!;
    }

    private static TraceId TraceOf(ReadOnlySpan<byte> bytes) =>
        bytes.Length == 16
            ? new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]))
            : default;

    private static SpanId SpanOf(ReadOnlySpan<byte> bytes) =>
        bytes.Length == 8 ? new(BinaryPrimitives.ReadUInt64BigEndian(bytes)) : default;

    private static int Count(ulong number) => (int)Math.Min(number, 1_000_000);

    private static long Time(ulong nanoseconds) => (long)Math.Min(nanoseconds, LatestNanoseconds);

    /// <summary>A span while its fields come in, in whatever order.</summary>
    private sealed class Draft
    {
        private readonly List<Label> attributes = [];
        private readonly List<SpanEvent> events = [];
        private readonly List<SpanLink> links = [];
        private SpanStatus status;
        private string statusText = "";

        public TraceId Trace { get; set; }

        public SpanId Id { get; set; }

        public SpanId Parent { get; set; }

        public string Name { get; set; } = "";

        public SpanKind Kind { get; set; }

        public ulong Start { get; set; }

        public ulong End { get; set; }

        public int Dropped { get; set; }

        public void Add(ProtobufReader pair) => Dropped += Added(attributes, pair) ? 0 : 1;

        public void AddEvent(ProtobufReader from)
        {
            if (events.Count >= Span.EventsMax)
            {
                Dropped++;
                return;
            }
            var (at, name, said) = (0UL, "", new List<Label>());
            while (from.Next())
            {
                switch (from.Field)
                {
                    case 1:
                        at = from.Fixed64();
                        break;
                    case 2:
                        name = OtlpText.Of(from.Bytes(), Span.NameCharsMax);
                        break;
                    case 3:
                        Dropped += Added(said, from.Message()) ? 0 : 1;
                        break;
                    case 4:
                        Dropped += Count(from.Varint());
                        break;
                }
            }
            events.Add(new(Time(at), name, said));
        }

        public void AddLink(ProtobufReader from)
        {
            var (trace, span, said) = (default(TraceId), default(SpanId), new List<Label>());
            while (from.Next())
            {
                switch (from.Field)
                {
                    case 1:
                        trace = TraceOf(from.Bytes());
                        break;
                    case 2:
                        span = SpanOf(from.Bytes());
                        break;
                    case 4:
                        Dropped += Added(said, from.Message()) ? 0 : 1;
                        break;
                }
            }
            if (trace.IsNone || span.IsNone || links.Count >= Span.EventsMax)
            {
                Dropped++;
                return;
            }
            links.Add(new(trace, span, said));
        }

        public void ReadStatus(ProtobufReader from)
        {
            while (from.Next())
            {
                switch (from.Field)
                {
                    case 2:
                        statusText = OtlpText.Of(from.Bytes(), Span.ValueCharsMax);
                        break;
                    case 3:
                        status = from.Varint() is <= 2 and var code ? (SpanStatus)code : SpanStatus.Unset;
                        break;
                }
            }
        }

        public Span? Done(SpanSender sender, string scope)
        {
            var (start, end) = (Time(Start), Time(Math.Max(Start, End)));
            if (Trace.IsNone || Id.IsNone || start == 0 || end - start > LongestNanoseconds)
            {
                return null;
            }
            return new()
            {
                Trace = Trace,
                Id = Id,
                Parent = Parent,
                Name = Name.Length > 0 ? Name : "(unnamed)",
                Kind = Kind,
                Start = start,
                End = end,
                Status = status,
                StatusText = statusText,
                Attributes = attributes,
                Events = events,
                Links = links,
                Sender = sender,
                Scope = scope,
                Dropped = Dropped,
            };
        }

        private static bool Added(List<Label> into, ProtobufReader pair) =>
            OtlpValue.Add(into, pair, (Span.AttributesMax, Span.ValueCharsMax));
    }
}
