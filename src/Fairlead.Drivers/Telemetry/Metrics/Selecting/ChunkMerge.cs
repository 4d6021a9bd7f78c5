using Fairlead.Drivers.Telemetry.Metrics.Chunks;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Telemetry.Metrics.Selecting;

/// <summary>Reads the samples of chunks in the order of their times, each time once, whatever the chunks' order and overlap. For one thread.</summary>
internal sealed class ChunkMerge
{
    [ThreadStatic]
    private static ChunkMerge? ofThread;

    private readonly ChunkCodec codec = new();
    private readonly long[] times = new long[ChunkCodec.SamplesMax];
    private readonly double[] values = new double[ChunkCodec.SamplesMax];
    private long[] mixedTimes = [];
    private double[] mixedValues = [];

    /// <summary>To be used, but not kept.</summary>
    public static ChunkMerge OfThread => ofThread ??= new();

    /// <summary>The chunks to read; cleared by reading.</summary>
    public List<ChunkRef> Chunks { get; } = [];

    public void Read(long from, long to, SampleColumns into)
    {
        Sort();
        for (var first = 0; first < Chunks.Count; )
        {
            var after = first + 1;
            for (var end = Chunks[first].To; after < Chunks.Count && Chunks[after].From <= end; after++)
            {
                end = Math.Max(end, Chunks[after].To);
            }
            if (after == first + 1)
            {
                var count = ReadOne(Chunks[first]);
                Add(times.AsSpan(0, count), values.AsSpan(0, count), from, to, into);
            }
            else
            {
                ReadMixed(first, after, from, to, into);
            }
            first = after;
        }
        Chunks.Clear();
    }

    /// <summary>The value of just this time; null when there is none.</summary>
    public double? TryReadAt(long at)
    {
        double? found = null;
        foreach (var chunk in Chunks)
        {
            var count = ReadOne(chunk);
            var place = times.AsSpan(0, count).BinarySearch(at);
            if (place >= 0)
            {
                found = values[place];
                break;
            }
        }
        Chunks.Clear();
        return found;
    }

    private void Sort()
    {
        for (var index = 1; index < Chunks.Count; index++)
        {
            if (Chunks[index].From < Chunks[index - 1].From)
            {
                Chunks.Sort(static (left, right) => left.From.CompareTo(right.From));
                return;
            }
        }
    }

    private int ReadOne(in ChunkRef chunk) => chunk.Holder.Read(chunk, codec, times, values);

    private void ReadMixed(int first, int after, long from, long to, SampleColumns into)
    {
        var count = 0;
        for (var index = first; index < after; index++)
        {
            var more = ReadOne(Chunks[index]);
            if (mixedTimes.Length < count + more)
            {
                Array.Resize(ref mixedTimes, (count + more) * 2);
                Array.Resize(ref mixedValues, (count + more) * 2);
            }
            times.AsSpan(0, more).CopyTo(mixedTimes.AsSpan(count));
            values.AsSpan(0, more).CopyTo(mixedValues.AsSpan(count));
            count += more;
        }
        Array.Sort(mixedTimes, mixedValues, 0, count);
        var kept = 0;
        for (var index = 0; index < count; index++)
        {
            if (kept == 0 || mixedTimes[index] != mixedTimes[kept - 1])
            {
                (mixedTimes[kept], mixedValues[kept]) = (mixedTimes[index], mixedValues[index]);
                kept++;
            }
        }
        Add(mixedTimes.AsSpan(0, kept), mixedValues.AsSpan(0, kept), from, to, into);
    }

    private static void Add(
        ReadOnlySpan<long> times,
        ReadOnlySpan<double> values,
        long from,
        long to,
        SampleColumns into
    )
    {
        if (times.IsEmpty || times[0] > to || times[^1] < from)
        {
            return;
        }
        var start = times[0] >= from ? 0 : FirstFrom(times, from);
        var end = times[^1] <= to ? times.Length : FirstFrom(times, to + 1);
        into.Add(times[start..end], values[start..end]);
    }

    private static int FirstFrom(ReadOnlySpan<long> times, long from)
    {
        var found = times.BinarySearch(from);
        return found < 0 ? ~found : found;
    }
}
