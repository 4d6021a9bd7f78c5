namespace Fairlead.Model.Telemetry;

/// <summary>What a query of metrics found.</summary>
/// <param name="Warnings">What may make the answer wrong, in Prometheus' words.</param>
/// <param name="Infos">What its reader should know.</param>
public sealed record QueryAnswer(QueryResult Result, IReadOnlyList<string> Warnings, IReadOnlyList<string> Infos)
{
    /// <summary>Samples that were read for it.</summary>
    public long SamplesRead { get; init; }
}

/// <summary>The answer's own part. Times are milliseconds since 1970, UTC.</summary>
public abstract record QueryResult
{
    private QueryResult() { }

    /// <summary>A number without a series.</summary>
    public sealed record Scalar(long At, double Value) : QueryResult;

    /// <summary>A text.</summary>
    public sealed record Text(long At, string Value) : QueryResult;

    /// <summary>A number for each series at one time, in an order that may mean something.</summary>
    public sealed record Vector(long At, IReadOnlyList<QueryElement> Elements) : QueryResult;

    /// <summary>Numbers over time for each series, in the order of their labels.</summary>
    public sealed record Matrix(IReadOnlyList<QuerySeries> Series) : QueryResult;
}

/// <summary>A series and its number.</summary>
public readonly record struct QueryElement(Labels Labels, double Value);

/// <summary>A series and its numbers, two columns of the same length in the order of their times.</summary>
public sealed record QuerySeries(Labels Labels, ReadOnlyMemory<long> Times, ReadOnlyMemory<double> Values);
