using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Telemetry.Logs;

/// <summary>Where a block is, and what is known of it without reading it.</summary>
internal sealed record BlockPlace(long Offset, BlockHead Head, Stretch Times, Stretch Numbers, int Records)
{
    private const int StreamsMax = 64;

    /// <summary>Whose records are in it; null when there are too many to be remembered.</summary>
    public IReadOnlyList<Labels>? Streams { get; init; }

    public static BlockPlace Of(long offset, BlockHead head, BlockSummary summary) =>
        new(offset, head, summary.Times, summary.Numbers, summary.Records)
        {
            Streams = summary.Streams.Count <= StreamsMax ? summary.Streams : null,
        };
}
