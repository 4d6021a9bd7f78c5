using Fairlead.Drivers.Formats.Compression;
using Fairlead.Drivers.Formats.Protobuf;
using Fairlead.Model.Telemetry;
using Snappier;

namespace Fairlead.Drivers.Formats.RemoteWrite;

/// <summary>
/// What is sent to and read from other stores, by Prometheus's remote write 1.0 and remote read
/// (prometheus.io/docs/specs/prw/remote_write_spec and prompb/remote.proto): protobuf within snappy's block format.
/// </summary>
public static class RemoteMessages
{
    /// <summary>Label values and names of a store that is asked.</summary>
    private const int TextBytesMax = 1024 * 1024;

    /// <summary>A write request.</summary>
    public static byte[] Write(IReadOnlyList<SeriesSamples> batch)
    {
        var message = new ProtobufWriter();
        var inner = new ProtobufWriter();
        var part = new ProtobufWriter();
        foreach (var (labels, samples) in batch)
        {
            inner.Clear();
            foreach (var (name, value) in labels)
            {
                part.Clear();
                part.Text(1, name);
                part.Text(2, value);
                inner.Bytes(1, part.Written);
            }
            foreach (var (at, value) in samples)
            {
                part.Clear();
                part.Real(1, value);
                part.Varint(2, unchecked((ulong)at));
                inner.Bytes(2, part.Written);
            }
            message.Bytes(1, inner.Written);
        }
        return Snappy.CompressToArray(message.Written);
    }

    /// <summary>A read request for all samples of the series that fit, both times included.</summary>
    public static byte[] Read(IReadOnlyList<Matcher> matchers, long from, long to)
    {
        var message = new ProtobufWriter();
        message.Message(
            1,
            query =>
            {
                query.Varint(1, unchecked((ulong)from));
                query.Varint(2, unchecked((ulong)to));
                foreach (var (kind, name, value) in matchers)
                {
                    query.Message(
                        3,
                        matcher =>
                        {
                            matcher.Varint(1, (ulong)NumberOf(kind));
                            matcher.Text(2, name);
                            matcher.Text(3, value);
                        }
                    );
                }
            }
        );
        return Snappy.CompressToArray(message.Written);
    }

    /// <summary>The series of a read response.</summary>
    /// <exception cref="InvalidDataException">It is none, or larger than <paramref name="bytesMax"/>.</exception>
    public static IReadOnlyList<SeriesSamples> ReadAnswer(ReadOnlySpan<byte> body, int bytesMax)
    {
        using var answer = SnappyBlock.Inflate(body, bytesMax);
        var series = new List<SeriesSamples>();
        var message = new ProtobufReader(answer.Bytes);
        while (message.Next())
        {
            if (message.Field == 1)
            {
                var result = message.Message();
                while (result.Next())
                {
                    if (result.Field == 1)
                    {
                        series.Add(SeriesOf(result.Message()));
                    }
                }
            }
        }
        return series;
    }

    private static SeriesSamples SeriesOf(ProtobufReader message)
    {
        var (labels, samples) = (new List<Label>(), new List<Sample>());
        while (message.Next())
        {
            if (message.Field == 1)
            {
                labels.Add(LabelOf(message.Message()));
            }
            else if (message.Field == 2)
            {
                samples.Add(SampleOf(message.Message()));
            }
        }
        return new(Labels.Of(labels), samples);
    }

    private static Label LabelOf(ProtobufReader message)
    {
        var (name, value) = ("", "");
        while (message.Next())
        {
            if (message.Field == 1)
            {
                name = message.Text(TextBytesMax);
            }
            else if (message.Field == 2)
            {
                value = message.Text(TextBytesMax);
            }
        }
        return new(name, value);
    }

    private static Sample SampleOf(ProtobufReader message)
    {
        var (at, value) = (0L, 0d);
        while (message.Next())
        {
            if (message.Field == 1)
            {
                value = message.Real();
            }
            else if (message.Field == 2)
            {
                at = message.Whole();
            }
        }
        return new(at, value);
    }

    private static int NumberOf(MatchKind kind) =>
        kind switch
        {
            MatchKind.Equal => 0,
            MatchKind.NotEqual => 1,
            MatchKind.Regex => 2,
            _ => 3,
        };
}
