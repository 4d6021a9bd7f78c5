namespace Fairlead.Engine.Judging.PromQl;

/// <summary>How queries are worked out, and what they may cost.</summary>
public sealed record QueryOptions
{
    /// <summary>How old a sample may be and still count as the latest.</summary>
    public long LookbackMilliseconds { get; init; } = 300_000;

    /// <summary>The step of subqueries that say none.</summary>
    public long SubqueryStepMilliseconds { get; init; } = 60_000;

    /// <summary>Samples that a query may hold at once.</summary>
    public long SamplesMax { get; init; } = 50_000_000;

    /// <summary>Points that a range query may give for each series.</summary>
    public int PointsMax { get; init; } = 11_000;

    /// <summary>How long a query may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(2);
}
