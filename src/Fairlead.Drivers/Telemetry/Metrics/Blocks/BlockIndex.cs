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

    /// <summary>Writes all parts behind each other into a column that is empty.</summary>
    /// <returns>Where each begins, and where the last ends.</returns>
    public long[] Write(ByteColumn into)
    {
        var parts = new long[BlockFooter.PartsCount - 1];
        WriteTexts(into);
        parts[1] = into.Length;
        var details = Details();
        for (var series = 0; series < hashes.Count; series++)
        {
            into.Int64((ulong)(hashes[series] >> 64));
            into.Int64((ulong)hashes[series]);
            into.Int32((uint)details.Starts[series]);
        }
        parts[2] = into.Length;
        into.Bytes(details.Bytes.Written);
        parts[3] = into.Length;
        foreach (var ordinal in Enumerable.Range(0, hashes.Count).OrderBy(ordinal => hashes[ordinal]))
        {
            into.Int32((uint)ordinal);
        }
        parts[4] = into.Length;
        WritePostings(into, parts);
        parts[7] = into.Length;
        return parts;
    }

    private void WriteTexts(ByteColumn into)
    {
        var (offset, sorted) = (0, texts.Sorted);
        foreach (var text in sorted)
        {
            into.Int32((uint)offset);
            offset += Encoding.UTF8.GetByteCount(text);
        }
        into.Int32((uint)offset);
        foreach (var text in sorted)
        {
            Encoding.UTF8.GetBytes(text, into.Room(Encoding.UTF8.GetByteCount(text)));
        }
    }

    private (ByteColumn Bytes, int[] Starts) Details()
    {
        var (bytes, begin) = (new ByteColumn(chunks.Length * 2), new int[hashes.Count]);
        for (var series = 0; series < begin.Length; series++)
        {
            begin[series] = bytes.Length;
            var own = symbols.Of(series);
            bytes.Varint((ulong)own.Length);
            foreach (var pair in own)
            {
                bytes.Varint((ulong)texts.Ranks[pairs[pair].Name]);
                bytes.Varint((ulong)texts.Ranks[pairs[pair].Value]);
            }
            var end = series + 1 < begin.Length ? starts[series + 1] : chunks.Length;
            bytes.Bytes(chunks.Written[starts[series]..end]);
        }
        return (bytes, begin);
    }

    private void WritePostings(ByteColumn into, long[] parts)
    {
        var lists = Lists();
        var order = new int[pairs.Length];
        for (var pair = 0; pair < order.Length; pair++)
        {
            order[pair] = pair;
        }
        Array.Sort(order, ByText);
        var (names, values, postings) = (new ByteColumn(), new ByteColumn(), new ByteColumn());
        for (var place = 0; place < order.Length; place++)
        {
            var pair = pairs[order[place]];
            if (place == 0 || pairs[order[place - 1]].Name != pair.Name)
            {
                names.Int32((uint)texts.Ranks[pair.Name]);
                names.Int32((uint)place);
                names.Int32((uint)order.Skip(place).TakeWhile(other => pairs[other].Name == pair.Name).Count());
                Names++;
            }
            var list = lists(order[place]);
            values.Int32((uint)texts.Ranks[pair.Value]);
            values.Int32((uint)postings.Length);
            values.Int32((uint)list.Length);
            WriteList(list, postings);
        }
        into.Bytes(names.Written);
        parts[5] = into.Length;
        into.Bytes(values.Written);
        parts[6] = into.Length;
        into.Bytes(postings.Written);
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
