using Fairlead.Drivers.Telemetry.Metrics.Blocks;
using Fairlead.Drivers.Telemetry.Metrics.Heads;
using Fairlead.Drivers.Telemetry.Metrics.Selecting;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Telemetry.Metrics.Keeping;

/// <summary>Makes blocks of heads and of other blocks. For one thread.</summary>
internal sealed class BlockMaker(MetricFolder folder, long lastNumber)
{
    private const long Day = 24 * 60 * 60 * 1000;

    private readonly ChunkPacker packer = new();
    private readonly List<ChunkRef> chunks = [];
    private long lastNumber = lastNumber;

    /// <summary>Which day (UTC) a time belongs to; each has blocks of its own, so that age can be seen by them.</summary>
    public static long DayOf(long at) => (long)Math.Floor((double)at / Day);

    /// <summary>When a day is over.</summary>
    public static long EndOf(long day) => (day + 1) * Day;

    /// <summary>Writes a head, that grows no more, into one block for each day.</summary>
    public IReadOnlyList<Block> OfHead(Head head, CancellationToken stop)
    {
        var writers = new SortedDictionary<long, BlockWriter>();
        try
        {
            HeadSeries[] sorted = [.. head.Series];
            Array.Sort(sorted, static (left, right) => Labels.Compare(left.Labels, right.Labels));
            foreach (var series in sorted)
            {
                stop.ThrowIfCancellationRequested();
                chunks.Clear();
                series.Collect(long.MinValue, long.MaxValue, chunks);
                packer.Pack(series.Labels, chunks, at => WriterOf(DayOf(at), writers));
            }
            return [.. writers.Values.Select(writer => Finished(writer, BlockKind.Raw, []))];
        }
        finally
        {
            foreach (var writer in writers.Values)
            {
                writer.Dispose();
            }
        }
    }

    /// <summary>Writes several blocks of one kind into one, in which every time is once.</summary>
    public Block OfBlocks(IReadOnlyList<Block> parents, CancellationToken stop)
    {
        using var writer = Next();
        foreach (var (labels, _) in InOrder(parents, stop))
        {
            packer.Pack(labels, chunks, _ => writer);
        }
        return Finished(writer, parents[0].Kind, [.. parents.Select(parent => parent.Number)]);
    }

    /// <summary>Writes what is kept of a block for long.</summary>
    public Block RollupOf(Block parent, CancellationToken stop)
    {
        using var writer = Next();
        foreach (var (labels, _) in InOrder([parent], stop))
        {
            packer.PackRollup(labels, chunks, writer);
        }
        return Finished(writer, BlockKind.Rollup, [parent.Number]);
    }

    private BlockWriter WriterOf(long day, SortedDictionary<long, BlockWriter> writers)
    {
        if (!writers.TryGetValue(day, out var writer))
        {
            writers.Add(day, writer = Next());
        }
        return writer;
    }

    private BlockWriter Next() => new(folder.BlockOf(++lastNumber), lastNumber);

    private static Block Finished(BlockWriter writer, BlockKind kind, IReadOnlyList<long> parents)
    {
        writer.Finish(kind, parents);
        return Block.Open(writer.Path);
    }

    // All series of some blocks in the order of their labels, their chunks in the list of this maker.
    private IEnumerable<(Labels Labels, int Count)> InOrder(IReadOnlyList<Block> blocks, CancellationToken stop)
    {
        List<Cursor> cursors =
        [
            .. blocks.Select(block => new Cursor(block)).Where(cursor => cursor.Labels is not null),
        ];
        while (cursors.Count > 0)
        {
            stop.ThrowIfCancellationRequested();
            var lowest = cursors[0].Labels!;
            foreach (var cursor in cursors)
            {
                lowest = Labels.Compare(cursor.Labels!, lowest) < 0 ? cursor.Labels! : lowest;
            }
            chunks.Clear();
            foreach (var cursor in cursors)
            {
                if (Labels.Compare(cursor.Labels!, lowest) == 0)
                {
                    cursor.Collect(chunks);
                }
            }
            yield return (lowest, chunks.Count);
            cursors.RemoveAll(cursor => cursor.Labels is null);
        }
    }

    private sealed class Cursor
    {
        private readonly Block block;
        private readonly Dictionary<int, string> texts = [];
        private int series = -1;

        public Cursor(Block block)
        {
            this.block = block;
            Advance();
        }

        /// <summary>Of the series it is at; null behind the last.</summary>
        public Labels? Labels { get; private set; }

        /// <summary>Adds the chunks of this series and goes to the next.</summary>
        public void Collect(List<ChunkRef> into)
        {
            block.Collect(series, long.MinValue, long.MaxValue, into);
            Advance();
        }

        private void Advance() => Labels = ++series < block.SeriesCount ? block.LabelsOf(series, texts) : null;
    }
}
