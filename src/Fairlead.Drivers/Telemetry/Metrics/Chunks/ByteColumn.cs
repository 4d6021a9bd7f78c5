using System.Buffers.Binary;
using System.Text;

namespace Fairlead.Drivers.Telemetry.Metrics.Chunks;

/// <summary>Bytes that grow at their end; the memory is used again.</summary>
internal sealed class ByteColumn(int capacity = 256)
{
    private byte[] bytes = new byte[capacity];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => bytes.AsSpan(0, Length);

    public ReadOnlyMemory<byte> WrittenMemory => bytes.AsMemory(0, Length);

    /// <summary>For what is written later into bytes that are there already.</summary>
    public Span<byte> At(int place, int count) => bytes.AsSpan(0, Length).Slice(place, count);

    public void Clear() => Length = 0;

    /// <summary>Forgets what stands behind <paramref name="length"/>.</summary>
    public void CutTo(int length) => Length = Math.Min(Length, length);

    public void Byte(byte value) => Room(1)[0] = value;

    public void Bytes(ReadOnlySpan<byte> value) => value.CopyTo(Room(value.Length));

    public void Int32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Room(4), value);

    public void Int64(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Room(8), value);

    public void Varint(ulong value)
    {
        if (bytes.Length - Length < 10)
        {
            Grow(10);
        }
        var place = Length;
        for (; value >= 0x80; value >>= 7)
        {
            bytes[place++] = (byte)(value | 0x80);
        }
        bytes[place++] = (byte)value;
        Length = place;
    }

    public void Zigzag(long value) => Varint(((ulong)value << 1) ^ (ulong)(value >> 63));

    /// <summary>A zigzag number whose lowest bit is free, and is 0.</summary>
    public void Zigzag2(long value) => Varint((((ulong)value << 1) ^ (ulong)(value >> 63)) << 1);

    /// <summary>The length in bytes, then the UTF-8.</summary>
    public void Text(string text)
    {
        var count = Encoding.UTF8.GetByteCount(text);
        Varint((ulong)count);
        Encoding.UTF8.GetBytes(text, Room(count));
    }

    /// <summary>As many bytes more, to be filled by the caller; they hold anything yet.</summary>
    public Span<byte> Room(int count)
    {
        if (bytes.Length - Length < count)
        {
            Grow(count);
        }
        Length += count;
        return bytes.AsSpan(Length - count, count);
    }

    private void Grow(int count) => Array.Resize(ref bytes, Math.Max(bytes.Length * 2, Length + count));
}
