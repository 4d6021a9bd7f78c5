using CsCheck;
using Fairlead.Drivers.Telemetry.Metrics.Chunks;
using Fairlead.Model.Telemetry;

namespace Fairlead.Tests.Drivers.Telemetry.Metrics;

public sealed class ChunkTests
{
    private const long Start = 1_790_000_000_000;

    private static readonly double[] Odd =
    [
        double.NaN,
        Sample.Stale,
        double.PositiveInfinity,
        double.NegativeInfinity,
        -0d,
        0d,
        double.Epsilon,
        double.MaxValue,
        0.1 + 0.2,
        1e22,
        9_007_199_254_740_993d,
    ];

    private static readonly Gen<double> AnyDouble = Gen.OneOf(
        Gen.Long.Select(BitConverter.Int64BitsToDouble),
        Gen.Int[0, Odd.Length - 1].Select(place => Odd[place]),
        Gen.Int[-1_000_000, 1_000_000].Select(number => (double)number),
        Gen.Int[-1_000_000, 1_000_000].Select(number => number / 1000d)
    );

    private static readonly Gen<long[]> AnySteps = Gen.OneOf(
        Gen.Const(15_000L).Array[0, 255],
        Gen.Long[14_990, 15_010].Array[0, 255],
        Gen.Long[1, 1L << 50].Array[0, 40]
    );

    private static readonly Gen<double[]> AnyValues = Gen.OneOf(
        AnyDouble.Array[256],
        Gen.Int[0, 500].Array[256].Select(Sums),
        AnyDouble.Select(value => Enumerable.Repeat(value, 256).ToArray()),
        Gen.Select(
            Gen.Int[0, 50].Array[256],
            AnyDouble,
            Gen.Int[0, 255],
            (steps, odd, place) => WithOne(steps, odd, place)
        )
    );

    [Fact]
    public void A_sealed_chunk_gives_back_every_bit() =>
        Gen.Select(AnySteps, AnyValues)
            .Sample(
                (steps, values) =>
                {
                    var times = Times(steps);
                    var chunk = Sealed(times, values.AsSpan(0, times.Length));
                    var codec = new ChunkCodec();
                    var (readTimes, readValues) = (new long[256], new double[256]);
                    var count = codec.Read(chunk, readTimes, readValues);
                    return ChunkCodec.IsUndamaged(chunk)
                        && times.AsSpan().SequenceEqual(readTimes.AsSpan(0, count))
                        && Bits(values.AsSpan(0, times.Length)).SequenceEqual(Bits(readValues.AsSpan(0, count)));
                }
            );

    [Fact]
    public void An_open_chunk_gives_back_every_bit_after_every_sample() =>
        Gen.Select(AnySteps, AnyValues)
            .Sample(
                (steps, values) =>
                {
                    var times = Times(steps);
                    var chunk = new OpenChunk(times[0], values[0]);
                    for (var index = 1; index < times.Length; index++)
                    {
                        chunk.Append(times[index], values[index]);
                    }
                    var (readTimes, readValues) = (new long[256], new double[256]);
                    var count = chunk.Read(readTimes, readValues);
                    return times.AsSpan().SequenceEqual(readTimes.AsSpan(0, count))
                        && Bits(values.AsSpan(0, times.Length)).SequenceEqual(Bits(readValues.AsSpan(0, count)));
                }
            );

    [Fact]
    public void A_changed_byte_is_noticed()
    {
        var chunk = Sealed([Start, Start + 15_000], [1, 2]);
        for (var place = 0; place < chunk.Length; place++)
        {
            var damaged = chunk.ToArray();
            damaged[place] ^= 0x10;
            Assert.False(ChunkCodec.IsUndamaged(damaged));
        }
    }

    [Fact]
    public void Bytes_that_are_no_chunk_are_refused_not_obeyed() =>
        Gen
            .Byte.Array[4, 200]
            .Sample(bytes =>
            {
                var (times, values) = (new long[256], new double[256]);
                return Record.Exception(() => new ChunkCodec().Read(bytes, times, values))
                    is null
                        or InvalidDataException;
            });

    [Fact]
    public void A_reader_sees_whole_samples_while_another_thread_appends()
    {
        for (var round = 0; round < 200; round++)
        {
            var chunk = new OpenChunk(Start, 0);
            var writer = new Thread(() =>
            {
                for (var index = 1; index < ChunkCodec.SamplesMax; index++)
                {
                    chunk.Append(Start + (index * 15_000) + (index % 7), Math.Sqrt(index));
                }
            });
            var (times, values) = (new long[256], new double[256]);
            writer.Start();
            int count;
            do
            {
                count = chunk.Read(times, values);
                for (var index = 0; index < count; index++)
                {
                    Assert.Equal(
                        (Start + (index * 15_000) + (index % 7), Math.Sqrt(index)),
                        (times[index], values[index])
                    );
                }
            } while (count < ChunkCodec.SamplesMax);
            writer.Join();
        }
    }

    [Theory]
    [InlineData("a steady counter", 16, 30)]
    [InlineData("a gauge that stays", 16, 30)]
    [InlineData("a counter of requests", 16, 300)]
    [InlineData("seconds with three decimals", 16, 450)]
    public void What_counters_and_gauges_make_takes_few_bytes(string kind, int least, int most)
    {
        var random = new Random(1);
        var (times, values) = (new long[240], new double[240]);
        long sum = 0;
        for (var index = 0; index < times.Length; index++)
        {
            times[index] = Start + (index * 15_000);
            sum += random.Next(0, 200);
            values[index] = kind switch
            {
                "a steady counter" => index * 15,
                "a gauge that stays" => 0.75,
                "a counter of requests" => sum,
                _ => sum * 7 / 1000d,
            };
        }
        Assert.InRange(Sealed(times, values).Length, least, most);
    }

    private static byte[] Sealed(ReadOnlySpan<long> times, ReadOnlySpan<double> values)
    {
        var bytes = new ByteColumn();
        new ChunkCodec().Write(times, values, bytes);
        return bytes.Written.ToArray();
    }

    private static long[] Times(long[] steps)
    {
        var times = new long[steps.Length + 1];
        times[0] = Start;
        for (var index = 0; index < steps.Length; index++)
        {
            times[index + 1] = times[index] + steps[index];
        }
        return times;
    }

    private static double[] Sums(int[] steps)
    {
        long sum = 0;
        return [.. steps.Select(step => (double)(sum += step))];
    }

    private static double[] WithOne(int[] steps, double odd, int place)
    {
        var sums = Sums(steps);
        sums[place] = odd;
        return sums;
    }

    private static long[] Bits(ReadOnlySpan<double> values)
    {
        var bits = new long[values.Length];
        for (var index = 0; index < values.Length; index++)
        {
            bits[index] = BitConverter.DoubleToInt64Bits(values[index]);
        }
        return bits;
    }
}
