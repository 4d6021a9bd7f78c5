using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Watching.Logs;

/// <summary>What could be read from a line.</summary>
/// <param name="Body">What it says, without what has a place of its own.</param>
public sealed record ReadLine(string Body)
{
    /// <summary>Nanoseconds since 1970; null when the line has no time that cannot be mistaken.</summary>
    public long? At { get; init; }
    public Severity Severity { get; init; }
    public string? SeverityText { get; init; }
    public IReadOnlyList<LogField> Fields { get; init; } = [];
    public string? TraceId { get; init; }
    public string? SpanId { get; init; }
}
