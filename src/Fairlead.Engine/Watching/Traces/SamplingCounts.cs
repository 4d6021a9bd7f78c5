namespace Fairlead.Engine.Watching.Traces;

/// <summary>What became of spans since the server started. None vanishes without being counted.</summary>
public sealed record SamplingCounts
{
    /// <summary>All that came in.</summary>
    public long Seen { get; init; }

    /// <summary>Given to the store.</summary>
    public long Kept { get; init; }

    /// <summary>Of ordinary traces that were not the one in N.</summary>
    public long SampledOut { get; init; }

    /// <summary>Of traces that were worth keeping, but there were too many at once.</summary>
    public long OverBudget { get; init; }

    /// <summary>Beyond what one trace may have.</summary>
    public long TooLong { get; init; }

    /// <summary>Lost because the store could not keep them, or not fast enough.</summary>
    public long StoreFailed { get; init; }

    /// <summary>Came after their trace was decided, and followed the decision; they are in one of the other counts too.</summary>
    public long Late { get; init; }

    /// <summary>Traces that were decided early because too much waited in memory.</summary>
    public long DecidedEarly { get; init; }

    /// <summary>One in how many ordinary traces is kept now.</summary>
    public int OneIn { get; init; } = 1;

    /// <summary>Spans that wait for a decision now.</summary>
    public int Waiting { get; init; }
}
