namespace Fairlead.Engine.Watching.Traces;

/// <summary>Which traces are kept, and what may wait in memory until that is decided.</summary>
public sealed record SamplingPolicy
{
    /// <summary>A trace is decided when nothing of it came for so long: a little more than the pause between two batches of OpenTelemetry's libraries, 5 s.</summary>
    public TimeSpan Quiet { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>It is decided then at the latest; what comes later follows the decision.</summary>
    public TimeSpan WaitMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Slow, while too little is known of a route to say what is usual there.</summary>
    public TimeSpan Slow { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How many ordinary traces a second are wanted; when there are more, one in 2, 4, 8, ... is kept.</summary>
    public double OrdinaryPerSecond { get; init; } = 5;

    /// <summary>How many spans a second may be kept for whatever reason, so that an outage does not fill the disk with the same error.</summary>
    public double KeptSpansPerSecond { get; init; } = 2_000;

    /// <summary>Spans of one trace.</summary>
    public int TraceSpansMax { get; init; } = 10_000;

    /// <summary>Spans that wait for a decision; when there are more, the oldest traces are decided early.</summary>
    public int WaitingSpansMax { get; init; } = 200_000;

    /// <summary>What they may take of memory, in bytes, roughly.</summary>
    public long WaitingBytesMax { get; init; } = 96L << 20;

    /// <summary>Decisions that are remembered for spans that come late.</summary>
    public int RememberedMax { get; init; } = 100_000;

    /// <summary>Routes whose usual durations are learned; further ones share one place.</summary>
    public int RoutesMax { get; init; } = 2_000;
}
