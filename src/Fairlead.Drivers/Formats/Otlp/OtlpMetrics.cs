using Fairlead.Drivers.Formats.Protobuf;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Formats.Otlp;

/// <summary>A metric as it was sent, without its points.</summary>
internal sealed record OtlpMetric(OtlpOrigin Origin, string Name, string Unit, OtlpKind Kind)
{
    public string Description { get; init; } = "";

    public bool IsDelta { get; init; }

    public bool IsMonotonic { get; init; }
}

/// <summary>What a metric's points are. Numbers are those of the fields that hold them.</summary>
internal enum OtlpKind
{
    None = 0,
    Gauge = 5,
    Sum = 7,
    Histogram = 9,
    Exponential = 10,
    Summary = 11,
}

/// <summary>A point of any kind of metric; what its kind does not have is empty.</summary>
internal sealed class OtlpPoint
{
    public List<Label> Attributes { get; } = [];

    /// <summary>Nanoseconds since 1970; when counting began. 0 when that is not known.</summary>
    public ulong Start { get; set; }

    /// <summary>Nanoseconds since 1970.</summary>
    public ulong Time { get; set; }

    /// <summary>Nothing was measured: the series ends here.</summary>
    public bool IsEnd { get; set; }

    /// <summary>Of a gauge or a sum; null when the sender forgot it.</summary>
    public double? Value { get; set; }

    public ulong Count { get; set; }

    public double? Sum { get; set; }

    /// <summary>Upper bounds, and one count more than those.</summary>
    public List<ulong> Bounds { get; } = [];

    public List<ulong> Counts { get; } = [];

    public int Scale { get; set; }

    public ulong ZeroCount { get; set; }

    public double ZeroThreshold { get; set; }

    public OtlpBuckets Positive { get; set; } = OtlpBuckets.None;

    public OtlpBuckets Negative { get; set; } = OtlpBuckets.None;

    public List<(double Quantile, double Value)> Quantiles { get; } = [];
}

/// <summary>Buckets of an exponential histogram, from an index on.</summary>
internal sealed record OtlpBuckets(int Offset, List<ulong> Counts)
{
    public static readonly OtlpBuckets None = new(0, []);
}

/// <summary>Takes a point.</summary>
internal delegate void OtlpPointTaker(OtlpMetric metric, OtlpPoint point);

/// <summary>Reads metrics (opentelemetry/proto/metrics/v1/metrics.proto, 1.x), point by point. Exemplars are skipped.</summary>
internal sealed class OtlpMetrics(OtlpPointTaker take)
{
    internal const int BucketsMax = 2_000;
    internal const int DescriptionCharsMax = 1_000;
    internal const int QuantilesMax = 200;
    internal const int PointsMax = 500_000;
    private const int NoRecordedValue = 1;

    private int points;

    /// <exception cref="InvalidDataException">It is no request for metrics, or has too many points.</exception>
    public void Read(ReadOnlySpan<byte> request) => OtlpRequest.Walk(request, ReadMetric);

    private void ReadMetric(OtlpOrigin origin, ProtobufReader from)
    {
        var (name, description, unit, kind) = ("", "", "", OtlpKind.None);
        var again = from;
        while (from.Next())
        {
            switch (from.Field)
            {
                case 1:
                    name = OtlpText.Of(from.Bytes(), Span.NameCharsMax);
                    break;
                case 2:
                    description = OtlpText.Of(from.Bytes(), DescriptionCharsMax);
                    break;
                case 3:
                    unit = OtlpText.Of(from.Bytes(), Span.NameCharsMax);
                    break;
                case 5 or 7 or 9 or 10 or 11:
                    kind = (OtlpKind)from.Field;
                    break;
            }
        }
        while (again.Next())
        {
            if (again.Field == (int)kind)
            {
                ReadPoints(new(origin, name, unit, kind) { Description = description }, again.Message());
            }
        }
    }

    private void ReadPoints(OtlpMetric metric, ProtobufReader from)
    {
        var again = from;
        while (from.Next())
        {
            if (from.Field == 2 && metric.Kind is OtlpKind.Sum or OtlpKind.Histogram or OtlpKind.Exponential)
            {
                metric = metric with { IsDelta = from.Varint() == 1 };
            }
            else if (from.Field == 3 && metric.Kind is OtlpKind.Sum)
            {
                metric = metric with { IsMonotonic = from.Flag() };
            }
        }
        while (again.Next())
        {
            if (again.Field != 1)
            {
                continue;
            }
            if (++points > PointsMax)
            {
                throw new InvalidDataException($"There are more than {PointsMax} points in one request.");
            }
            var point = new OtlpPoint();
            var fields = again.Message();
            while (fields.Next())
            {
                ReadField(metric.Kind, point, ref fields);
            }
            take(metric, point);
        }
    }

    private static void ReadField(OtlpKind kind, OtlpPoint point, ref ProtobufReader from)
    {
        switch (kind, from.Field)
        {
            case (_, 2):
                point.Start = from.Fixed64();
                break;
            case (_, 3):
                point.Time = from.Fixed64();
                break;
            case (OtlpKind.Gauge or OtlpKind.Sum, _):
                ReadNumber(point, ref from);
                break;
            case (_, 4):
                point.Count = from.Fixed64();
                break;
            case (_, 5):
                point.Sum = from.Real();
                break;
            case (OtlpKind.Histogram, _):
                ReadHistogram(point, ref from);
                break;
            case (OtlpKind.Exponential, _):
                ReadExponential(point, ref from);
                break;
            default:
                ReadSummary(point, ref from);
                break;
        }
    }

    private static void ReadNumber(OtlpPoint point, ref ProtobufReader from)
    {
        switch (from.Field)
        {
            case 4:
                point.Value = from.Real();
                break;
            case 6:
                point.Value = unchecked((long)from.Fixed64());
                break;
            case 7:
                Attribute(point, from.Message());
                break;
            case 8:
                Flags(point, from.Varint());
                break;
        }
    }

    private static void ReadHistogram(OtlpPoint point, ref ProtobufReader from)
    {
        switch (from.Field)
        {
            case 6:
                from.Fixed64s(point.Counts, BucketsMax + 1);
                break;
            case 7:
                from.Fixed64s(point.Bounds, BucketsMax);
                break;
            case 9:
                Attribute(point, from.Message());
                break;
            case 10:
                Flags(point, from.Varint());
                break;
        }
    }

    private static void ReadExponential(OtlpPoint point, ref ProtobufReader from)
    {
        switch (from.Field)
        {
            case 1:
                Attribute(point, from.Message());
                break;
            case 6:
                point.Scale = Int32(from.Zigzag());
                break;
            case 7:
                point.ZeroCount = from.Fixed64();
                break;
            case 8:
                point.Positive = Buckets(from.Message());
                break;
            case 9:
                point.Negative = Buckets(from.Message());
                break;
            case 10:
                Flags(point, from.Varint());
                break;
            case 14:
                point.ZeroThreshold = from.Real();
                break;
        }
    }

    private static void ReadSummary(OtlpPoint point, ref ProtobufReader from)
    {
        switch (from.Field)
        {
            case 6:
                var quantile = Quantile(from.Message());
                if (point.Quantiles.Count < QuantilesMax)
                {
                    point.Quantiles.Add(quantile);
                }
                break;
            case 7:
                Attribute(point, from.Message());
                break;
            case 8:
                Flags(point, from.Varint());
                break;
        }
    }

    private static OtlpBuckets Buckets(ProtobufReader from)
    {
        var (offset, counts) = (0, new List<ulong>());
        while (from.Next())
        {
            switch (from.Field)
            {
                case 1:
                    offset = Int32(from.Zigzag());
                    break;
                case 2:
                    from.Varints(counts, BucketsMax);
                    break;
            }
        }
        return new(offset, counts);
    }

    private static (double Quantile, double Value) Quantile(ProtobufReader from)
    {
        var (quantile, value) = (0.0, 0.0);
        while (from.Next())
        {
            switch (from.Field)
            {
                case 1:
                    quantile = from.Real();
                    break;
                case 2:
                    value = from.Real();
                    break;
            }
        }
        return (quantile, value);
    }

    private static void Attribute(OtlpPoint point, ProtobufReader pair) =>
        OtlpValue.Add(point.Attributes, pair, (Span.AttributesMax, Span.ValueCharsMax));

    private static void Flags(OtlpPoint point, ulong flags) => point.IsEnd = (flags & NoRecordedValue) != 0;

    private static int Int32(long number) => (int)Math.Clamp(number, int.MinValue, int.MaxValue);
}
