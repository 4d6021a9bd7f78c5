using System.Runtime.InteropServices;
using Fairlead.Drivers.Telemetry.Metrics.Chunks;

namespace Fairlead.Drivers.Telemetry.Metrics.Selecting;

/// <summary>Where some samples of a series are.</summary>
/// <param name="From">The time of the first; <paramref name="To"/> is that of the last.</param>
/// <param name="Place">Where in its holder, if that has several.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ChunkRef(long From, long To, IChunkHolder Holder, long Place = 0, int Length = 0)
{
    public bool Overlaps(long from, long to) => From <= to && To >= from;
}

/// <summary>Holds samples.</summary>
internal interface IChunkHolder
{
    /// <summary>Fills both columns, that hold <see cref="ChunkCodec.SamplesMax"/>, with a chunk's samples.</summary>
    /// <returns>How many there are; 0 where it is damaged.</returns>
    int Read(in ChunkRef chunk, ChunkCodec codec, Span<long> times, Span<double> values);

    /// <summary>A chunk as it is, while its holder is kept; empty where it is not in its final form.</summary>
    ReadOnlySpan<byte> BytesOf(in ChunkRef chunk) => [];
}
