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
    private Earlier earlier = new([], new());

    public TrafficCounter Total { get; } = new();

    public MirrorCounter Mirrored { get; } = new();

    public bool IsAbsent => sharePercent == Absent;

    /// <summary>The window of a table that is being built: a new one when the share is not what it was. One caller at a time.</summary>
    public TrafficWindow WindowAt(Share share)
    {
        if (sharePercent != share.Percent)
        {
            sharePercent = share.Percent;
            // First there twice, then once: who reads between the two sees the same window and counts it once.
            Volatile.Write(ref earlier, earlier.And(window));
            Volatile.Write(ref window, new TrafficWindow(window.Number + 1));
        }
        return window;
    }

    /// <summary>The part is in force no longer; what still ends is counted into its last window.</summary>
    public void Depart() => sharePercent = Absent;

    /// <summary>Answers by status class and latencies over all windows; they only rise.</summary>
    public (IReadOnlyList<long> StatusClasses, LatencyHistogram Latency) ReadEver()
    {
        // The window first: if it is over by the time that the earlier ones are read, it is among them.
        var current = Volatile.Read(ref window);
        var (windows, folded) = Volatile.Read(ref earlier);
        var sum = new WindowSum();
        sum.Add(folded);
        foreach (var one in windows.Where(one => one != current).Append(current))
        {
            sum.Add(one);
        }
        return (sum.StatusClasses, sum.Latency);
    }

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

/// <summary>A part's windows that are over.</summary>
/// <param name="Folded">What those that are no longer kept had counted when they were let go.</param>
internal sealed record Earlier(IReadOnlyList<TrafficWindow> Windows, WindowSum Folded)
{
    // So many share changes later a request that began before is counted in the sums alone.
    private const int KeptMax = 16;

    public Earlier And(TrafficWindow next)
    {
        if (Windows.Count < KeptMax)
        {
            return new([.. Windows, next], Folded);
        }
        var sum = new WindowSum();
        sum.Add(Folded);
        sum.Add(Windows[0]);
        return new([.. Windows.Skip(1), next], sum);
    }
}

/// <summary>Sums windows.</summary>
internal sealed class WindowSum
{
    private readonly long[] statusClasses = new long[TrafficWindow.StatusClasses];
    private readonly long[] latencies = new long[LatencyHistogram.Size];

    public IReadOnlyList<long> StatusClasses => statusClasses;

    public LatencyHistogram Latency => new(latencies);

    public void Add(TrafficWindow window)
    {
        Add(statusClasses, window.ReadStatusClasses());
        Add(latencies, window.ReadLatency().Buckets);
    }

    public void Add(WindowSum other)
    {
        Add(statusClasses, other.statusClasses);
        Add(latencies, other.latencies);
    }

    private static void Add(long[] into, IReadOnlyList<long> counts)
    {
        for (var index = 0; index < counts.Count; index++)
        {
            into[index] += counts[index];
        }
    }
}

/// <summary>A part's traffic while its share stays the same. A request counts into the window in which it was let in.</summary>
/// <param name="number">How many the part had before.</param>
internal sealed class TrafficWindow(int number)
{
    public const int StatusClasses = 5;

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
