using Fairlead.Model.Releases;
using Fairlead.Model.Telemetry;
using Fairlead.Roles.Edge.Mirroring;

namespace Fairlead.Roles.Edge;

/// <summary>What is counted for a part; outlives the tables that name the part.</summary>
internal sealed class PartMeter(Part part)
{
    private const int Absent = -1;

    private int sharePercent = Absent;
    private TrafficWindow window = new(0);

    public TrafficCounter Total { get; } = new();

    public MirrorCounter Mirrored { get; } = new();

    public bool IsAbsent => sharePercent == Absent;

    /// <summary>The window of a table that is being built: a new one when the share is not what it was. One caller at a time.</summary>
    public TrafficWindow WindowAt(Share share)
    {
        if (sharePercent != share.Percent)
        {
            sharePercent = share.Percent;
            Volatile.Write(ref window, new TrafficWindow(window.Number + 1));
        }
        return window;
    }

    /// <summary>The part is in force no longer; what still ends is counted into its last window.</summary>
    public void Depart() => sharePercent = Absent;

    public PartTraffic Read()
    {
        var current = Volatile.Read(ref window);
        return new PartTraffic(
            part,
            current.Counts.Read(),
            current.ReadStatusClasses(),
            current.ReadLatency(),
            Total.Read()
        )
        {
            Incidents = current.ReadIncidents(),
            Window = current.Number,
            Mirrored = Mirrored.Read(),
        };
    }
}

/// <summary>A part's traffic while its share stays the same. A request counts into the window in which it was let in.</summary>
/// <param name="number">How many the part had before.</param>
internal sealed class TrafficWindow(int number)
{
    private const int StatusClasses = 5;

    private readonly long[] statusClasses = new long[StatusClasses];
    private readonly long[] latencies = new long[LatencyHistogram.Size];
    private long incidents;

    public int Number => number;

    public TrafficCounter Counts { get; } = new();

    public void Status(int status) =>
        Interlocked.Increment(ref statusClasses[Math.Clamp(status / 100, 1, StatusClasses) - 1]);

    public void Latency(TimeSpan latency) => Interlocked.Increment(ref latencies[LatencyHistogram.Index(latency)]);

    public void Incident() => Interlocked.Increment(ref incidents);

    public long ReadIncidents() => Interlocked.Read(ref incidents);

    public long[] ReadStatusClasses() => Read(statusClasses, StatusClasses);

    public LatencyHistogram ReadLatency()
    {
        var used = latencies.Length;
        while (used > 0 && Volatile.Read(ref latencies[used - 1]) == 0)
        {
            used--;
        }
        return used == 0 ? LatencyHistogram.Empty : new LatencyHistogram(Read(latencies, used));
    }

    private static long[] Read(long[] live, int length)
    {
        var copy = new long[length];
        for (var index = 0; index < length; index++)
        {
            copy[index] = Volatile.Read(ref live[index]);
        }
        return copy;
    }
}
