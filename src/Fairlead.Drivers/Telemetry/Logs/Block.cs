using System.IO.Hashing;
using System.Runtime.InteropServices;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Telemetry.Logs;

/// <summary>
/// How a block stands in its file: a head of fixed size, a summary (what it holds, enough to count without inflating), the filter of
/// its words, and two frames of Zstandard: columns (times, gravities, streams) and texts. Each has its own hash.
/// </summary>
internal static class Block
{
    public const int HeadBytes = (9 * sizeof(uint)) + (5 * sizeof(ulong));

    private const uint Magic = 0x31424c46; // FLB1
    private const int PartBytesMax = 1 << 30;

    /// <summary>Counts are kept for steps of this length, in nanoseconds.</summary>
    public const long Minute = 60_000_000_000;

    public static void WriteHead(ByteWriter to, BlockHead head)
    {
        var start = to.Length;
        to.UInt32(Magic);
        foreach (var part in new[] { head.Summary, head.Filter, head.Columns.Packed, head.Texts.Packed })
        {
            to.UInt32((uint)part);
        }
        to.UInt32((uint)head.Columns.Plain);
        to.UInt32((uint)head.Texts.Plain);
        to.UInt32(0);
        to.UInt32(0);
        to.Int64(head.Through);
        to.UInt64(head.Hashes.Summary);
        to.UInt64(head.Hashes.Columns);
        to.UInt64(head.Hashes.Texts);
        to.UInt64(XxHash3.HashToUInt64(to.Written[start..]));
    }

    /// <returns>Null when these bytes are no block's head.</returns>
    public static BlockHead? TryReadHead(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeadBytes)
        {
            return null;
        }
        var from = new ByteReader(bytes[..HeadBytes]);
        if (from.UInt32() != Magic)
        {
            return null;
        }
        var (summary, filter) = ((int)from.UInt32(), (int)from.UInt32());
        var (columns, texts) = ((int)from.UInt32(), (int)from.UInt32());
        var (plainColumns, plainTexts) = ((int)from.UInt32(), (int)from.UInt32());
        from.Raw(2 * sizeof(uint));
        var through = from.Int64();
        var hashes = new BlockHashes(from.UInt64(), from.UInt64(), from.UInt64());
        var isWhole = from.UInt64() == XxHash3.HashToUInt64(bytes[..(HeadBytes - sizeof(ulong))]);
        int[] sizes = [summary, filter, columns, texts, plainColumns, plainTexts];
        return isWhole && sizes.All(size => size is >= 0 and <= PartBytesMax)
            ? new(summary, filter, new(columns, plainColumns), new(texts, plainTexts), through, hashes)
            : null;
    }
}

/// <param name="Through">All records up to this number are in this block and those before it; 0 when more blocks are needed for that.</param>
internal sealed record BlockHead(int Summary, int Filter, Frame Columns, Frame Texts, long Through, BlockHashes Hashes)
{
    public long Bytes => Block.HeadBytes + (long)Summary + Filter + Columns.Packed + Texts.Packed;

    public int FilterLines => Filter / WordFilter.LineBytes;
}

/// <summary>How long a frame is in the file, and inflated.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Frame(int Packed, int Plain);

/// <param name="Summary">Of the summary and the filter.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct BlockHashes(ulong Summary, ulong Columns, ulong Texts);

/// <summary>What a block holds.</summary>
/// <param name="Streams">Whose records are in it.</param>
internal sealed record BlockSummary(Stretch Times, Stretch Numbers, int Records, IReadOnlyList<Labels> Streams)
{
    private const int StreamsMax = 1 << 24;

    /// <summary>For each minute, stream and gravity that comes.</summary>
    public IReadOnlyList<MinuteCount> Counts { get; init; } = [];

    public static BlockSummary Of(ReadOnlySpan<Kept> sorted, Numbering<Labels> streams)
    {
        var counts = new Dictionary<(long, int, Severity), int>();
        var numbers = new Stretch(long.MaxValue, long.MinValue);
        foreach (var (number, record) in sorted)
        {
            numbers = new(Math.Min(numbers.First, number), Math.Max(numbers.Last, number));
            var key = (Floor(record.At), streams.Of(record.Stream), record.Severity);
            CollectionsMarshal.GetValueRefOrAddDefault(counts, key, out _)++;
        }
        return new(new(sorted[0].Record.At, sorted[^1].Record.At), numbers, sorted.Length, streams.All)
        {
            Counts =
            [
                .. counts
                    .OrderBy(one => one.Key)
                    .Select(one => new MinuteCount(one.Key.Item1, one.Key.Item2, one.Key.Item3, one.Value)),
            ],
        };
    }

    /// <summary>The minute that a time is in.</summary>
    public static long Floor(long at) => at - (((at % Block.Minute) + Block.Minute) % Block.Minute);

    public void Write(ByteWriter to)
    {
        to.Int64(Times.First);
        to.Int64(Times.Last);
        to.Int64(Numbers.First);
        to.Int64(Numbers.Last);
        to.Varint(Records);
        to.Varint(Streams.Count);
        foreach (var stream in Streams)
        {
            StoredLabels.Write(to, stream);
        }
        to.Varint(Counts.Count);
        long before = 0;
        foreach (var (minute, stream, severity, count) in Counts)
        {
            to.Signed((minute - before) / Block.Minute);
            before = minute;
            to.Varint(stream);
            to.Byte((byte)severity);
            to.Varint(count);
        }
    }

    public static BlockSummary Read(ReadOnlySpan<byte> bytes)
    {
        var from = new ByteReader(bytes);
        var (times, numbers) = (new Stretch(from.Int64(), from.Int64()), new Stretch(from.Int64(), from.Int64()));
        var records = from.Count(int.MaxValue);
        var streams = new Labels[from.Count(Math.Min(StreamsMax, from.Left))];
        for (var i = 0; i < streams.Length; i++)
        {
            streams[i] = StoredLabels.Read(ref from);
        }
        var counts = new MinuteCount[from.Count(from.Left)];
        long minute = 0;
        for (var i = 0; i < counts.Length; i++)
        {
            minute += from.Signed() * Block.Minute;
            counts[i] = new(minute, from.Count(streams.Length - 1), (Severity)from.Byte(), from.Count(records));
        }
        return new(times, numbers, records, streams) { Counts = counts };
    }
}

/// <summary>From the first to the last, both included.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Stretch(long First, long Last);

/// <param name="Stream">Its place among the block's streams.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct MinuteCount(long Minute, int Stream, Severity Severity, int Count);
