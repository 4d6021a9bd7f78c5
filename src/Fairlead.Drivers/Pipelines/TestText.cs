using System.Globalization;
using Fairlead.Model.Pipelines;

namespace Fairlead.Drivers.Pipelines;

/// <summary>What is known of tests as lines, on this machine and at the team's cache.</summary>
internal static class TestText
{
    private const int ShardsMax = 64;

    public static IEnumerable<string> Lines(PastTests tests)
    {
        var text = CultureInfo.InvariantCulture;
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

    /// <returns>Null when a line is none of these.</returns>
    public static PastTests? Read(IEnumerable<string> lines)
    {
        var times = new Dictionary<string, TimeSpan>(StringComparer.Ordinal);
        var splits = new List<PastSplit>();
        List<string>[] shards = [];
        foreach (var line in lines)
        {
            switch (line.Split('\t', 3))
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
                    return null;
            }
        }
        return new(times, splits);
    }

    private static long? Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number <= TimeSpan.MaxValue.Ticks / TimeSpan.TicksPerMicrosecond
            ? number
            : null;
}
