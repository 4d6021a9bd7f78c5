using System.Collections.Concurrent;
using Fairlead.Model.Telemetry;

namespace Fairlead.Bench;

/// <summary>Adds up the answers of a load.</summary>
internal sealed class Tally
{
    private readonly ConcurrentDictionary<int, long> byStatus = new();
    private readonly ConcurrentDictionary<string, long> byRelease = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<LoadFailure, long> failures = new();
    private readonly long[] latencies = new long[LatencyHistogram.Size];
    private long notSent;

    public void NotSent() => Interlocked.Increment(ref notSent);

    public void Add(LoadAnswer answer, TimeSpan latency)
    {
        if (answer.Failure is { } failure)
        {
            failures.AddOrUpdate(failure, 1, (_, count) => count + 1);
            return;
        }
        byStatus.AddOrUpdate(answer.Status, 1, (_, count) => count + 1);
        byRelease.AddOrUpdate(answer.Release, 1, (_, count) => count + 1);
        Interlocked.Increment(ref latencies[LatencyHistogram.Index(latency)]);
    }

    public LoadReport Report() =>
        new(
            byStatus,
            byRelease,
            failures.GetValueOrDefault(LoadFailure.NotConnected),
            failures.GetValueOrDefault(LoadFailure.ResetOnReuse),
            failures.GetValueOrDefault(LoadFailure.Broken),
            failures.GetValueOrDefault(LoadFailure.TimedOut),
            notSent,
            new LatencyHistogram(latencies)
        );
}
