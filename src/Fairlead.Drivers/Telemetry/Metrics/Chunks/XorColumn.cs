using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Fairlead.Drivers.Telemetry.Metrics.Chunks;

/// <summary>
/// Numbers as the bits in which each differs from the one before (Pelkonen et al., "Gorilla", VLDB 2015, section 4.1.2), every bit
/// kept, also those of a NaN. <c>0</c>: the same. <c>10</c>: differs within the bits of last time.
/// <c>11 leading:5 length:6</c>: differs within these.
/// </summary>
internal static class XorColumn
{
    // More would not fit into five bits.
    private const int LeadingMax = 31;
    private const int BitsMax = 2 + 5 + 6 + 64;

    public static void Write(ReadOnlySpan<double> values, ByteColumn into)
    {
        into.Int64(BitConverter.DoubleToUInt64Bits(values[0]));
        var bits = ArrayPool<byte>.Shared.Rent((values.Length * BitsMax / 8) + Bits.Slack + 2);
        Array.Clear(bits);
        var (at, window) = (0, Window.None);
        for (var index = 1; index < values.Length; index++)
        {
            var (before, now) = (values[index - 1], values[index]);
            at = Append(
                bits,
                at,
                BitConverter.DoubleToUInt64Bits(before) ^ BitConverter.DoubleToUInt64Bits(now),
                ref window
            );
        }
        into.Bytes(bits.AsSpan(0, (at + 7) / 8));
        ArrayPool<byte>.Shared.Return(bits);
    }

    public static void Read(ref ByteReader from, Span<double> values)
    {
        values[0] = BitConverter.UInt64BitsToDouble(from.Int64());
        var packed = from.Bytes(from.Left);
        var padded = ArrayPool<byte>.Shared.Rent(packed.Length + Bits.Slack + 2);
        try
        {
            packed.CopyTo(padded);
            padded.AsSpan(packed.Length, Bits.Slack + 2).Clear();
            var bits = padded.AsSpan(0, packed.Length + Bits.Slack + 2);
            var (at, window) = (0, Window.None);
            var value = BitConverter.DoubleToUInt64Bits(values[0]);
            for (var index = 1; index < values.Length; index++)
            {
                if (at >= packed.Length * 8)
                {
                    throw new InvalidDataException("values are missing");
                }
                value ^= Next(bits, ref at, ref window);
                values[index] = BitConverter.UInt64BitsToDouble(value);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(padded);
        }
    }

    /// <summary>Writes one difference.</summary>
    /// <returns>Where the next one goes.</returns>
    public static int Append(byte[] bits, int at, ulong difference, ref Window window)
    {
        if (difference == 0)
        {
            return at + 1;
        }
        var leading = Math.Min(BitOperations.LeadingZeroCount(difference), LeadingMax);
        var trailing = BitOperations.TrailingZeroCount(difference);
        if (window.Length > 0 && leading >= window.Leading && trailing >= window.Trailing)
        {
            Bits.Write(bits, at, 0b10, 2);
            Bits.Write(bits, at + 2, difference >> window.Trailing, window.Length);
            return at + 2 + window.Length;
        }
        window = new((byte)leading, (byte)(64 - leading - trailing));
        // A length of 64 is written as 0: there is none of 0.
        Bits.Write(bits, at, (0b11UL << 11) | ((ulong)leading << 6) | ((ulong)window.Length & 63), 13);
        Bits.Write(bits, at + 13, difference >> trailing, window.Length);
        return at + 13 + window.Length;
    }

    /// <summary>Reads one difference and goes behind it.</summary>
    public static ulong Next(ReadOnlySpan<byte> bits, ref int at, ref Window window)
    {
        var head = Bits.Read(bits, at, 13);
        if (head < 1 << 12)
        {
            at++;
            return 0;
        }
        if (head < 0b11 << 11)
        {
            at += 2;
        }
        else
        {
            var (leading, length) = ((int)(head >> 6) & 31, (int)head & 63);
            window = new((byte)leading, (byte)(length == 0 ? 64 : length));
            at += 13;
        }
        if (window.Length == 0 || window.Leading + window.Length > 64 || at + window.Length > bits.Length * 8)
        {
            throw new InvalidDataException("a value lies outside its bits");
        }
        var difference = Bits.Read(bits, at, window.Length) << window.Trailing;
        at += window.Length;
        return difference;
    }

    /// <summary>Which bits may differ.</summary>
    [StructLayout(LayoutKind.Auto)]
    public readonly record struct Window(byte Leading, byte Length)
    {
        public static readonly Window None;

        public int Trailing => 64 - Leading - Length;
    }
}
