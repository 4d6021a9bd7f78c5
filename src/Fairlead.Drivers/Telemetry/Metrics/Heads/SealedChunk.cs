using Fairlead.Drivers.Telemetry.Metrics.Chunks;
using Fairlead.Drivers.Telemetry.Metrics.Selecting;

namespace Fairlead.Drivers.Telemetry.Metrics.Heads;

/// <summary>A chunk in memory that grows no more.</summary>
internal sealed class SealedChunk(long from, long to, byte[] bytes) : IChunkHolder
{
    public ChunkRef Reference => new(from, to, this, 0, bytes.Length);

    public ReadOnlySpan<byte> BytesOf(in ChunkRef chunk) => bytes;

    public int Read(in ChunkRef chunk, ChunkCodec codec, Span<long> times, Span<double> values) =>
        codec.Read(bytes, times, values);
}

/// <summary>Makes chunks that grow no more. For one thread.</summary>
internal sealed class ChunkSealer
{
    private readonly ChunkCodec codec = new();
    private readonly ByteColumn bytes = new();
    private readonly long[] times = new long[ChunkCodec.SamplesMax];
    private readonly double[] values = new double[ChunkCodec.SamplesMax];

    public SealedChunk Seal(IChunkHolder chunk)
    {
        var count = chunk.Read(default, codec, times, values);
        bytes.Clear();
        codec.Write(times.AsSpan(0, count), values.AsSpan(0, count), bytes);
        return new(times[0], times[count - 1], bytes.Written.ToArray());
    }
}
