using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Fairlead.Drivers.Formats.Protobuf;

/// <summary>Writes a protobuf message, field by field. As in proto3 a number that is zero and a text that is empty may be left out: the caller decides.</summary>
public sealed class ProtobufWriter
{
    private readonly ArrayBufferWriter<byte> bytes = new();

    public ReadOnlySpan<byte> Written => bytes.WrittenSpan;

    public ReadOnlyMemory<byte> WrittenMemory => bytes.WrittenMemory;

    public void Clear() => bytes.ResetWrittenCount();

    /// <summary>An int32, int64, uint32, uint64, bool or enum.</summary>
    public void Varint(int field, ulong value)
    {
        Tag(field, WireKind.Varint);
        RawVarint(value);
    }

    public void Real(int field, double value) => Fixed64(field, BitConverter.DoubleToUInt64Bits(value));

    public void Fixed64(int field, ulong value)
    {
        Tag(field, WireKind.Fixed64);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.GetSpan(8), value);
        bytes.Advance(8);
    }

    public void Text(int field, string text)
    {
        Tag(field, WireKind.Bytes);
        RawVarint((ulong)Encoding.UTF8.GetByteCount(text));
        bytes.Advance(Encoding.UTF8.GetBytes(text, bytes.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length))));
    }

    /// <summary>Bytes, or a message that was written before.</summary>
    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, WireKind.Bytes);
        RawVarint((ulong)value.Length);
        bytes.Write(value);
    }

    /// <summary>A message within this one, written by <paramref name="write"/>.</summary>
    public void Message(int field, Action<ProtobufWriter> write)
    {
        var inner = new ProtobufWriter();
        write(inner);
        Bytes(field, inner.Written);
    }

    private void Tag(int field, WireKind kind) => RawVarint(((ulong)field << 3) | (ulong)kind);

    private void RawVarint(ulong value)
    {
        var span = bytes.GetSpan(10);
        var length = 0;
        for (; value >= 0x80; value >>= 7)
        {
            span[length++] = (byte)(value | 0x80);
        }
        span[length++] = (byte)value;
        bytes.Advance(length);
    }
}
