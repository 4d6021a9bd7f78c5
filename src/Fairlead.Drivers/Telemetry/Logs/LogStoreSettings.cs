namespace Fairlead.Drivers.Telemetry.Logs;

/// <summary>How much a store of logs keeps.</summary>
public sealed record LogStoreSettings
{
    /// <summary>Records are kept for at least this long, unless there are too many.</summary>
    public TimeSpan Age { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Bytes on disk; the oldest records go first.</summary>
    public long BytesMax { get; init; } = 10L << 30;

    /// <summary>
    /// Bytes that stay free on the disk, so that the journal can always be written; a twentieth of the disk where that is less.
    /// </summary>
    public long FreeBytesMin { get; init; } = 1L << 30;

    /// <summary>Characters that are collected in memory (and in the write-ahead log) before they are made into blocks.</summary>
    internal int HeadCharsMax { get; init; } = 4 << 20;

    /// <summary>Records that are collected before they are made into blocks.</summary>
    internal int HeadRecordsMax { get; init; } = 64 << 10;

    /// <summary>Characters of a block: what is inflated to read one record.</summary>
    internal int BlockCharsMax { get; init; } = 1 << 20;

    /// <summary>Bytes after which a new segment begins; a segment is what is let go at once.</summary>
    internal long SegmentBytesMax { get; init; } = 64 << 20;
}
