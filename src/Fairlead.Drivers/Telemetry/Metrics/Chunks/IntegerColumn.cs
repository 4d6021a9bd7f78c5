using System.Buffers.Binary;
using System.Numerics;

namespace Fairlead.Drivers.Telemetry.Metrics.Chunks;

/// <summary>
/// Whole numbers as their differences, cut into groups of <see cref="GroupSize"/> that each have their lowest number and the width
/// of what is left above it. Counters that rise by a few each time take a few bits, times at a steady interval none.
/// <c>first, [first difference], (width, lowest, bits...)...</c>; where the width is 0, the number of groups that are the same stands
/// in place of the bits.
/// </summary>
internal static class IntegerColumn
{
    public const int GroupSize = 32;
    public const int OrderMax = 2;
    private const int Slack = 9;

    /// <param name="order">How often differences are taken: 0 to 2.</param>
    /// <param name="scratch">Room for as many numbers as there are values.</param>
    public static void Write(ReadOnlySpan<long> values, int order, Span<long> scratch, ByteColumn into)
    {
        var left = Differences(values, order, scratch);
        for (var index = 0; index < order && index < values.Length; index++)
        {
            into.Zigzag(scratch[index]);
        }
        while (!left.IsEmpty)
        {
            var group = Next(ref left);
            var (lowest, width) = Frame(group);
            into.Byte((byte)width);
            into.Zigzag(lowest);
            if (width == 0)
            {
                into.Byte((byte)Same(ref left, lowest));
            }
            else
            {
                Pack(group, lowest, width, into);
            }
        }
    }

    /// <summary>How many bytes <see cref="Write"/> would take.</summary>
    public static int Size(ReadOnlySpan<long> values, int order, Span<long> scratch)
    {
        var left = Differences(values, order, scratch);
        var size = 0;
        for (var index = 0; index < order && index < values.Length; index++)
        {
            size += VarintSize(scratch[index]);
        }
        while (!left.IsEmpty)
        {
            var group = Next(ref left);
            var (lowest, width) = Frame(group);
            size += 1 + VarintSize(lowest) + (width == 0 ? 1 : PackedSize(group.Length, width));
            if (width == 0)
            {
                Same(ref left, lowest);
            }
        }
        return size;
    }

    /// <summary>Fills <paramref name="values"/>, whose length is how many were written.</summary>
    public static void Read(ref ByteReader from, int order, Span<long> values)
    {
        if (order > OrderMax)
        {
            throw new InvalidDataException($"there is no order {order}");
        }
        var start = Math.Min(order, values.Length);
        for (var index = 0; index < start; index++)
        {
            values[index] = from.Zigzag();
        }
        var left = values[start..];
        while (!left.IsEmpty)
        {
            var group = Next(ref left);
            var width = from.Byte();
            var lowest = from.Zigzag();
            if (width == 0)
            {
                group.Fill(lowest);
                for (var same = from.Byte(); same > 0; same--)
                {
                    Next(ref left).Fill(lowest);
                }
            }
            else
            {
                var rest = from.Rest;
                from.Bytes(width <= 64 ? PackedSize(group.Length, width) : throw Wide(width));
                Unpack(rest, lowest, width, group);
            }
        }
        Sum(values, order);
    }

    private static InvalidDataException Wide(int width) => new($"a number has {width} bits");

    private static Span<long> Next(ref Span<long> left)
    {
        var group = left[..Math.Min(GroupSize, left.Length)];
        left = left[group.Length..];
        return group;
    }

    // Goes behind the groups in which every number is this one.
    private static int Same(ref Span<long> left, long number)
    {
        var count = 0;
        while (!left.IsEmpty && !left[..Math.Min(GroupSize, left.Length)].ContainsAnyExcept(number))
        {
            Next(ref left);
            count++;
        }
        return count;
    }

    private static void Sum(Span<long> values, int order)
    {
        for (var turn = order; turn > 0; turn--)
        {
            for (var index = turn; index < values.Length; index++)
            {
                values[index] += values[index - 1];
            }
        }
    }

    // What stands before the order-th number is kept as it is at its own order, so that sums bring all back.
    private static Span<long> Differences(ReadOnlySpan<long> values, int order, Span<long> scratch)
    {
        var all = scratch[..values.Length];
        values.CopyTo(all);
        for (var turn = 1; turn <= order; turn++)
        {
            for (var index = all.Length - 1; index >= turn; index--)
            {
                all[index] -= all[index - 1];
            }
        }
        return all[Math.Min(order, all.Length)..];
    }

    private static (long Lowest, int Width) Frame(ReadOnlySpan<long> group)
    {
        var (lowest, highest) = (group[0], group[0]);
        foreach (var value in group)
        {
            lowest = Math.Min(lowest, value);
            highest = Math.Max(highest, value);
        }
        return (lowest, 64 - BitOperations.LeadingZeroCount((ulong)(highest - lowest)));
    }

    private static int PackedSize(int count, int width) => ((count * width) + 7) / 8;

    private static int VarintSize(long value)
    {
        var zigzag = ((ulong)value << 1) ^ (ulong)(value >> 63);
        return Math.Max(1, (70 - BitOperations.LeadingZeroCount(zigzag)) / 7);
    }

    private static void Pack(ReadOnlySpan<long> group, long lowest, int width, ByteColumn into)
    {
        var room = into.Room(PackedSize(group.Length, width));
        ulong word = 0;
        var (filled, place) = (0, 0);
        foreach (var value in group)
        {
            var rest = (ulong)(value - lowest);
            word |= rest << filled;
            filled += width;
            if (filled >= 64)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(room[place..], word);
                place += 8;
                filled -= 64;
                // What did not fit; shifting by 64 would shift by nothing.
                word = filled == 0 ? 0 : rest >> (width - filled);
            }
        }
        for (; filled > 0; filled -= 8, word >>= 8)
        {
            room[place++] = (byte)word;
        }
    }

    // Eight bytes are read at any place, and one behind them: near the chunk's end from a copy that has them.
    private static void Unpack(ReadOnlySpan<byte> rest, long lowest, int width, Span<long> group)
    {
        var size = PackedSize(group.Length, width);
        if (rest.Length >= size + Slack)
        {
            UnpackSafely(rest, lowest, width, group);
            return;
        }
        Span<byte> padded = stackalloc byte[(GroupSize * 8) + Slack];
        rest[..size].CopyTo(padded);
        UnpackSafely(padded, lowest, width, group);
    }

    private static void UnpackSafely(ReadOnlySpan<byte> packed, long lowest, int width, Span<long> group)
    {
        var mask = width == 64 ? ulong.MaxValue : (1UL << width) - 1;
        for (int index = 0, bit = 0; index < group.Length; index++, bit += width)
        {
            var place = packed[(bit >> 3)..];
            var offset = bit & 7;
            var word = BinaryPrimitives.ReadUInt64LittleEndian(place) >> offset;
            if (width + offset > 64)
            {
                word |= (ulong)place[8] << (64 - offset);
            }
            group[index] = lowest + (long)(word & mask);
        }
    }
}
