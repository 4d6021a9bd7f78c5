using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Telemetry.Metrics.Blocks;

/// <summary>The texts of a block that is being written, and which series have which pairs of them.</summary>
internal sealed class SymbolTable
{
    private readonly Dictionary<string, int> texts = new(StringComparer.Ordinal);
    private readonly Dictionary<(int Name, int Value), int> pairs = [];

    /// <summary>The pairs of all series, one series after the other.</summary>
    private readonly List<int> ofSeries = [];
    private readonly List<int> ends = [];

    public int Texts => texts.Count;

    public int Series => ends.Count;

    /// <summary>Adds the next series.</summary>
    public void Add(Labels labels)
    {
        for (var index = 0; index < labels.Count; index++)
        {
            var pair = (Text(labels[index].Name), Text(labels[index].Value));
            if (!pairs.TryGetValue(pair, out var known))
            {
                pairs.Add(pair, known = pairs.Count);
            }
            ofSeries.Add(known);
        }
        ends.Add(ofSeries.Count);
    }

    /// <summary>All texts in ordinal order, and where each stands in it by the order in which they came.</summary>
    public (string[] Sorted, int[] Ranks) Rank()
    {
        var sorted = texts.Keys.ToArray();
        Array.Sort(sorted, StringComparer.Ordinal);
        var ranks = new int[sorted.Length];
        for (var rank = 0; rank < sorted.Length; rank++)
        {
            ranks[texts[sorted[rank]]] = rank;
        }
        return (sorted, ranks);
    }

    /// <summary>The pairs by their number, as numbers of texts.</summary>
    public (int Name, int Value)[] Pairs()
    {
        var all = new (int Name, int Value)[pairs.Count];
        foreach (var (pair, number) in pairs)
        {
            all[number] = pair;
        }
        return all;
    }

    /// <summary>The numbers of a series' pairs, in the order of its labels.</summary>
    public ReadOnlySpan<int> Of(int series) =>
        System.Runtime.InteropServices.CollectionsMarshal.AsSpan(ofSeries)[
            (series == 0 ? 0 : ends[series - 1])..ends[series]
        ];

    private int Text(string text)
    {
        if (!texts.TryGetValue(text, out var known))
        {
            texts.Add(text, known = texts.Count);
        }
        return known;
    }
}
