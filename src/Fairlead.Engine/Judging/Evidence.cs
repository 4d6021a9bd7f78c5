using System.Text.Json.Serialization;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Judging;

/// <summary>All that a judge knows: what both sides did at the same time, block by block. A verdict is a pure function of it.</summary>
/// <param name="Canary">The part being tried.</param>
/// <param name="Baseline">The part it is compared with.</param>
/// <param name="Began">When the part being tried began to take traffic.</param>
/// <param name="Blocks">In the order of time.</param>
public sealed record Evidence(Part Canary, Part Baseline, DateTimeOffset Began, IReadOnlyList<Block> Blocks)
{
    /// <summary>The end of the last block, or when it began.</summary>
    [JsonIgnore]
    public DateTimeOffset Until => Blocks is [.., var last] ? last.Ended : Began;
}

/// <summary>What both sides did within the same time.</summary>
public sealed record Block(DateTimeOffset Began, DateTimeOffset Ended, Tally Canary, Tally Baseline);

/// <summary>What one side did.</summary>
/// <param name="Requests">Those that ended.</param>
/// <param name="Failed">Answered with 500 or more, or not at all.</param>
/// <param name="Incidents">Failed ones, of which several with the same client and cause within a moment count once, whichever side met them first.</param>
public sealed record Tally(long Requests, long Failed, long Incidents, Latencies Latency)
{
    public static readonly Tally None = new(0, 0, 0, Latencies.None);
}
