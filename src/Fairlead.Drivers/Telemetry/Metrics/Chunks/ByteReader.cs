using System.Buffers.Binary;

namespace Fairlead.Drivers.Telemetry.Metrics.Chunks;

/// <summary>Reads what <see cref="ByteColumn"/> wrote. Throws <see cref="InvalidDataException"/> where the bytes end too early.</summary>
internal ref struct ByteReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> bytes = bytes;

    public int Position { get; private set; }

    public readonly bool IsAtEnd => Position >= bytes.Length;

    public readonly int Left => bytes.Length - Position;

    public readonly ReadOnlySpan<byte> Rest => bytes[Position..];

    public byte Byte() => Position < bytes.Length ? bytes[Position++] : throw TooShort();

    public uint Int32() => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4));

    public ulong Int64() => BinaryPrimitives.ReadUInt64LittleEndian(Bytes(8));

    public ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            var one = Byte();
            value |= (ulong)(one & 0x7f) << shift;
            if (one < 0x80)
            {
                return value;
            }
        }
        throw new InvalidDataException("a number is longer than 10 bytes");
    }

    public long Zigzag()
    {
        var value = Varint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>A varint that counts what follows.</summary>
    /// <param name="max">More is a sign of damage.</param>
    public int Count(int max)
    {
        var count = Varint();
        return count <= (ulong)max ? (int)count : throw new InvalidDataException($"{count} is more than {max}");
    }

    public ReadOnlySpan<byte> Text() => Bytes(Count(Left));

    public ReadOnlySpan<byte> Bytes(int count)
    {
        if (count < 0 || bytes.Length - Position < count)
        {
            throw TooShort();
        }
        Position += count;
        return bytes.Slice(Position - count, count);
    }

    private readonly InvalidDataException TooShort() => new($"it ends after {bytes.Length} bytes");
}
