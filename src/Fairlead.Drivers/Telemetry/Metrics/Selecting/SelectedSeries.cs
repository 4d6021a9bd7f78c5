using Fairlead.Drivers.Telemetry.Metrics.Blocks;
using Fairlead.Drivers.Telemetry.Metrics.Heads;
using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Telemetry.Metrics.Selecting;

/// <summary>A series, and where its samples are.</summary>
internal sealed class SelectedSeries(Labels labels) : ISeries
{
    private readonly List<HeadSeries> heads = new(1);
    private readonly List<(Block Block, int Series)> blocks = [];

    public Labels Labels => labels;

    public void Add(HeadSeries series) => heads.Add(series);

    public void Add(Block block, int series) => blocks.Add((block, series));

    public void Read(long from, long to, SampleColumns into)
    {
        var merge = ChunkMerge.OfThread;
        merge.Chunks.Clear();
        foreach (var (block, series) in blocks)
        {
            if (block.Overlaps(from, to))
            {
                block.Collect(series, from, to, merge.Chunks);
            }
        }
        foreach (var series in heads)
        {
            series.Collect(from, to, merge.Chunks);
        }
        merge.Read(from, to, into);
    }
}
