using Fairlead.Model.Telemetry;

namespace Fairlead.Model.Ports;

/// <summary>Takes what was logged. Whoever reads a format gives it here: it goes on parsed, masked and cut to size.</summary>
public interface ILogSink
{
    /// <summary>Takes all of a batch. Once it comes back, nothing of it is lost, whatever is killed. May be called by many at once.</summary>
    /// <exception cref="Problems.ProblemException">There is no room on the disk: nothing of it was taken, and it may come again.</exception>
    Task<LogsTaken> AppendAsync(LogBatch batch, CancellationToken stop);
}

/// <summary>Keeps what was logged, and finds it again. Times are nanoseconds since 1970, UTC.</summary>
public interface ILogStore : ILogSink
{
    /// <summary>The records that fit, page by page.</summary>
    /// <exception cref="Problems.ProblemException">The filter or the cursor cannot be read.</exception>
    Task<LogsFound> SearchAsync(LogSearch search, CancellationToken stop);

    /// <summary>How many records fit, in steps of time that begin at multiples of the step since 1970; steps without any are left out.</summary>
    /// <param name="step">In nanoseconds, above 0.</param>
    /// <returns>Sorted by time, then by gravity.</returns>
    /// <exception cref="Problems.ProblemException">The filter cannot be read, or there would be too many steps.</exception>
    Task<IReadOnlyList<LogCount>> CountAsync(LogFilter filter, long step, CancellationToken stop);

    /// <summary>What came in since the cursor and fits, in the order in which it came in; empty when nothing did.</summary>
    /// <param name="cursor">What the last call said; null to begin with what comes from now on.</param>
    /// <param name="limit">Records at once, 1 to <see cref="LogSearch.LimitMax"/>.</param>
    /// <exception cref="Problems.ProblemException">The filter or the cursor cannot be read.</exception>
    Task<LogsFound> TailAsync(LogFilter filter, string? cursor, int limit, CancellationToken stop);

    /// <summary>The last bookmark of this name that came with a batch; null when none did.</summary>
    Task<string?> BookmarkAsync(string name, CancellationToken stop);

    /// <summary>What it holds, and what it had to let go.</summary>
    LogHoldings Holdings { get; }
}

/// <summary>Records that are taken together or not at all.</summary>
public sealed record LogBatch(IReadOnlyList<LogRecord> Records)
{
    /// <summary>How far its sender has read, kept in the same step, so that nothing is read twice or never; null when it can only send.</summary>
    public LogBookmark? Bookmark { get; init; }
}

/// <param name="Name">Whose it is, such as <c>outputs/shop@production</c>.</param>
/// <param name="Cursor">Where it reads on.</param>
public sealed record LogBookmark(string Name, string Cursor);

/// <summary>What became of a batch.</summary>
/// <param name="Taken">Records that are kept now.</param>
/// <param name="Cut">Those of them that were larger than <see cref="LogLimits"/> allow, and were cut.</param>
public sealed record LogsTaken(int Taken, int Cut);

/// <param name="Records">Kept now.</param>
/// <param name="Bytes">On disk.</param>
/// <param name="Oldest">The time of the oldest record; null when there is none.</param>
/// <param name="Aged">Records let go since the start because they were old or the store had its size.</param>
/// <param name="Crowded">Records let go since the start because the disk was full.</param>
/// <param name="Damaged">Blocks that were found damaged since the start, and are left out.</param>
public sealed record LogHoldings(long Records, long Bytes, long? Oldest, long Aged, long Crowded, long Damaged);
