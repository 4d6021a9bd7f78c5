using System.Text;
using Fairlead.Drivers.Telemetry.Metrics.Blocks;
using Fairlead.Drivers.Telemetry.Metrics.Chunks;
using Fairlead.Drivers.Telemetry.Metrics.Heads;
using Fairlead.Drivers.Telemetry.Metrics.Selecting;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;
using static Fairlead.Drivers.Telemetry.Metrics.MetricProblems;

namespace Fairlead.Drivers.Telemetry.Metrics.Appending;

/// <summary>
/// Decides of each sample whether it is taken. Newer than its series: yes, at any age that is kept, so that an agent that was cut off
/// can catch up. Older: if there is none of that time yet and it is not too late. For whoever holds the gate.
/// </summary>
internal sealed class Appender(MetricStoreSettings settings)
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    private readonly ByteColumn hashed = new();
    private readonly long late = (long)settings.Late.TotalMilliseconds;

    /// <returns>Samples that are there now.</returns>
    public long Append(SeriesSamples one, Sources sources, Bounds bounds, Refused refused)
    {
        var head = sources.Head;
        var samples = one.Samples;
        if (samples.Count == 0)
        {
            return 0;
        }
        var series = head.Find(one.Labels);
        if (series is null)
        {
            if (WhyNot(one.Labels, head) is { } reason)
            {
                refused.Add(reason, samples.Count);
                return 0;
            }
            if (!HasTakeable(samples, bounds, refused))
            {
                return 0;
            }
            series = head.Add(one.Labels);
            series.LastTime = LastBefore(one.Labels, samples, sources);
        }
        long taken = 0;
        for (var place = 0; place < samples.Count; place++)
        {
            var sample = samples[place];
            if (sample.At > bounds.Newest)
            {
                refused.Add(Refusals.TooFarAhead);
            }
            else if (sample.At < bounds.Oldest)
            {
                refused.Add(Refusals.TooOld);
            }
            else if (sample.At > series.LastTime)
            {
                head.Append(series, sample.At, sample.Value);
                taken++;
            }
            else if (Why(series, sample, sources) is { } reason)
            {
                refused.Add(reason);
            }
            else
            {
                taken++;
            }
        }
        return taken;
    }

    // A series of which nothing is taken must not take up room.
    private static bool HasTakeable(IReadOnlyList<Sample> samples, Bounds bounds, Refused refused)
    {
        var (ahead, old) = (0, 0);
        for (var place = 0; place < samples.Count; place++)
        {
            ahead += samples[place].At > bounds.Newest ? 1 : 0;
            old += samples[place].At < bounds.Oldest ? 1 : 0;
        }
        if (ahead + old < samples.Count)
        {
            return true;
        }
        refused.Add(Refusals.TooFarAhead, ahead);
        refused.Add(Refusals.TooOld, old);
        return false;
    }

    // A sample that is not newer than its series: null when it is there now.
    private Problem? Why(HeadSeries series, Sample sample, Sources sources)
    {
        if (ValueAt(series, sample.At, sources) is { } known)
        {
            return BitConverter.DoubleToInt64Bits(known) == BitConverter.DoubleToInt64Bits(sample.Value)
                ? null
                : Refusals.Duplicate;
        }
        if (sample.At < series.LastTime - late)
        {
            return Refusals.TooOld;
        }
        sources.Head.AppendLate(series, sample.At, sample.Value);
        return null;
    }

    private double? ValueAt(HeadSeries series, long at, Sources sources)
    {
        if (series.Open is { } open && open.LastTime == at)
        {
            return open.LastValue;
        }
        var merge = ChunkMerge.OfThread;
        series.Collect(at, at, merge.Chunks);
        foreach (var leaving in sources.Leaving)
        {
            leaving.Find(series.Labels)?.Collect(at, at, merge.Chunks);
        }
        UInt128? hash = null;
        foreach (var block in sources.Blocks)
        {
            if (block.Overlaps(at, at))
            {
                hash ??= BlockFormat.Hash(series.Labels, hashed);
                if (block.Find(hash.Value) is var place and >= 0)
                {
                    block.Collect(place, at, at, merge.Chunks);
                }
            }
        }
        return merge.TryReadAt(at);
    }

    // A head begins without a memory: only where older samples can reach up to these is it asked for the series' last.
    private long LastBefore(Labels labels, IReadOnlyList<Sample> samples, Sources sources)
    {
        var first = long.MaxValue;
        for (var place = 0; place < samples.Count; place++)
        {
            first = Math.Min(first, samples[place].At);
        }
        var last = long.MinValue;
        foreach (var leaving in sources.Leaving)
        {
            last = Math.Max(last, leaving.Find(labels)?.LastTime ?? long.MinValue);
        }
        UInt128? hash = null;
        var merge = ChunkMerge.OfThread;
        foreach (var block in sources.Blocks)
        {
            if (block.To >= first && block.To > last)
            {
                hash ??= BlockFormat.Hash(labels, hashed);
                if (block.Find(hash.Value) is var place and >= 0)
                {
                    block.Collect(place, first, long.MaxValue, merge.Chunks);
                }
            }
        }
        foreach (var chunk in merge.Chunks)
        {
            last = Math.Max(last, chunk.To);
        }
        merge.Chunks.Clear();
        return last;
    }

    private Problem? WhyNot(Labels labels, Head head)
    {
        if (labels.Count == 0 || labels.Count > settings.LabelsMax)
        {
            return Refusals.BadLabels;
        }
        for (var place = 0; place < labels.Count; place++)
        {
            var (name, value) = labels[place];
            if (!Fits(name, settings.NameBytesMax) || !Fits(value, settings.ValueBytesMax))
            {
                return Refusals.BadLabels;
            }
        }
        var (metric, app) = (labels.Name, labels[settings.AppLabel]);
        return head.Index.SeriesCount >= settings.SeriesMax ? Refusals.TooManySeries
            : head.Index.CountOf(Labels.MetricName, metric) >= settings.SeriesOfMetricMax
                ? Refusals.TooManySeriesOfMetric
            : app.Length > 0 && head.Index.CountOf(settings.AppLabel, app) >= settings.SeriesOfAppMax
                ? Refusals.TooManySeriesOfApp
            : null;
    }

    private static bool Fits(string text, int bytesMax)
    {
        if (text.Length == 0 || text.Length > bytesMax)
        {
            return false;
        }
        if (Ascii.IsValid(text))
        {
            return true;
        }
        try
        {
            return StrictUtf8.GetByteCount(text) <= bytesMax;
        }
        catch (EncoderFallbackException)
        {
            return false;
        }
    }
}

/// <summary>Between which times samples are taken, both included.</summary>
[System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Auto)]
internal readonly record struct Bounds(long Oldest, long Newest);
