using Fairlead.Model.Apps;

namespace Fairlead.Model.Ports;

/// <summary>What replicas wrote to their outputs.</summary>
public interface ILogs
{
    /// <summary>Reads on from a cursor, over rotations and restarts.</summary>
    /// <param name="cursor">What the last page said, or null to begin <see cref="LogQuery.Tail"/> lines before the end.</param>
    Task<LogPage> ReadAsync(LogQuery query, string? cursor, CancellationToken stop);
}

/// <param name="Service">Only this service; null for all.</param>
/// <param name="Tail">Lines to begin with, for each replica: 0 to 10,000.</param>
/// <param name="Max">Lines in one page, 1 to 10,000.</param>
public sealed record LogQuery(Site Site, string? Service, int Tail, int Max);

/// <param name="Cursor">Where the next page begins.</param>
public sealed record LogPage(IReadOnlyList<LogLine> Lines, string Cursor);

/// <param name="Replica">Such as <c>api@42#0</c>.</param>
public sealed record LogLine(string Replica, string Text);
