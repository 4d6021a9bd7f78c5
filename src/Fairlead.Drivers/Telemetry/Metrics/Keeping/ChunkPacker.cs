using Fairlead.Drivers.Telemetry.Metrics.Blocks;
using Fairlead.Drivers.Telemetry.Metrics.Chunks;
using Fairlead.Drivers.Telemetry.Metrics.Selecting;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Telemetry.Metrics.Keeping;

/// <summary>Writes the samples of series into blocks, in full chunks, each time once. For one thread.</summary>
internal sealed class ChunkPacker
{
    // Below this a chunk is joined with its neighbours.
    private const int GoodSize = ChunkCodec.SamplesMax * 3 / 4;

    private readonly ChunkMerge merge = new();
    private readonly SampleColumns waiting = new();
    private readonly SampleColumns columns = new();

    /// <param name="chunks">Of the series, in any order; they may overlap.</param>
    /// <param name="writerOf">The block for samples from this time on.</param>
    public void Pack(Labels labels, List<ChunkRef> chunks, Func<long, BlockWriter> writerOf)
    {
        chunks.Sort(static (left, right) => left.From.CompareTo(right.From));
        waiting.Clear();
        for (var first = 0; first < chunks.Count; )
        {
            var after = first + 1;
            for (var end = chunks[first].To; after < chunks.Count && chunks[after].From <= end; after++)
            {
                end = Math.Max(end, chunks[after].To);
            }
            if (after > first + 1 || !TryCopy(labels, chunks[first], writerOf))
            {
                merge.Chunks.AddRange(chunks[first..after]);
                merge.Read(long.MinValue, long.MaxValue, waiting);
                Write(labels, isLast: false, writerOf);
            }
            first = after;
        }
        Write(labels, isLast: true, writerOf);
    }

    /// <summary>Writes of the samples only those that matter.</summary>
    public void PackRollup(Labels labels, List<ChunkRef> chunks, BlockWriter writer)
    {
        merge.Chunks.AddRange(chunks);
        columns.Clear();
        merge.Read(long.MinValue, long.MaxValue, columns);
        waiting.Clear();
        Rollup.Pick(columns, waiting);
        Write(labels, isLast: true, _ => writer);
    }

    private bool TryCopy(Labels labels, in ChunkRef chunk, Func<long, BlockWriter> writerOf)
    {
        var bytes = chunk.Holder.BytesOf(chunk);
        if (bytes.Length <= ChunkCodec.ChecksumSize || !ChunkCodec.IsUndamaged(bytes))
        {
            return false;
        }
        var count = ChunkCodec.CountOf(bytes);
        if (count < GoodSize)
        {
            return false;
        }
        Write(labels, isLast: true, writerOf);
        writerOf(chunk.From).Add(labels, new EncodedChunk(chunk.From, chunk.To, count, bytes));
        return true;
    }

    private void Write(Labels labels, bool isLast, Func<long, BlockWriter> writerOf)
    {
        var written = 0;
        while (waiting.Count - written >= ChunkCodec.SamplesMax || (isLast && waiting.Count > written))
        {
            var count = Math.Min(ChunkCodec.SamplesMax, waiting.Count - written);
            var times = waiting.Times.Slice(written, count);
            writerOf(times[0]).Add(labels, times, waiting.Values.Slice(written, count));
            written += count;
        }
        if (written > 0)
        {
            columns.Clear();
            columns.Add(waiting.Times[written..], waiting.Values[written..]);
            waiting.Clear();
            waiting.Add(columns.Times, columns.Values);
        }
    }
}
