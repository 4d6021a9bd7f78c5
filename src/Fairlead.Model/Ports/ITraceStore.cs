using Fairlead.Model.Telemetry;

namespace Fairlead.Model.Ports;

/// <summary>Keeps traces that somebody may want to look at, for as long as there is room.</summary>
public interface ITraceStore
{
    /// <summary>
    /// Keeps spans of traces. Once it comes back they are not lost, whatever is killed. Spans of a trace may come in several parts;
    /// a part that is given again changes nothing.
    /// </summary>
    /// <exception cref="Problems.ProblemException">They cannot be kept; none of them is.</exception>
    Task KeepAsync(IReadOnlyList<KeptSpans> batch, CancellationToken stop);

    /// <summary>The spans of a trace, each once, by their start; none when it is not kept.</summary>
    Task<IReadOnlyList<Span>> FindAsync(TraceId id, CancellationToken stop);

    /// <summary>Traces that fit, the newest first.</summary>
    Task<FoundTraces> SearchAsync(TraceQuery query, CancellationToken stop);

    /// <summary>How much is kept.</summary>
    Task<TraceRoom> RoomAsync(CancellationToken stop);
}

/// <summary>Takes spans as they come in, and sees to it that the right ones are kept.</summary>
public interface ISpanIntake
{
    /// <summary>Takes all of them in memory; waits for nothing and refuses none. What it must let go later, it counts. May be called by many at once.</summary>
    void Take(IReadOnlyList<Span> spans);
}

/// <summary>Spans of one trace, to be kept.</summary>
/// <param name="Reason">Why, such as <c>error</c>.</param>
/// <param name="Spans">At least one.</param>
public sealed record KeptSpans(TraceId Trace, string Reason, IReadOnlyList<Span> Spans);

/// <summary>Which traces. What is said of a service, an operation, a release and attributes must be true of one span.</summary>
public sealed record TraceQuery
{
    public string? App { get; init; }

    public string? Environment { get; init; }

    public string? Service { get; init; }

    public string? Operation { get; init; }

    public string? Release { get; init; }

    /// <summary>Of the span, or of whoever sent it; all of them.</summary>
    public IReadOnlyList<Label> Attributes { get; init; } = [];

    /// <summary>Of the whole trace.</summary>
    public TimeSpan MinDuration { get; init; }

    /// <summary>Only traces in which something failed.</summary>
    public bool OnlyErrors { get; init; }

    /// <summary>Begun at or after this.</summary>
    public DateTimeOffset From { get; init; } = DateTimeOffset.MinValue;

    /// <summary>Begun before this.</summary>
    public DateTimeOffset To { get; init; } = DateTimeOffset.MaxValue;

    /// <summary>At most this many, 1 to 1,000.</summary>
    public int Max { get; init; } = 20;
}

/// <summary>What a search found.</summary>
/// <param name="IsCut">It stopped early, because it had looked at as many traces as it may: a narrower question finds more.</param>
public sealed record FoundTraces(IReadOnlyList<TraceSummary> Traces, bool IsCut);

/// <summary>A trace in one line.</summary>
/// <param name="Sender">Of its first span.</param>
/// <param name="Operation">Of its first span.</param>
/// <param name="Errors">Spans that failed.</param>
/// <param name="Reason">Why it was kept.</param>
public sealed record TraceSummary(
    TraceId Trace,
    DateTimeOffset At,
    TimeSpan Duration,
    SpanSender Sender,
    string Operation,
    int Spans,
    int Errors,
    string Reason
);

/// <summary>What a store holds.</summary>
/// <param name="Bytes">On the disk.</param>
/// <param name="Oldest">When the oldest that is there was kept; null when there is none.</param>
/// <param name="LostToDisk">Traces given up before their time because the disk was full, since the start.</param>
public sealed record TraceRoom(long Traces, long Bytes, DateTimeOffset? Oldest, long LostToDisk);
