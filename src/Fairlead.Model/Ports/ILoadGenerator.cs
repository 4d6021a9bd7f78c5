using System.Globalization;
using Fairlead.Model.Problems;

namespace Fairlead.Model.Ports;

/// <summary>Sends requests at a rate that does not depend on the answers, as visitors do.</summary>
public interface ILoadGenerator
{
    /// <summary>Sends until the last stage is over or it is told to stop, then waits for the answers that are still due.</summary>
    /// <exception cref="ProblemException">Nobody answers at the address at all.</exception>
    Task<LoadReport> RunAsync(LoadOrder order, CancellationToken stop);
}

/// <summary>What to send.</summary>
public sealed record LoadOrder
{
    /// <summary>Scheme, host and port; the path is each request's own.</summary>
    public required Uri Target { get; init; }

    /// <summary>One after the other.</summary>
    public required IReadOnlyList<LoadStage> Stages { get; init; }

    /// <summary>The whole request with this number as HTTP/1.1 has it, from its first line to its body.</summary>
    public required Func<long, ReadOnlyMemory<byte>> Request { get; init; }

    /// <summary>Requests under way at most; what is due beyond that is counted as not sent.</summary>
    public int OpenMax { get; init; } = 1_000;

    /// <summary>How long an answer may take, from when its request is sent.</summary>
    public TimeSpan AnswerMax { get; init; } = TimeSpan.FromSeconds(30);
}

/// <param name="PerSecond">Above 0.</param>
public sealed record LoadStage(double PerSecond, TimeSpan Duration);

/// <summary>What came back.</summary>
/// <param name="ByStatus">Whole answers by status.</param>
/// <param name="ByRelease">Whole answers by the header Fairlead-Release; "" without it.</param>
/// <param name="NotConnected">Nobody took the connection.</param>
/// <param name="ResetOnReuse">A kept connection was closed before the answer's first byte: the race that HTTP/1.1 allows.</param>
/// <param name="Broken">The connection broke otherwise, or what came was no HTTP.</param>
/// <param name="NotSent">Too many were under way.</param>
/// <param name="Latency">Of whole answers, from when the request was due.</param>
public sealed record LoadReport(
    IReadOnlyDictionary<int, long> ByStatus,
    IReadOnlyDictionary<string, long> ByRelease,
    long NotConnected,
    long ResetOnReuse,
    long Broken,
    long TimedOut,
    long NotSent,
    LoadLatency Latency
)
{
    /// <summary>The same for each stage; empty within a stage.</summary>
    public IReadOnlyList<LoadReport> Stages { get; init; } = [];

    public long Sent => ByStatus.Values.Sum() + NotConnected + ResetOnReuse + Broken + TimedOut;

    /// <summary>Answers below 500.</summary>
    public long Served => ByStatus.Where(one => one.Key < 500).Sum(one => one.Value);

    public long Lost => Sent - Served;

    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Lost} lost of {Sent}: status [{Text(ByStatus)}], release [{(ByRelease.Count > 10 ? $"{ByRelease.Count} of them" : Text(ByRelease))}], {NotConnected} not connected, {ResetOnReuse} reset on reuse, {Broken} broken, {TimedOut} timed out, {NotSent} not sent; p50 {Latency.Quantile(50).TotalMilliseconds:0.0} ms, p99 {Latency.Quantile(99).TotalMilliseconds:0.0} ms"
        );

    private static string Text<T>(IReadOnlyDictionary<T, long> counts)
        where T : notnull => string.Join(", ", counts.OrderBy(one => one.Key).Select(one => $"{one.Key} x{one.Value}"));
}

/// <summary>LoadLatency as they were recorded, right within a thousandth.</summary>
/// <param name="Counts">From the shortest to the longest.</param>
public sealed record LoadLatency(IReadOnlyList<(TimeSpan Latency, long Count)> Counts)
{
    public static readonly LoadLatency None = new([]);

    public long Count => Counts.Sum(static one => one.Count);

    public TimeSpan Max => Counts.Count == 0 ? TimeSpan.Zero : Counts[^1].Latency;

    /// <summary>Zero when there are none.</summary>
    public TimeSpan Mean =>
        Count == 0
            ? TimeSpan.Zero
            : TimeSpan.FromTicks((long)(Counts.Sum(static one => (double)one.Latency.Ticks * one.Count) / Count));

    /// <summary>The latency that this part of the requests stayed at or below; zero when there are none.</summary>
    /// <param name="percentile">Above 0, at most 100.</param>
    public TimeSpan Quantile(double percentile)
    {
        var rank = Math.Max(1, (long)Math.Ceiling(Count * percentile / 100));
        foreach (var (latency, count) in Counts)
        {
            rank -= count;
            if (rank <= 0)
            {
                return latency;
            }
        }
        return TimeSpan.Zero;
    }
}
