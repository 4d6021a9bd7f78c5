using System.Globalization;
using Fairlead.Drivers.Telemetry.Metrics.Blocks;

namespace Fairlead.Drivers.Telemetry.Metrics;

/// <summary>The files of a store. <c>lock</c>, <c>wal/00000012.wal</c>, <c>blocks/00000034.block</c>, <c>damaged/...</c></summary>
internal sealed class MetricFolder(string root)
{
    private const string LogEnding = ".wal";
    private const string BlockEnding = ".block";

    public string Root => root;

    public string Lock => Path.Combine(root, "lock");

    public string Logs => Path.Combine(root, "wal");

    public string Blocks => Path.Combine(root, "blocks");

    /// <summary>Where blocks go that cannot be read, for whoever wants to see them.</summary>
    public string Damaged => Path.Combine(root, "damaged");

    public string LogOf(int number) => Path.Combine(Logs, $"{number:D8}{LogEnding}");

    public string BlockOf(long number) => Path.Combine(Blocks, $"{number:D8}{BlockEnding}");

    /// <summary>Makes the folders, and removes what was not finished.</summary>
    public void Prepare()
    {
        Directory.CreateDirectory(Logs);
        Directory.CreateDirectory(Blocks);
        foreach (var unfinished in Directory.EnumerateFiles(Blocks, "*" + BlockWriter.TemporaryOf(BlockEnding)))
        {
            File.Delete(unfinished);
        }
    }

    /// <summary>All logs by their number, the oldest first.</summary>
    public IReadOnlyList<(int Number, string Path)> FindLogs() =>
        [.. Numbered(Logs, LogEnding).Select(one => ((int)one.Number, one.Path))];

    /// <summary>All blocks by their number, the oldest first.</summary>
    public IReadOnlyList<(long Number, string Path)> FindBlocks() => Numbered(Blocks, BlockEnding);

    private static List<(long Number, string Path)> Numbered(string folder, string ending) =>
        [
            .. Directory
                .EnumerateFiles(folder, "*" + ending)
                .Select(path =>
                    (
                        long.TryParse(
                            Path.GetFileNameWithoutExtension(path),
                            NumberStyles.None,
                            CultureInfo.InvariantCulture,
                            out var number
                        )
                            ? number
                            : -1,
                        path
                    )
                )
                .Where(one => one.Item1 >= 0)
                .OrderBy(one => one.Item1),
        ];
}
