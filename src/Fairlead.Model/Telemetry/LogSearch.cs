namespace Fairlead.Model.Telemetry;

/// <summary>Which records are meant: those that fit everything that is set. Times are nanoseconds since 1970, UTC.</summary>
public sealed record LogFilter
{
    /// <summary>Not before this.</summary>
    public long From { get; init; }

    /// <summary>Before this.</summary>
    public long To { get; init; } = long.MaxValue;

    /// <summary>
    /// Words that stand one behind another in the body or in a field's value, in any case: <c>connection refused</c>. A star at an
    /// end lets that word go on: <c>refus*</c>, <c>*fused</c>. Whole words are found fast; a part of a word has to be looked for.
    /// </summary>
    public string? Text { get; init; }

    /// <summary>A regular expression (.NET's, without look-around and back-references) that fits somewhere in the body.</summary>
    public string? Regex { get; init; }

    /// <summary>Fields that it must have with exactly this value.</summary>
    public IReadOnlyList<LogField> Fields { get; init; } = [];

    /// <summary>At least as grave; Unset for all.</summary>
    public Severity Severity { get; init; }

    /// <summary>What labels of its stream must be, such as app, environment, service, release and replica.</summary>
    public IReadOnlyList<Matcher> Stream { get; init; } = [];

    /// <summary>Only of this trace: 32 hexadecimal digits in lower case.</summary>
    public string? TraceId { get; init; }
}

/// <summary>One page of what fits.</summary>
/// <param name="Limit">Records of the page, 1 to <see cref="LimitMax"/>.</param>
/// <param name="Order">By their time; of the same time, as they came in.</param>
/// <param name="Cursor">Where the page before ended; null for the first one.</param>
public sealed record LogSearch(
    LogFilter Filter,
    int Limit,
    LogOrder Order = LogOrder.NewestFirst,
    string? Cursor = null
)
{
    public const int LimitMax = 10_000;
}

/// <summary>Which records of a search come first.</summary>
public enum LogOrder
{
    NewestFirst,
    OldestFirst,
}

/// <summary>Records that were found.</summary>
/// <param name="Cursor">Where the next page begins; null when a search has nothing more. A tail always has one.</param>
public sealed record LogsFound(IReadOnlyList<LogRecord> Records, string? Cursor);

/// <summary>How many there were of a gravity in one step of time.</summary>
/// <param name="At">Where the step begins.</param>
public sealed record LogCount(long At, Severity Severity, long Count);
