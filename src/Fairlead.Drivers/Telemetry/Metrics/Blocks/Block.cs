using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using Fairlead.Drivers.Telemetry.Metrics.Chunks;
using Fairlead.Drivers.Telemetry.Metrics.Selecting;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Telemetry.Metrics.Blocks;

/// <summary>
/// A block that is read, by any number of threads: its file as memory. Who still reads it when it is merged or dropped keeps it; the
/// collector lets it go after the last of them.
/// </summary>
internal sealed unsafe class Block : ILabelIndex, IChunkHolder
{
    private readonly MappedFile file;
    private readonly byte* start;
    private readonly byte* index;
    private readonly BlockFooter footer;
    private int damaged;

    private Block(string path, MappedFile file, long size)
    {
        (Path, this.file, Size) = (path, file, size);
        start = (byte*)file.Address;
        footer = Verified();
        index = start + footer.Parts[0];
    }

    public string Path { get; }

    /// <summary>In bytes.</summary>
    public long Size { get; }

    public long Number => footer.Number;

    public BlockKind Kind => footer.Kind;

    public long From => footer.From;

    public long To => footer.To;

    public long Samples => footer.Samples;

    public IReadOnlyList<long> Parents => footer.Parents;

    public int SeriesCount => footer.Series;

    /// <summary>Chunks that were found damaged since it was opened.</summary>
    public int Damaged => Volatile.Read(ref damaged);

    /// <exception cref="InvalidDataException">It is no block, or damaged.</exception>
    public static Block Open(string path)
    {
        using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        var size = RandomAccess.GetLength(handle);
        if (size < BlockFormat.Magic.Length + BlockFormat.TailSize)
        {
            throw new InvalidDataException($"it has only {size} bytes");
        }
        var mapped = MappedFile.Map(handle, size);
        try
        {
            return new(path, mapped, size);
        }
        catch
        {
            mapped.Dispose();
            throw;
        }
    }

    public bool Overlaps(long from, long to) => From <= to && To >= from;

    public UInt128 HashOf(int series)
    {
        var entry = Part(2).Slice(series * BlockFormat.SeriesSize, 16);
        var hash = new UInt128(
            BinaryPrimitives.ReadUInt64LittleEndian(entry),
            BinaryPrimitives.ReadUInt64LittleEndian(entry[8..])
        );
        GC.KeepAlive(file);
        return hash;
    }

    /// <summary>The series of these labels' hash; -1 when it has none.</summary>
    public int Find(UInt128 hash)
    {
        var (low, high) = (0, SeriesCount - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var series = (int)Number32(3, middle * 4);
            var order = HashOf(series).CompareTo(hash);
            if (order == 0)
            {
                return series;
            }
            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }
        return -1;
    }

    /// <param name="texts">Texts of this block that were made before, by their rank.</param>
    public Labels LabelsOf(int series, Dictionary<int, string> texts)
    {
        var reader = DetailsOf(series);
        var labels = new Label[reader.Count(reader.Left)];
        for (var place = 0; place < labels.Length; place++)
        {
            labels[place] = new(Text((int)reader.Varint(), texts), Text((int)reader.Varint(), texts));
        }
        GC.KeepAlive(file);
        return Labels.TrySorted(labels)
            ?? throw new InvalidDataException($"the labels of series {series} are not sorted");
    }

    /// <summary>Adds the chunks of a series that may hold samples of this time.</summary>
    public void Collect(int series, long from, long to, List<ChunkRef> into)
    {
        var chunks = ChunksOf(series);
        while (chunks.Next())
        {
            if (chunks.From <= to && chunks.To >= from)
            {
                into.Add(new(chunks.From, chunks.To, this, chunks.Place, chunks.Length));
            }
        }
        GC.KeepAlive(file);
    }

    /// <summary>Whether a series may have samples of this time.</summary>
    public bool Overlaps(int series, long from, long to)
    {
        if (from <= From && to >= To)
        {
            return true;
        }
        var chunks = ChunksOf(series);
        var isFound = false;
        while (!isFound && chunks.Next())
        {
            isFound = chunks.From <= to && chunks.To >= from;
        }
        GC.KeepAlive(file);
        return isFound;
    }

    public int Read(in ChunkRef chunk, ChunkCodec codec, Span<long> times, Span<double> values)
    {
        var count = 0;
        var bytes = BytesOf(chunk);
        if (ChunkCodec.IsUndamaged(bytes))
        {
            count = codec.Read(bytes, times, values);
        }
        else
        {
            Interlocked.Increment(ref damaged);
        }
        GC.KeepAlive(file);
        return count;
    }

    public ReadOnlySpan<byte> BytesOf(in ChunkRef chunk) =>
        chunk.Place >= 0 && chunk.Length >= 0 && chunk.Place + chunk.Length <= footer.Parts[0]
            ? new(start + chunk.Place, chunk.Length)
            : [];

    public void Mark(string name, string value, SeriesSet into)
    {
        if (FindName(name) is var (first, count) && FindValue(value, first, count) is var place and >= 0)
        {
            MarkList(place, into);
        }
        GC.KeepAlive(file);
    }

    public void Mark(string name, ValueTest fits, SeriesSet into)
    {
        if (FindName(name) is not var (first, count))
        {
            return;
        }
        var letters = new char[256];
        for (var place = first; place < first + count; place++)
        {
            var text = Utf8((int)Number32(5, place * BlockFormat.ValueSize));
            if (text.Length > letters.Length)
            {
                letters = new char[text.Length];
            }
            if (fits(letters.AsSpan(0, Encoding.UTF8.GetChars(text, letters))))
            {
                MarkList(place, into);
            }
        }
        GC.KeepAlive(file);
    }

    public IEnumerable<string> Names() =>
        Enumerable.Range(0, footer.Names).Select(place => TextOf(4, place * BlockFormat.NameSize));

    public IEnumerable<string> Values(string name) =>
        FindName(name) is var (first, count)
            ? Enumerable.Range(first, count).Select(place => TextOf(5, place * BlockFormat.ValueSize))
            : [];

    private (int First, int Count)? FindName(string name)
    {
        var found = Search(4, name, new(0, footer.Names, BlockFormat.NameSize));
        return found < 0
            ? null
            : (
                (int)Number32(4, (found * BlockFormat.NameSize) + 4),
                (int)Number32(4, (found * BlockFormat.NameSize) + 8)
            );
    }

    private int FindValue(string value, int first, int count) =>
        Search(5, value, new(first, count, BlockFormat.ValueSize));

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Range(int First, int Count, int Size);

    // Entries begin with the rank of their text, and are in the order of it.
    private int Search(int part, string text, Range range)
    {
        Span<char> letters = stackalloc char[512];
        var (low, high) = (range.First, range.First + range.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var utf8 = Utf8((int)Number32(part, middle * range.Size));
            if (utf8.Length > letters.Length)
            {
                letters = new char[utf8.Length];
            }
            var order = letters[..Encoding.UTF8.GetChars(utf8, letters)].SequenceCompareTo(text);
            if (order == 0)
            {
                return middle;
            }
            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }
        return -1;
    }

    private void MarkList(int place, SeriesSet into)
    {
        var reader = new ByteReader(Part(6)[(int)Number32(5, (place * BlockFormat.ValueSize) + 4)..]);
        var ordinal = 0;
        for (var left = Number32(5, (place * BlockFormat.ValueSize) + 8); left > 0; left--)
        {
            ordinal += (int)reader.Varint();
            into.Add(ordinal);
        }
    }

    private ChunkList ChunksOf(int series)
    {
        var reader = DetailsOf(series);
        for (var left = reader.Count(reader.Left) * 2; left > 0; left--)
        {
            reader.Varint();
        }
        return new(reader);
    }

    // A series' chunks, one after the other.
    private ref struct ChunkList
    {
        private ByteReader reader;
        private int left;

        public ChunkList(ByteReader reader)
        {
            left = reader.Count(reader.Left);
            Place = (long)reader.Varint();
            this.reader = reader;
        }

        public long From { get; private set; }

        public long To { get; private set; }

        public long Place { get; private set; }

        public int Length { get; private set; }

        public bool Next()
        {
            if (left-- == 0)
            {
                return false;
            }
            From = To + reader.Zigzag();
            To = From + (long)reader.Varint();
            Place += Length;
            Length = (int)reader.Varint();
            return true;
        }
    }

    private ByteReader DetailsOf(int series) =>
        new(Part(1)[(int)Number32(2, (series * BlockFormat.SeriesSize) + 16)..]);

    private string TextOf(int part, int offset)
    {
        var text = Encoding.UTF8.GetString(Utf8((int)Number32(part, offset)));
        GC.KeepAlive(file);
        return text;
    }

    private string Text(int rank, Dictionary<int, string> texts)
    {
        if (!texts.TryGetValue(rank, out var text))
        {
            texts.Add(rank, text = Encoding.UTF8.GetString(Utf8(rank)));
        }
        return text;
    }

    private ReadOnlySpan<byte> Utf8(int rank)
    {
        var texts = (footer.Symbols + 1) * 4;
        var (first, end) = ((int)Number32(0, rank * 4), (int)Number32(0, (rank + 1) * 4));
        return Part(0)[(texts + first)..(texts + end)];
    }

    private uint Number32(int part, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(Part(part)[offset..]);

    // 0: texts, 1: details, 2: series, 3: by hash, 4: names, 5: values, 6: postings.
    private ReadOnlySpan<byte> Part(int part)
    {
        var (from, to) = (footer.Parts[part + 1], footer.Parts[part + 2]);
        return new(index + from, (int)(to - from));
    }

    private BlockFooter Verified()
    {
        var tail = new ByteReader(new(start + Size - BlockFormat.TailSize, BlockFormat.TailSize));
        var (length, checksum) = (tail.Int32(), tail.Int64());
        if (
            !new ReadOnlySpan<byte>(start, 8).SequenceEqual(BlockFormat.Magic)
            || !tail.Bytes(8).SequenceEqual(BlockFormat.End)
        )
        {
            throw new InvalidDataException("it does not begin and end as a block");
        }
        var end = Size - BlockFormat.TailSize;
        if (length > end - BlockFormat.Magic.Length)
        {
            throw new InvalidDataException("its footer is larger than itself");
        }
        var found = BlockFooter.Read(new(start + end - length, (int)length));
        var size = end - found.Parts[0];
        if (
            found.Parts[0] < BlockFormat.Magic.Length
            || size is < 0 or > int.MaxValue
            || XxHash3.HashToUInt64(new(start + found.Parts[0], (int)size)) != checksum
        )
        {
            throw new InvalidDataException("the checksum of its index is wrong");
        }
        return found;
    }
}
