using System.Globalization;
using Fairlead.Model.Pipelines;

namespace Fairlead.Drivers.Pipelines;

/// <summary>Keeps what is known of a task's tests in a file. Lost or damaged, tests are parted as if they had never run.</summary>
/// <example><code>
/// fairlead-tests-1
/// time	1204000	file test/cart.test.js
/// split	9f86d0...	2
/// test	1	test/cart.test.js
/// </code></example>
internal static class TestShelf
{
    private const string Form = "fairlead-tests-1";
    private const int FilesMax = 200;
    private const int LinesMax = 200_000;
    private const int ShardsMax = 64;

    public static PastTests Read(string path)
    {
        if (!File.Exists(path))
        {
            return PastTests.Nothing;
        }
        var times = new Dictionary<string, TimeSpan>(StringComparer.Ordinal);
        var splits = new List<PastSplit>();
        List<string>[] shards = [];
        using var lines = File.ReadLines(path).Take(LinesMax).GetEnumerator();
        if (!lines.MoveNext() || lines.Current != Form)
        {
            return PastTests.Nothing;
        }
        while (lines.MoveNext())
        {
            switch (lines.Current.Split('\t'))
            {
                case ["time", var took, var name] when Number(took) is { } microseconds:
                    times[EntryText.Plain(name)] = TimeSpan.FromMicroseconds(microseconds);
                    break;
                case ["split", var of, var count] when Number(count) is { } many and <= ShardsMax:
                    shards = [.. Enumerable.Range(0, (int)many).Select(static _ => new List<string>())];
                    splits.Add(new(of, shards));
                    break;
                case ["test", var shard, var name] when Number(shard) is { } at && at >= 1 && at <= shards.Length:
                    shards[at - 1].Add(EntryText.Plain(name));
                    break;
                default:
                    return PastTests.Nothing;
            }
        }
        return new(times, splits);
    }

    public static void Write(string path, PastTests tests)
    {
        var folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        Forget(folder, path);
        var beside = string.Create(CultureInfo.InvariantCulture, $"{path}.{Environment.ProcessId}");
        File.WriteAllLines(beside, Lines(tests));
        File.Move(beside, path, overwrite: true);
    }

    private static IEnumerable<string> Lines(PastTests tests)
    {
        var text = CultureInfo.InvariantCulture;
        yield return Form;
        foreach (var (name, took) in tests.Times)
        {
            yield return string.Create(text, $"time\t{(long)took.TotalMicroseconds}\t{EntryText.Escaped(name)}");
        }
        foreach (var split in tests.Splits)
        {
            yield return string.Create(text, $"split\t{split.Of}\t{split.Shards.Count}");
            for (var at = 0; at < split.Shards.Count; at++)
            {
                foreach (var test in split.Shards[at])
                {
                    yield return string.Create(text, $"test\t{at + 1}\t{EntryText.Escaped(test)}");
                }
            }
        }
    }

    // Names of tasks come and go with the pipeline.
    private static void Forget(string folder, string path)
    {
        if (File.Exists(path))
        {
            return;
        }
        foreach (
            var old in new DirectoryInfo(folder)
                .EnumerateFiles()
                .OrderByDescending(static one => one.LastWriteTimeUtc)
                .Skip(FilesMax - 1)
                .ToList()
        )
        {
            old.Delete();
        }
    }

    private static long? Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number <= TimeSpan.MaxValue.Ticks / TimeSpan.TicksPerMicrosecond
            ? number
            : null;
}
