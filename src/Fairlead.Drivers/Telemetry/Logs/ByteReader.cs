using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Fairlead.Drivers.Telemetry.Logs;

/// <summary>Reads what <see cref="ByteWriter"/> wrote, and trusts none of it: whatever does not fit is <see cref="InvalidDataException"/>.</summary>
[StructLayout(LayoutKind.Auto)]
internal ref struct ByteReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> rest = bytes;

    public readonly bool IsAtEnd => rest.IsEmpty;

    public readonly int Left => rest.Length;

    public byte Byte()
    {
        Need(1);
        var value = rest[0];
        rest = rest[1..];
        return value;
    }

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Raw(sizeof(uint)));

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Raw(sizeof(long)));

    public ulong UInt64() => (ulong)Int64();

    public ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Byte();
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
        throw new InvalidDataException("A number has no end.");
    }

    /// <param name="max">The largest that makes sense here; so that no damage asks for more memory than there is.</param>
    public int Count(int max)
    {
        var value = Varint();
        return value <= (ulong)max
            ? (int)value
            : throw new InvalidDataException($"A count is {value}, but no more than {max} can follow.");
    }

    public long Signed()
    {
        var value = Varint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public ReadOnlySpan<byte> Raw(int count)
    {
        Need(count);
        var taken = rest[..count];
        rest = rest[count..];
        return taken;
    }

    public string Text() => Encoding.UTF8.GetString(Raw(Count(rest.Length)));

    private readonly void Need(int count)
    {
        if (rest.Length < count)
        {
            throw new InvalidDataException($"{count} bytes should follow, but there are {rest.Length}.");
        }
    }
}
