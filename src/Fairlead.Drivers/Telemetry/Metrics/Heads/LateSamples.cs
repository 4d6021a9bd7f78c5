using Fairlead.Drivers.Telemetry.Metrics.Chunks;
using Fairlead.Drivers.Telemetry.Metrics.Selecting;

namespace Fairlead.Drivers.Telemetry.Metrics.Heads;

/// <summary>Samples of a series that came after newer ones, in the order of their times. Never changed: a new one stands in a copy.</summary>
internal sealed class LateSamples : IChunkHolder
{
    private readonly long[] times;
    private readonly double[] values;

    private LateSamples(long[] times, double[] values) => (this.times, this.values) = (times, values);

    public bool IsFull => times.Length == ChunkCodec.SamplesMax;

    public ChunkRef Reference => new(times[0], times[^1], this);

    public static LateSamples With(LateSamples? before, long at, double value)
    {
        if (before is null)
        {
            return new([at], [value]);
        }
        var place = ~Array.BinarySearch(before.times, at);
        return new(
            [.. before.times.AsSpan(0, place), at, .. before.times.AsSpan(place)],
            [.. before.values.AsSpan(0, place), value, .. before.values.AsSpan(place)]
        );
    }

    public int Read(in ChunkRef chunk, ChunkCodec codec, Span<long> into, Span<double> valuesInto)
    {
        times.CopyTo(into);
        values.CopyTo(valuesInto);
        return times.Length;
    }
}
