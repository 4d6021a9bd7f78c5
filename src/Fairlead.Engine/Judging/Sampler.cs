using Fairlead.Model.Ports;
using Fairlead.Model.Releases;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Judging;

/// <summary>
/// Turns the edge's counters, which only rise, into what both sides did since the last block. Memory only: what a crash loses
/// here are moments that nobody judges.
/// </summary>
internal sealed class Sampler(Part canary, Part baseline)
{
    private readonly Side tried = new();
    private readonly Side other = new();
    private string epoch = "";
    private DateTimeOffset ended;

    public Part Canary => canary;

    public Part Baseline => baseline;

    /// <summary>When the block that grows began.</summary>
    public DateTimeOffset Began { get; private set; }

    /// <summary>Whether what was seen since the last block is one.</summary>
    /// <param name="watched">How long the share has been what it is.</param>
    /// <param name="count">Blocks before this one.</param>
    public BlockState StateAfter(TimeSpan watched, int count) =>
        Blocks.StateOf(ended - Began, tried.Requests, other.Requests, watched, count);

    /// <summary>What was seen since the last block.</summary>
    public Block Read() => new(Began, ended, tried.Tally, other.Tally);

    /// <summary>Takes a look. Both counters are read at the same moment, so what lies between two looks belongs together.</summary>
    public void Look(RouterView router, DateTimeOffset now)
    {
        var (mine, theirs) = (router.TrafficOf(canary), router.TrafficOf(baseline));
        if (mine is null || theirs is null || router.Epoch != epoch)
        {
            // Counters that began anew, or are not there, tell nothing about the time in between.
            epoch = mine is null || theirs is null ? "" : router.Epoch;
            Restart(now);
            tried.Mark(mine);
            other.Mark(theirs);
            return;
        }
        tried.Add(mine);
        other.Add(theirs);
        ended = now;
    }

    /// <summary>The next block begins here.</summary>
    public void Restart(DateTimeOffset now)
    {
        (Began, ended) = (now, now);
        tried.Clear();
        other.Clear();
    }

    private sealed class Side
    {
        private readonly long[] latency = new long[LatencyHistogram.Size];
        private long failed;
        private long incidents;
        private PartTraffic? last;

        public long Requests { get; private set; }

        public Tally Tally => new(Requests, failed, incidents, Latencies.Of(latency));

        public void Mark(PartTraffic? now) => last = now;

        public void Add(PartTraffic now)
        {
            // A window that began anew holds only what came since; what ended late in the one before is left out on both sides.
            var before = last?.Window == now.Window ? last : null;
            Requests += now.Counts.Requests - (before?.Counts.Requests ?? 0);
            failed += Failed(now) - (before is null ? 0 : Failed(before));
            incidents += now.Incidents - (before?.Incidents ?? 0);
            for (var index = 0; index < now.Latency.Buckets.Count; index++)
            {
                latency[index] +=
                    now.Latency.Buckets[index]
                    - (before is not null && index < before.Latency.Buckets.Count ? before.Latency.Buckets[index] : 0);
            }
            last = now;
        }

        public void Clear()
        {
            (Requests, failed, incidents) = (0, 0, 0);
            Array.Clear(latency);
        }

        private static long Failed(PartTraffic traffic) => traffic.Counts.Failed + traffic.Counts.Lost;
    }
}
