using Fairlead.Drivers.Telemetry.Metrics.Blocks;

namespace Fairlead.Drivers.Telemetry.Metrics.Keeping;

/// <summary>
/// Which blocks become one next: of a day that goes on, four of about the same size, so that no sample is written again often; of a
/// day that is over, all; of rollups, all of thirty days.
/// </summary>
internal static class MergePlan
{
    private const int Fan = 4;
    private const int RollupDays = 30;
    private const long BytesMax = 1L << 31;

    /// <returns>Null when there is nothing to do.</returns>
    public static IReadOnlyList<Block>? Next(IReadOnlyList<Block> blocks, DateTimeOffset now, TimeSpan late) =>
        blocks
            .GroupBy(block =>
                (block.Kind, Period: BlockMaker.DayOf(block.From) / (block.Kind is BlockKind.Rollup ? RollupDays : 1))
            )
            .OrderBy(group => group.Key.Period)
            .Select(group => OfPeriod([.. group], IsOver(group.Key.Period, group.Key.Kind, now - late)))
            .FirstOrDefault(group => group is not null && group.Sum(block => block.Size) < BytesMax);

    private static bool IsOver(long period, BlockKind kind, DateTimeOffset now) =>
        kind is BlockKind.Rollup || BlockMaker.EndOf(period) < now.ToUnixTimeMilliseconds();

    private static Block[]? OfPeriod(IReadOnlyList<Block> blocks, bool isOver) =>
        isOver
            ? blocks.Count > 1
                ? [.. blocks]
                : null
            : blocks
                .GroupBy(block => (int)Math.Log(Math.Max(1, block.Size), Fan))
                .OrderBy(group => group.Key)
                .FirstOrDefault(group => group.Count() >= Fan)
                ?.ToArray();
}
