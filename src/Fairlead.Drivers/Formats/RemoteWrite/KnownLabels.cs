using System.Collections.Concurrent;
using System.IO.Hashing;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Formats.RemoteWrite;

/// <summary>
/// Labels of one sender that were made already, by the 128-bit hash of the bytes they came as. The hash has a seed that nobody outside
/// knows, so two series cannot be made to look alike. Bounded; what is forgotten is made again.
/// </summary>
/// <param name="source">Whose labels are stamped over what the sender says.</param>
/// <param name="seed">By chance.</param>
public sealed class KnownLabels(Source source, long seed)
{
    private const int SeriesMax = 500_000;
    private const int TextsMax = 100_000;

    private readonly ConcurrentDictionary<UInt128, Labels> byHash = [];
    private readonly ConcurrentDictionary<string, string> texts = new(StringComparer.Ordinal);
    private int seriesCount;
    private int textCount;

    /// <summary>The labels that these bytes were found to say; null when they are new.</summary>
    public Labels? Find(ReadOnlySpan<byte> raw) => byHash.GetValueOrDefault(XxHash128.HashToUInt128(raw, seed));

    /// <summary>Remembers what these bytes say.</summary>
    public Labels Add(ReadOnlySpan<byte> raw, IEnumerable<Label> said)
    {
        if (Interlocked.Increment(ref seriesCount) > SeriesMax)
        {
            byHash.Clear();
            Volatile.Write(ref seriesCount, 0);
        }
        return byHash.GetOrAdd(XxHash128.HashToUInt128(raw, seed), source.On(Labels.Of(said)));
    }

    /// <summary>The same text, that is in memory once for many series.</summary>
    public string Once(string text)
    {
        if (texts.TryGetValue(text, out var known))
        {
            return known;
        }
        if (Interlocked.Increment(ref textCount) > TextsMax)
        {
            texts.Clear();
            Volatile.Write(ref textCount, 0);
        }
        return texts.GetOrAdd(text, text);
    }
}
