using System.Buffers.Binary;

namespace Fairlead.Drivers.Telemetry.Metrics.Chunks;

/// <summary>Bits in a byte array, the highest first, read and written up to 64 at a time.</summary>
internal static class Bits
{
    /// <summary>Bytes that must lie behind the last bit, so that eight can be touched at once.</summary>
    public const int Slack = 8;

    /// <summary>Writes behind <paramref name="at"/>, where all is zero yet, and touches no bit before it: others may be reading those.</summary>
    /// <param name="count">1 to 64; higher bits of the value must be zero.</param>
    public static void Write(byte[] bytes, int at, ulong value, int count)
    {
        var place = bytes.AsSpan(at >> 3);
        var room = 64 - (at & 7);
        var word = BinaryPrimitives.ReadUInt64BigEndian(place);
        if (count <= room)
        {
            BinaryPrimitives.WriteUInt64BigEndian(place, word | (value << (room - count)));
            return;
        }
        BinaryPrimitives.WriteUInt64BigEndian(place, word | (value >> (count - room)));
        place[8] = (byte)(value << (8 - (count - room)));
    }

    /// <param name="count">1 to 64.</param>
    public static ulong Read(ReadOnlySpan<byte> bytes, int at, int count)
    {
        var place = bytes[(at >> 3)..];
        var offset = at & 7;
        var word = BinaryPrimitives.ReadUInt64BigEndian(place) << offset;
        if (count > 64 - offset)
        {
            word |= (ulong)place[8] >> (8 - offset);
        }
        return word >> (64 - count);
    }
}
