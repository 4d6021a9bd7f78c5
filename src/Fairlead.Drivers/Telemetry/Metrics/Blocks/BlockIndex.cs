using System.Text;
using Fairlead.Drivers.Telemetry.Metrics.Chunks;

namespace Fairlead.Drivers.Telemetry.Metrics.Blocks;

/// <summary>Writes the index of a block: see <see cref="BlockFormat"/>.</summary>
/// <param name="hashes">Of the series, in their order.</param>
/// <param name="starts">Where each series' chunks stand in <paramref name="chunks"/>.</param>
internal sealed class BlockIndex(
    SymbolTable symbols,
    IReadOnlyList<UInt128> hashes,
    IReadOnlyList<int> starts,
    ByteColumn chunks
)
{
    private readonly (string[] Sorted, int[] Ranks) texts = symbols.Rank();
    private readonly (int Name, int Value)[] pairs = symbols.Pairs();

    public int Names { get; private set; }

    public int Values => pairs.Length;

    /// <summary>Writes all parts behind each other.</summary>
    /// <returns>Where each begins, counted from the first, and where the last ends.</returns>
    public long[] Write(BlockOutput output)
    {
        var (start, parts) = (output.Position, new List<long> { 0 });
        WriteTexts(output);
        Next();
        var details = WriteDetails(output);
        Next();
        for (var series = 0; series < hashes.Count; series++)
        {
            output.Buffer.Int64((ulong)(hashes[series] >> 64));
            output.Buffer.Int64((ulong)hashes[series]);
            output.Buffer.Int32((uint)details[series]);
            output.Spill();
        }
        Next();
        foreach (var ordinal in Enumerable.Range(0, hashes.Count).OrderBy(ordinal => hashes[ordinal]))
        {
            output.Buffer.Int32((uint)ordinal);
            output.Spill();
        }
        Next();
        var order = new int[pairs.Length];
        for (var pair = 0; pair < order.Length; pair++)
        {
            order[pair] = pair;
        }
        Array.Sort(order, ByText);
        WriteNames(order, output);
        Next();
        var lists = Lists();
        WriteValues(order, lists, output);
        Next();
        foreach (var pair in order)
        {
            WriteList(lists(pair), output.Buffer);
            output.Spill();
        }
        Next();
        return [.. parts];

        void Next() => parts.Add(output.Position - start);
    }

    private void WriteTexts(BlockOutput output)
    {
        var (offset, sorted) = (0, texts.Sorted);
        foreach (var text in sorted)
        {
            output.Buffer.Int32((uint)offset);
            offset += Encoding.UTF8.GetByteCount(text);
            output.Spill();
        }
        output.Buffer.Int32((uint)offset);
        foreach (var text in sorted)
        {
            Encoding.UTF8.GetBytes(text, output.Buffer.Room(Encoding.UTF8.GetByteCount(text)));
            output.Spill();
        }
    }

    private int[] WriteDetails(BlockOutput output)
    {
        var (start, begin) = (output.Position, new int[hashes.Count]);
        for (var series = 0; series < begin.Length; series++)
        {
            begin[series] = (int)(output.Position - start);
            var own = symbols.Of(series);
            output.Buffer.Varint((ulong)own.Length);
            foreach (var pair in own)
            {
                output.Buffer.Varint((ulong)texts.Ranks[pairs[pair].Name]);
                output.Buffer.Varint((ulong)texts.Ranks[pairs[pair].Value]);
            }
            var end = series + 1 < begin.Length ? starts[series + 1] : chunks.Length;
            output.Buffer.Bytes(chunks.Written[starts[series]..end]);
            output.Spill();
        }
        return begin;
    }

    private void WriteNames(int[] order, BlockOutput output)
    {
        for (int first = 0, after; first < order.Length; first = after)
        {
            var name = pairs[order[first]].Name;
            for (after = first + 1; after < order.Length && pairs[order[after]].Name == name; after++) { }
            output.Buffer.Int32((uint)texts.Ranks[name]);
            output.Buffer.Int32((uint)first);
            output.Buffer.Int32((uint)(after - first));
            Names++;
        }
    }

    private void WriteValues(int[] order, ListOf lists, BlockOutput output)
    {
        var (offset, list) = (0, new ByteColumn());
        foreach (var pair in order)
        {
            list.Clear();
            WriteList(lists(pair), list);
            output.Buffer.Int32((uint)texts.Ranks[pairs[pair].Value]);
            output.Buffer.Int32((uint)offset);
            output.Buffer.Int32((uint)lists(pair).Length);
            output.Spill();
            offset += list.Length;
        }
    }

    private static void WriteList(ReadOnlySpan<int> list, ByteColumn postings)
    {
        var before = 0;
        foreach (var ordinal in list)
        {
            postings.Varint((ulong)(ordinal - before));
            before = ordinal;
        }
    }

    private int ByText(int left, int right)
    {
        var (first, second) = (pairs[left], pairs[right]);
        var order = texts.Ranks[first.Name].CompareTo(texts.Ranks[second.Name]);
        return order != 0 ? order : texts.Ranks[first.Value].CompareTo(texts.Ranks[second.Value]);
    }

    private delegate ReadOnlySpan<int> ListOf(int pair);

    // Counted first, so that all lists share one array.
    private ListOf Lists()
    {
        var ends = new int[pairs.Length + 1];
        for (var series = 0; series < symbols.Series; series++)
        {
            foreach (var pair in symbols.Of(series))
            {
                ends[pair + 1]++;
            }
        }
        for (var pair = 0; pair < pairs.Length; pair++)
        {
            ends[pair + 1] += ends[pair];
        }
        var (ordinals, filled) = (new int[ends[^1]], ends[..^1]);
        for (var series = 0; series < symbols.Series; series++)
        {
            foreach (var pair in symbols.Of(series))
            {
                ordinals[filled[pair]++] = series;
            }
        }
        return pair => ordinals.AsSpan(ends[pair]..ends[pair + 1]);
    }
}
