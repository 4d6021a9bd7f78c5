using System.IO.Hashing;
using Fairlead.Drivers.Telemetry.Metrics.Chunks;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Telemetry.Metrics.Blocks;

/// <summary>
/// A block's file. It is written once and never changed; numbers are little-endian; offsets in the index count from its own start.
/// <code>
/// "FLBLOCK1"
/// chunk...                                        each ends in its own checksum
/// index:
///   symbols   (count + 1) x offset:4, UTF-8...    all names and values, in ordinal order; a text is known by its rank
///   details   labels, (name, value)..., chunks, place of the first, (from, length of time, bytes)...
///   series    count x (hash:16, details:4)        in the order of their labels
///   byHash    count x ordinal:4
///   names     count x (name:4, first value:4, values:4)
///   values    count x (value:4, postings:4, series:4)
///   postings  ordinals, each as its distance from the one before
/// footer:     see <see cref="BlockFooter"/>
/// footer's length:4, checksum of index and footer:8, "FLBLKEND"
/// </code>
/// </summary>
internal static class BlockFormat
{
    public const int SeriesSize = 20;
    public const int NameSize = 12;
    public const int ValueSize = 12;
    public const int TailSize = 4 + 8 + 8;

    public static ReadOnlySpan<byte> Magic => "FLBLOCK1"u8;

    public static ReadOnlySpan<byte> End => "FLBLKEND"u8;

    /// <summary>What a series is known by in every block: 128 bits of its labels.</summary>
    public static UInt128 Hash(Labels labels, ByteColumn scratch)
    {
        scratch.Clear();
        for (var index = 0; index < labels.Count; index++)
        {
            scratch.Text(labels[index].Name);
            scratch.Text(labels[index].Value);
        }
        return XxHash128.HashToUInt128(scratch.Written);
    }
}

/// <summary>What a block holds and where.</summary>
internal sealed record BlockFooter
{
    /// <summary>Rising with every block of a store.</summary>
    public required long Number { get; init; }

    public required BlockKind Kind { get; init; }

    /// <summary>The time of the first sample.</summary>
    public required long From { get; init; }

    /// <summary>The time of the last sample.</summary>
    public required long To { get; init; }

    public required long Samples { get; init; }

    /// <summary>The numbers of the blocks of which this one was made: they are superfluous where this one is.</summary>
    public required IReadOnlyList<long> Parents { get; init; }

    public required int Symbols { get; init; }

    public required int Series { get; init; }

    public required int Names { get; init; }

    public required int Values { get; init; }

    /// <summary>Where the index begins in the file, then where its parts begin in it, the first at 0, and its length.</summary>
    public required long[] Parts { get; init; }

    public const int PartsCount = 9;

    public void Write(ByteColumn into)
    {
        into.Varint((ulong)Number);
        into.Byte((byte)Kind);
        into.Zigzag(From);
        into.Zigzag(To);
        into.Varint((ulong)Samples);
        into.Varint((ulong)Parents.Count);
        foreach (var parent in Parents)
        {
            into.Varint((ulong)parent);
        }
        foreach (var count in (ReadOnlySpan<int>)[Symbols, Series, Names, Values])
        {
            into.Varint((ulong)count);
        }
        foreach (var part in Parts)
        {
            into.Varint((ulong)part);
        }
    }

    public static BlockFooter Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new ByteReader(bytes);
        var (number, kind, from, to) = (
            (long)reader.Varint(),
            (BlockKind)reader.Byte(),
            reader.Zigzag(),
            reader.Zigzag()
        );
        var samples = (long)reader.Varint();
        var parents = new long[reader.Count(1 << 20)];
        for (var index = 0; index < parents.Length; index++)
        {
            parents[index] = (long)reader.Varint();
        }
        var counts = new int[4];
        for (var index = 0; index < counts.Length; index++)
        {
            counts[index] = reader.Count(int.MaxValue);
        }
        var parts = new long[PartsCount];
        for (var index = 0; index < parts.Length; index++)
        {
            parts[index] = (long)reader.Varint();
        }
        return new()
        {
            Number = number,
            Kind = kind,
            From = from,
            To = to,
            Samples = samples,
            Parents = parents,
            Symbols = counts[0],
            Series = counts[1],
            Names = counts[2],
            Values = counts[3],
            Parts = parts,
        };
    }
}

/// <summary>What a block is for.</summary>
internal enum BlockKind : byte
{
    /// <summary>Every sample.</summary>
    Raw = 0,

    /// <summary>The samples that matter of every five minutes.</summary>
    Rollup = 1,
}
