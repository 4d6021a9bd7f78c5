using Fairlead.Drivers.Telemetry.Metrics.WriteAhead;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Telemetry.Metrics.Heads;

/// <summary>
/// The newest samples, in memory, each also in a log on disk. When it is large or old enough a new head takes its place and it is
/// written to blocks; a series of which nothing more comes is then no longer in memory. One thread changes it, others read meanwhile.
/// </summary>
internal sealed class Head
{
    private readonly Dictionary<Labels, HeadSeries> byLabels = [];
    private readonly ChunkSealer sealer = new();
    private HeadSeries[] all = new HeadSeries[64];
    private long samples;

    public Head(WriteAheadLog log, DateTimeOffset since) => (Log, Since, Logs) = (log, since, [log.Path]);

    public HeadIndex Index { get; } = new();

    /// <summary>Where its next samples are written.</summary>
    public WriteAheadLog Log { get; }

    /// <summary>All files that hold its samples, its own log the last.</summary>
    public List<string> Logs { get; }

    public DateTimeOffset Since { get; }

    public long Samples => Volatile.Read(ref samples);

    /// <summary>Of its samples; <see cref="long.MaxValue"/> while it has none.</summary>
    public long MinTime { get; private set; } = long.MaxValue;

    /// <summary>Of its samples; <see cref="long.MinValue"/> while it has none.</summary>
    public long MaxTime { get; private set; } = long.MinValue;

    /// <summary>In the order in which they came.</summary>
    public ArraySegment<HeadSeries> Series
    {
        get
        {
            var count = Index.SeriesCount;
            return new(Volatile.Read(ref all), 0, count);
        }
    }

    public bool Overlaps(long from, long to) => MinTime <= to && MaxTime >= from;

    /// <summary>For the thread that appends.</summary>
    public HeadSeries? Find(Labels labels) => byLabels.GetValueOrDefault(labels);

    public HeadSeries Add(Labels labels)
    {
        var made = new HeadSeries(labels, byLabels.Count);
        if (made.Ordinal == all.Length)
        {
            var larger = new HeadSeries[all.Length * 2];
            all.CopyTo(larger, 0);
            Volatile.Write(ref all, larger);
        }
        all[made.Ordinal] = made;
        byLabels.Add(labels, made);
        // Now it can be found.
        Index.Add(labels);
        return made;
    }

    /// <param name="at">After the series' last time.</param>
    public void Append(HeadSeries series, long at, double value)
    {
        series.Append(at, value, sealer);
        Log.Append(series, at, value);
        Count(at);
    }

    /// <param name="at">Before the series' last time, and a time for which there is no sample yet.</param>
    public void AppendLate(HeadSeries series, long at, double value)
    {
        series.AppendLate(at, value, sealer);
        Log.Append(series, at, value);
        Count(at);
    }

    /// <summary>The series of these labels, while a log is read again.</summary>
    public HeadSeries OfLabels(Labels labels) => Find(labels) ?? Add(labels);

    /// <summary>Takes a sample that is in a log already.</summary>
    public void Replay(HeadSeries series, long at, double value)
    {
        if (at > series.LastTime)
        {
            series.Append(at, value, sealer);
        }
        else if (!series.Has(at))
        {
            series.AppendLate(at, value, sealer);
        }
        else
        {
            return;
        }
        Count(at);
    }

    private void Count(long at)
    {
        if (at < MinTime)
        {
            MinTime = at;
        }
        if (at > MaxTime)
        {
            MaxTime = at;
        }
        Volatile.Write(ref samples, samples + 1);
    }
}
