using System.Runtime.CompilerServices;
using System.Text;
using CsCheck;
using Fairlead.Drivers.Formats.Otlp;
using Fairlead.Drivers.Formats.Otlp.Translation;
using Fairlead.Drivers.Formats.Protobuf;
using Fairlead.Model.Telemetry;

namespace Fairlead.Tests.Drivers.Formats.Otlp;

/// <summary>Whatever is sent, it is read or refused; nothing else is thrown and nothing hangs.</summary>
public sealed class OtlpFuzzTests
{
    private static readonly string[] Requests =
    [
        .. Directory
            .EnumerateFiles(Path.Combine(Here(), "Golden"), "*.txt")
            .Order(StringComparer.Ordinal)
            .Select(file => File.ReadAllText(file).Split("\n----")[0]),
    ];

    private static readonly byte[][] Messages =
    [
        .. Requests.Select(json => OtlpJson.ToProtobuf(Encoding.UTF8.GetBytes(json), OtlpShape.Metrics).ToArray()),
    ];

    private static readonly Gen<byte[]> Damaged = Gen.Select(
        Gen.Int[0, Messages.Length - 1].Select(at => Messages[at]),
        Gen.Select(Gen.Double.Unit, Gen.Int[0, 6], Gen.Byte.Array[0, 6]).List[1, 5],
        (message, changes) =>
        {
            var bytes = message.ToList();
            foreach (var (at, cut, put) in changes)
            {
                var start = (int)(at * bytes.Count);
                bytes.RemoveRange(start, Math.Min(cut, bytes.Count - start));
                bytes.InsertRange(start, put);
            }
            return bytes.ToArray();
        }
    );

    private static readonly byte[] Tags =
    [
        0x0a,
        0x12,
        0x1a,
        0x22,
        0x2a,
        0x32,
        0x3a,
        0x42,
        0x4a,
        0x52,
        0x5a,
        0x09,
        0x11,
        0x19,
        0x08,
        0x10,
    ];

    private static readonly string[] Pieces =
    [
        "\"",
        "{",
        "]",
        "null",
        "-1",
        "1e999",
        "\"\\ud800\"",
        "9999999999999999999999",
    ];

    // Few numbers of fields and small lengths, so that much of it is read as messages.
    private static readonly Gen<byte[]> Shaped = Gen.OneOf(
        Gen.Int[0, Tags.Length - 1].Select(at => Tags[at]),
        Gen.Byte[0, 12]
    ).Array[0, 120];

    [Fact]
    public void Damaged_messages_are_read_or_refused() => Damaged.Sample(bytes => ReadAll(bytes), iter: 5_000);

    [Fact]
    public void Random_messages_are_read_or_refused() => Shaped.Sample(bytes => ReadAll(bytes), iter: 20_000);

    [Fact]
    public void Random_bytes_are_read_or_refused() =>
        Gen.Byte.Array[0, 300].Sample(bytes => ReadAll(bytes), iter: 5_000);

    [Fact]
    public void Damaged_JSON_is_read_or_refused() =>
        Gen.Select(
                Gen.Int[0, Requests.Length - 1].Select(at => Requests[at]),
                Gen.Double.Unit,
                Gen.Int[0, 9],
                Gen.OneOf(Gen.String, Gen.Int[0, Pieces.Length - 1].Select(at => Pieces[at]))
            )
            .Sample(
                (json, at, cut, put) =>
                {
                    var start = (int)(at * json.Length);
                    var text = json.Remove(start, Math.Min(cut, json.Length - start)).Insert(start, put);
                    foreach (var shape in new[] { OtlpShape.Metrics, OtlpShape.Traces, OtlpShape.Logs })
                    {
                        Tried(() => ReadAll(OtlpJson.ToProtobuf(Encoding.UTF8.GetBytes(text), shape).ToArray()));
                    }
                },
                iter: 5_000
            );

    [Fact]
    public void A_span_that_is_written_is_read_again() =>
        Gen.Select(Gen.ULong, Gen.ULong[1, ulong.MaxValue], Gen.ULong[1, 1UL << 62], Gen.String, Gen.String)
            .Sample(
                (trace, id, start, name, value) =>
                {
                    var writer = new ProtobufWriter();
                    writer.Message(
                        1,
                        resource =>
                            resource.Message(
                                2,
                                scope =>
                                    scope.Message(
                                        2,
                                        span =>
                                        {
                                            span.Bytes(1, Convert.FromHexString($"{trace:x16}{id:x16}"));
                                            span.Bytes(2, Convert.FromHexString($"{id:x16}"));
                                            span.Text(5, name);
                                            span.Fixed64(7, start);
                                            span.Fixed64(8, start + 1_000);
                                            span.Message(9, pair => OtlpSpanTests.Pair(pair, "key", value));
                                        }
                                    )
                            )
                    );
                    var read = new OtlpSpans(Source.Outside);
                    read.Read(writer.Written);
                    var only = Assert.Single(read.Spans);
                    Assert.Equal(new TraceId(trace, id), only.Trace);
                    Assert.Equal((long)start + 1_000, only.End);
                    Assert.Equal(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(value)), only["key"]);
                },
                iter: 2_000
            );

    private static void ReadAll(byte[] bytes)
    {
        Tried(() => new OtlpSpans(Source.Outside).Read(bytes));
        Tried(() => new OtlpLogs(Source.Outside, 1).Read(bytes));
        Tried(() =>
        {
            var translation = new MetricTranslation(Source.Outside, new DeltaMemory(), DateTimeOffset.UnixEpoch);
            new OtlpMetrics(translation.Take).Read(bytes);
            translation.Finish();
        });
    }

    private static void Tried(Action read)
    {
        try
        {
            read();
        }
        catch (InvalidDataException)
        {
            // Refused, as it ought to be.
        }
    }

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
