using CsCheck;
using Fairlead.Drivers.Formats.Compression;
using Fairlead.Drivers.Formats.Protobuf;
using Fairlead.Drivers.Formats.RemoteWrite;
using Fairlead.Model.Apps;
using Fairlead.Model.Telemetry;

namespace Fairlead.Tests.Drivers.Formats;

public sealed class RemoteWriteTests
{
    private static readonly SeriesSamples[] Batch =
    [
        new(Labels.Of([new("__name__", "up"), new("job", "naïve")]), [new(1000, 1), new(2000, Sample.Stale)]),
        new(Labels.Of([new("__name__", "down")]), [new(-5, -0.5)]),
    ];

    private static readonly byte[] Request = Inflated(RemoteWriteWriter.Write(Batch));

    [Fact]
    public void What_is_written_is_read_again() =>
        Assert.Equal(
            ["""up{job="naïve"} 1000:1 2000:NaN""", "down -5:-0.5"],
            Text(RemoteWriteReader.Read(Request, new(Source.Outside, 1)))
        );

    [Fact]
    public void Labels_that_came_before_are_the_same_object()
    {
        var known = new KnownLabels(Source.Outside, 1);
        var (first, second) = (RemoteWriteReader.Read(Request, known), RemoteWriteReader.Read(Request, known));
        Assert.Same(first.Series[0].Labels, second.Series[0].Labels);
    }

    [Fact]
    public void The_sender_is_stamped_over_what_it_says()
    {
        var request = Inflated(
            RemoteWriteWriter.Write([new(Labels.Of([new("__name__", "up"), new("app", "lies")]), [new(1, 1)])])
        );
        var source = new Source(new Site("shop", "production"), "api");
        Assert.Equal(
            ["""up{app="shop", environment="production", exported_app="lies", service="api"} 1:1"""],
            Text(RemoteWriteReader.Read(request, new(source, 1)))
        );
    }

    [Fact]
    public void Labels_between_samples_and_samples_in_disorder_are_read_too()
    {
        var writer = new ProtobufWriter();
        writer.Message(
            1,
            series =>
            {
                series.Message(2, sample => sample.Varint(2, 9));
                series.Message(1, label => Pair(label, "b", "2"));
                series.Message(2, sample => sample.Varint(2, 3));
                series.Message(4, _ => { });
                series.Message(1, label => Pair(label, "a", "1"));
            }
        );
        writer.Message(3, _ => { });
        var batch = RemoteWriteReader.Read(writer.Written, new(Source.Outside, 1));
        Assert.Equal(["""{a="1", b="2"} 3:0 9:0"""], Text(batch));
        Assert.Equal((2, 1), (batch.Samples, batch.Histograms));
    }

    [Fact]
    public void Blocks_that_say_they_are_too_large_are_not_inflated()
    {
        var block = SnappyBlock.Deflate(new byte[100_000]);
        Assert.Contains(
            "at most 1000 are taken",
            Assert.Throws<InvalidDataException>(() => SnappyBlock.Inflate(block, 1000)).Message
        );
    }

    [Fact]
    public void Broken_requests_are_refused_and_nothing_else() =>
        Gen.Select(Gen.Int[0, Request.Length - 1], Gen.Byte)
            .Sample(
                (place, value) =>
                {
                    var damaged = Request.ToArray();
                    damaged[place] = value;
                    return Record.Exception(() => RemoteWriteReader.Read(damaged, new(Source.Outside, 1)))
                        is null
                            or InvalidDataException;
                }
            );

    [Fact]
    public void Any_bytes_are_a_block_or_refused() =>
        Gen
            .Byte.Array[0, 100]
            .Sample(bytes =>
                Record.Exception(() => SnappyBlock.Inflate(bytes, 1 << 20).Dispose()) is null or InvalidDataException
            );

    private static void Pair(ProtobufWriter label, string name, string value)
    {
        label.Text(1, name);
        label.Text(2, value);
    }

    private static byte[] Inflated(byte[] block)
    {
        using var body = SnappyBlock.Inflate(block, 1 << 20);
        return body.Bytes.ToArray();
    }

    private static IEnumerable<string> Text(RemoteWriteBatch batch) =>
        batch.Series.Select(one =>
            string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"{one.Labels} {string.Join(' ', one.Samples.Select(sample => FormattableString.Invariant($"{sample.At}:{sample.Value}")))}"
            )
        );
}
