using System.Collections.Concurrent;
using Fairlead.Model.Ports;
using HdrHistogram;

namespace Fairlead.Drivers.Loading;

/// <summary>Adds up the answers of a load.</summary>
internal sealed class Tally
{
    private const int Digits = 3;

    // In microseconds.
    private static readonly long LongestMax = (long)TimeSpan.FromHours(1).TotalMicroseconds;

    private readonly ConcurrentDictionary<int, long> byStatus = new();
    private readonly ConcurrentDictionary<string, long> byRelease = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<LoadFailure, long> failures = new();
    private readonly LongConcurrentHistogram latencies = new(1, LongestMax, Digits);
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
        latencies.RecordValue(Math.Clamp((long)latency.TotalMicroseconds, 1, LongestMax));
    }

    public LoadReport Report() =>
        new(
            byStatus,
            byRelease,
            failures.GetValueOrDefault(LoadFailure.NotConnected),
            failures.GetValueOrDefault(LoadFailure.ResetOnReuse),
            failures.GetValueOrDefault(LoadFailure.Broken),
            failures.GetValueOrDefault(LoadFailure.TimedOut),
            Interlocked.Read(ref notSent),
            new LoadLatency([
                .. latencies
                    .RecordedValues()
                    .Select(static one =>
                        (TimeSpan.FromMicroseconds(one.ValueIteratedTo), one.CountAddedInThisIterationStep)
                    ),
            ])
        );
}
