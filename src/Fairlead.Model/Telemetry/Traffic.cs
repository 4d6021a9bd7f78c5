using System.Text.Json.Serialization;
using Fairlead.Model.Releases;

namespace Fairlead.Model.Telemetry;

/// <summary>What the edge counted. All numbers only rise until the edge restarts.</summary>
/// <param name="Requests">Answered or given up, probes not counted.</param>
/// <param name="Failed">The app answered 500 or more.</param>
/// <param name="Lost">The edge itself had to answer 502, 503 or 504.</param>
/// <param name="Retried">Requests that got their answer only from a second replica.</param>
/// <param name="Cut">Streams and requests ended by the edge because a drain limit passed.</param>
public sealed record TrafficCounts(long Requests, long Failed, long Lost, long Retried, long Cut)
{
    public static readonly TrafficCounts Zero = new(0, 0, 0, 0, 0);

    public static TrafficCounts operator +(TrafficCounts left, TrafficCounts right) =>
        new(
            left.Requests + right.Requests,
            left.Failed + right.Failed,
            left.Lost + right.Lost,
            left.Retried + right.Retried,
            left.Cut + right.Cut
        );

    public static TrafficCounts operator -(TrafficCounts left, TrafficCounts right) =>
        new(
            left.Requests - right.Requests,
            left.Failed - right.Failed,
            left.Lost - right.Lost,
            left.Retried - right.Retried,
            left.Cut - right.Cut
        );
}

/// <summary>One part's traffic since its share last changed: what a gate is judged by.</summary>
/// <param name="Counts">Since the part's share last changed.</param>
/// <param name="StatusClasses">Answers by status class: index 0 is 1xx, index 4 is 5xx.</param>
/// <param name="Latency">Time to the first byte of the answer.</param>
/// <param name="Total">Since the edge first saw the part.</param>
public sealed record PartTraffic(
    Part Part,
    TrafficCounts Counts,
    IReadOnlyList<long> StatusClasses,
    LatencyHistogram Latency,
    TrafficCounts Total
)
{
    /// <summary>
    /// Failed and lost requests, of which several with the same client, path and status within a moment count once, whichever
    /// part met them first.
    /// </summary>
    public long Incidents { get; init; }

    /// <summary>How often its share changed before: another window means that counting began anew.</summary>
    public int Window { get; init; }

    /// <summary>Copies of requests it was shown since the edge first saw it; null for none. None of them is in the other figures.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public MirrorCounts? Mirrored { get; init; }
}

/// <summary>Copies of requests for a part that is being tried.</summary>
/// <param name="Sent">Those that are over.</param>
/// <param name="Failed">Of those sent, the ones answered with 500 or above, or not at all.</param>
/// <param name="Dropped">Not sent, because too many were under way, their body was too large, or no replica was up.</param>
public sealed record MirrorCounts(long Sent, long Failed, long Dropped);
