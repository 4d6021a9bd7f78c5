using System.Collections.Concurrent;
using Fairlead.Drivers.Telemetry.Metrics.Blocks;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Telemetry.Metrics.Selecting;

/// <summary>Labels that were read from blocks, so that the next question need not make them again.</summary>
internal sealed class LabelsMemory
{
    private const int Most = 50_000;

    private readonly ConcurrentDictionary<UInt128, Labels> known = [];
    private int count;

    /// <param name="texts">Texts of this block that were made before, by their rank.</param>
    public Labels LabelsOf(Block block, int series, Dictionary<int, string> texts)
    {
        var hash = block.HashOf(series);
        if (known.TryGetValue(hash, out var labels))
        {
            return labels;
        }
        if (Interlocked.Increment(ref count) > Most)
        {
            known.Clear();
            Volatile.Write(ref count, 0);
        }
        return known.GetOrAdd(hash, block.LabelsOf(series, texts));
    }
}
