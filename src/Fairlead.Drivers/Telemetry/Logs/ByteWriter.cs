using System.Buffers.Binary;
using System.Text;

namespace Fairlead.Drivers.Telemetry.Logs;

/// <summary>Bytes that grow: what the files of logs are put together from.</summary>
internal sealed class ByteWriter(int capacity = 256)
{
    private const int VarintBytesMax = 10;

    private byte[] bytes = new byte[capacity];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => bytes.AsSpan(0, Length);

    public ReadOnlyMemory<byte> Memory => bytes.AsMemory(0, Length);

    public void Clear() => Length = 0;

    public void Byte(byte value)
    {
        Room(1);
        bytes[Length++] = value;
    }

    public void UInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(Next(sizeof(uint)), value);
        Length += sizeof(uint);
    }

    public void Int64(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(Next(sizeof(long)), value);
        Length += sizeof(long);
    }

    public void UInt64(ulong value) => Int64((long)value);

    /// <summary>Seven bits in a byte, the lowest first.</summary>
    public void Varint(ulong value)
    {
        var to = Next(VarintBytesMax);
        var at = 0;
        while (value >= 0x80)
        {
            to[at++] = (byte)(value | 0x80);
            value >>= 7;
        }
        to[at++] = (byte)value;
        Length += at;
    }

    public void Varint(int value) => Varint((ulong)value);

    /// <summary>So that small negative numbers are short too.</summary>
    public void Signed(long value) => Varint((ulong)((value << 1) ^ (value >> 63)));

    public void Raw(ReadOnlySpan<byte> value)
    {
        value.CopyTo(Next(value.Length));
        Length += value.Length;
    }

    /// <summary>Its length in bytes, then the text.</summary>
    public void Text(ReadOnlySpan<char> text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        Varint(length);
        Length += Encoding.UTF8.GetBytes(text, Next(length));
    }

    /// <summary>The text alone.</summary>
    public void Characters(ReadOnlySpan<char> text)
    {
        var to = Next(Encoding.UTF8.GetMaxByteCount(text.Length));
        Length += Encoding.UTF8.GetBytes(text, to);
    }

    private Span<byte> Next(int count)
    {
        Room(count);
        return bytes.AsSpan(Length);
    }

    private void Room(int count)
    {
        if (bytes.Length - Length < count)
        {
            Array.Resize(ref bytes, Math.Max(bytes.Length * 2, Length + count));
        }
    }
}
