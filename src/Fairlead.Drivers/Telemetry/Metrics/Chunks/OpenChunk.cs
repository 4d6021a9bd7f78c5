using Fairlead.Drivers.Telemetry.Metrics.Selecting;

namespace Fairlead.Drivers.Telemetry.Metrics.Chunks;

/// <summary>
/// A chunk that still grows: samples as a stream of bits. One thread appends, any number read at the same time without a lock:
/// what is written is never changed, and counted only when it is complete.
/// </summary>
internal sealed class OpenChunk(long firstTime, double firstValue) : IChunkHolder
{
    private const int SampleBitsMax = 4 + 64 + 13 + 64;
    private const int FirstCapacity = 24;

    // Most series that are seen once are seen once only: the first sample needs no bits.
    private byte[] bits = [];
    private int count = 1;
    private int end;
    private long interval;
    private XorColumn.Window window;

    public long FirstTime { get; } = firstTime;

    public long LastTime { get; private set; } = firstTime;

    public double FirstValue { get; } = firstValue;

    public double LastValue { get; private set; } = firstValue;

    public int Count => Volatile.Read(ref count);

    public ChunkRef Reference => new(FirstTime, LastTime, this);

    /// <param name="at">After <see cref="LastTime"/>.</param>
    public void Append(long at, double value)
    {
        if ((end + SampleBitsMax) / 8 + Bits.Slack + 1 > bits.Length)
        {
            Grow();
        }
        var difference = BitConverter.DoubleToUInt64Bits(LastValue) ^ BitConverter.DoubleToUInt64Bits(value);
        var now = at - LastTime;
        end = XorColumn.Append(bits, AppendTime(end, now - interval), difference, ref window);
        (interval, LastTime, LastValue) = (now, at, value);
        Volatile.Write(ref count, count + 1);
    }

    /// <summary>Fills both columns with what is there now; they must hold <see cref="ChunkCodec.SamplesMax"/>.</summary>
    /// <returns>How many samples there are.</returns>
    public int Read(Span<long> times, Span<double> values)
    {
        var known = Volatile.Read(ref count);
        // Read after the count: whoever grows it copies all that was counted before.
        ReadOnlySpan<byte> written = Volatile.Read(ref bits);
        var (at, before, time, value) = (0, 0L, FirstTime, BitConverter.DoubleToUInt64Bits(FirstValue));
        var seen = XorColumn.Window.None;
        (times[0], values[0]) = (FirstTime, FirstValue);
        for (var index = 1; index < known; index++)
        {
            before += NextTime(written, ref at);
            time += before;
            value ^= XorColumn.Next(written, ref at, ref seen);
            (times[index], values[index]) = (time, BitConverter.UInt64BitsToDouble(value));
        }
        return known;
    }

    int IChunkHolder.Read(in ChunkRef chunk, ChunkCodec codec, Span<long> times, Span<double> values) =>
        Read(times, values);

    // 0: as expected. 10, 110, 1110: off by what fits into 8, 16, 32 bits. 1111: 64 bits.
    private int AppendTime(int at, long off)
    {
        switch (off)
        {
            case 0:
                return at + 1;
            case >= sbyte.MinValue and <= sbyte.MaxValue:
                Bits.Write(bits, at, (0b10UL << 8) | (byte)off, 10);
                return at + 10;
            case >= short.MinValue and <= short.MaxValue:
                Bits.Write(bits, at, (0b110UL << 16) | (ushort)off, 19);
                return at + 19;
            case >= int.MinValue and <= int.MaxValue:
                Bits.Write(bits, at, (0b1110UL << 32) | (uint)off, 36);
                return at + 36;
            default:
                Bits.Write(bits, at, 0b1111, 4);
                Bits.Write(bits, at + 4, (ulong)off, 64);
                return at + 68;
        }
    }

    private static long NextTime(ReadOnlySpan<byte> bits, ref int at)
    {
        var place = at;
        switch (Bits.Read(bits, place, 4))
        {
            case < 0b1000:
                at = place + 1;
                return 0;
            case < 0b1100:
                at = place + 10;
                return (sbyte)Bits.Read(bits, place + 2, 8);
            case < 0b1110:
                at = place + 19;
                return (short)Bits.Read(bits, place + 3, 16);
            case 0b1110:
                at = place + 36;
                return (int)Bits.Read(bits, place + 4, 32);
            default:
                at = place + 68;
                return (long)Bits.Read(bits, place + 4, 64);
        }
    }

    private void Grow()
    {
        var larger = new byte[Math.Max(FirstCapacity + SampleBitsMax / 8, bits.Length * 2)];
        bits.CopyTo(larger, 0);
        Volatile.Write(ref bits, larger);
    }
}
