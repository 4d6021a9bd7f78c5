using System.IO.Hashing;

namespace Fairlead.Drivers.Telemetry.Metrics.Chunks;

/// <summary>
/// Turns up to <see cref="SamplesMax"/> samples of a series into few bytes and back, bit for bit. Times and values are columns; for
/// each the smallest form is chosen. <c>form, count, times, values, checksum</c>
/// </summary>
internal sealed class ChunkCodec
{
    /// <summary>At 15 s, a little more than an hour.</summary>
    public const int SamplesMax = 256;

    /// <summary>Bytes at a chunk's end that say whether the rest is undamaged.</summary>
    public const int ChecksumSize = 4;

    // The form is one byte: order of the times (2 bits), values (2), order of the values (2).
    private const int Same = 0;
    private const int Xor = 1;
    private const int Decimals = 2;

    // An integer form this small is not beaten by differing bits.
    private const int SmallBytesPerSample = 2;
    private const int ExceptionSize = 10;

    private readonly long[] integers = new long[SamplesMax];
    private readonly long[] scratch = new long[SamplesMax];
    private readonly List<int> exceptions = [];
    private readonly ByteColumn xored = new();

    /// <summary>Adds the chunk's bytes behind those that are there.</summary>
    /// <param name="times">1 to <see cref="SamplesMax"/>, rising.</param>
    public void Write(ReadOnlySpan<long> times, ReadOnlySpan<double> values, ByteColumn into)
    {
        var start = into.Length;
        into.Byte(0);
        into.Varint((ulong)times.Length);
        var timeOrder = SmallestOrder(times, from: 1).Order;
        IntegerColumn.Write(times, timeOrder, scratch, into);
        var (form, order) = WriteValues(values, into);
        into.At(start, 1)[0] = (byte)(timeOrder | (form << 2) | (order << 4));
        into.Int32(Checksum(into.Written[start..]));
    }

    /// <summary>Fills both columns from a chunk that <see cref="IsUndamaged"/>.</summary>
    /// <returns>How many samples there are.</returns>
    /// <exception cref="InvalidDataException">It is no chunk.</exception>
    public int Read(ReadOnlySpan<byte> chunk, Span<long> times, Span<double> values)
    {
        var reader = new ByteReader(chunk[..^ChecksumSize]);
        var form = reader.Byte();
        var count = reader.Count(SamplesMax);
        if (count == 0)
        {
            throw new InvalidDataException("it holds no sample");
        }
        IntegerColumn.Read(ref reader, form & 3, times[..count]);
        ReadValues(ref reader, (form >> 2) & 3, form >> 4, values[..count]);
        return count;
    }

    /// <summary>How many samples a chunk says it has.</summary>
    public static int CountOf(ReadOnlySpan<byte> chunk)
    {
        var reader = new ByteReader(chunk);
        reader.Byte();
        return reader.Count(SamplesMax);
    }

    public static bool IsUndamaged(ReadOnlySpan<byte> chunk) =>
        chunk.Length > ChecksumSize
        && new ByteReader(chunk[^ChecksumSize..]).Int32() == Checksum(chunk[..^ChecksumSize]);

    private (int Form, int Order) WriteValues(ReadOnlySpan<double> values, ByteColumn into)
    {
        if (AreSame(values))
        {
            into.Int64(BitConverter.DoubleToUInt64Bits(values[0]));
            return (Same, 0);
        }
        var decimals = DecimalColumn.TryDecimals(values, integers, exceptions);
        var (order, size) = decimals is null ? (0, int.MaxValue) : SmallestOrder(integers.AsSpan(0, values.Length), 0);
        if (decimals is null || size + (exceptions.Count * ExceptionSize) > values.Length * SmallBytesPerSample)
        {
            xored.Clear();
            XorColumn.Write(values, xored);
            if (decimals is null || xored.Length < size + (exceptions.Count * ExceptionSize))
            {
                into.Bytes(xored.Written);
                return (Xor, 0);
            }
        }
        into.Byte((byte)decimals);
        into.Varint((ulong)exceptions.Count);
        foreach (var place in exceptions)
        {
            into.Varint((ulong)place);
            into.Int64(BitConverter.DoubleToUInt64Bits(values[place]));
        }
        IntegerColumn.Write(integers.AsSpan(0, values.Length), order, scratch, into);
        return (Decimals, order);
    }

    private void ReadValues(ref ByteReader from, int form, int order, Span<double> values)
    {
        switch (form)
        {
            case Same:
                values.Fill(BitConverter.UInt64BitsToDouble(from.Int64()));
                break;
            case Xor:
                XorColumn.Read(ref from, values);
                break;
            case Decimals:
                ReadDecimals(ref from, order, values);
                break;
            default:
                throw new InvalidDataException($"there is no form {form}");
        }
    }

    private void ReadDecimals(ref ByteReader from, int order, Span<double> values)
    {
        int decimals = from.Byte();
        if (decimals > DecimalColumn.DecimalsMax)
        {
            throw new InvalidDataException($"{decimals} decimals are too many");
        }
        // They stand before the integers but overwrite what those say.
        var after = from;
        var kept = after.Count(values.Length);
        for (var number = 0; number < kept; number++)
        {
            after.Varint();
            after.Int64();
        }
        var found = integers.AsSpan(0, values.Length);
        IntegerColumn.Read(ref after, order, found);
        for (var index = 0; index < found.Length; index++)
        {
            values[index] = decimals == 0 ? found[index] : DecimalColumn.Value(found[index], decimals);
        }
        from.Varint();
        for (var number = 0; number < kept; number++)
        {
            var place = from.Count(values.Length - 1);
            values[place] = BitConverter.UInt64BitsToDouble(from.Int64());
        }
    }

    private (int Order, int Size) SmallestOrder(ReadOnlySpan<long> numbers, int from)
    {
        var best = (Order: from, Size: IntegerColumn.Size(numbers, from, scratch));
        for (var order = from + 1; order <= IntegerColumn.OrderMax; order++)
        {
            var size = IntegerColumn.Size(numbers, order, scratch);
            best = size < best.Size ? (order, size) : best;
        }
        return best;
    }

    private static bool AreSame(ReadOnlySpan<double> values)
    {
        var bits = BitConverter.DoubleToInt64Bits(values[0]);
        foreach (var value in values)
        {
            if (BitConverter.DoubleToInt64Bits(value) != bits)
            {
                return false;
            }
        }
        return true;
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes) => (uint)XxHash3.HashToUInt64(bytes);
}
