namespace Fairlead.Drivers.Telemetry.Traces;

/// <summary>How long and how much is kept.</summary>
public sealed record TraceLimits
{
    public TimeSpan Age { get; init; } = TimeSpan.FromDays(7);

    public long BytesMax { get; init; } = 1L << 30;

    /// <summary>What is let go at once is one file of this size.</summary>
    public long SegmentBytes { get; init; } = 64L << 20;

    /// <summary>Left to others: traces are let go before the disk is full, because the journal needs it more.</summary>
    public long FreeBytesMin { get; init; } = 128L << 20;

    /// <summary>Traces that one search may unpack.</summary>
    public int LookedAtMax { get; init; } = 2_000;
}
