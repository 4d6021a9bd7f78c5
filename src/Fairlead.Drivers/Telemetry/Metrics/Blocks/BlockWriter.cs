using Fairlead.Drivers.Shell;
using Fairlead.Drivers.Telemetry.Metrics.Chunks;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Telemetry.Metrics.Blocks;

/// <summary>Writes a block beside its place and puts it there when all is on disk. Series come in the order of their labels.</summary>
internal sealed class BlockWriter : IDisposable
{
    private readonly BlockOutput output;
    private readonly ByteColumn details = new(64 * 1024);
    private readonly ByteColumn hashed = new();
    private readonly SymbolTable symbols = new();
    private readonly List<UInt128> hashes = [];
    private readonly List<int> detailStarts = [];
    private readonly ChunkCodec codec = new();
    private readonly ByteColumn chunk = new();
    private readonly List<(long From, long To, int Bytes)> chunks = [];
    private long firstChunk;
    private long from = long.MaxValue;
    private long to = long.MinValue;
    private long samples;
    private Labels? open;

    /// <param name="path">Where the block will be.</param>
    /// <param name="number">Of the block.</param>
    public BlockWriter(string path, long number)
    {
        (Path, Number) = (path, number);
        output = new(File.OpenHandle(TemporaryOf(path), FileMode.Create, FileAccess.Write, FileShare.None));
        output.Buffer.Bytes(BlockFormat.Magic);
    }

    public string Path { get; }

    public long Number { get; }

    public static string TemporaryOf(string path) => path + ".new";

    /// <summary>Adds a chunk to a series: the same as last time, or one that comes behind it.</summary>
    public void Add(Labels labels, ReadOnlySpan<long> times, ReadOnlySpan<double> values)
    {
        chunk.Clear();
        codec.Write(times, values, chunk);
        Add(labels, times[0], times[^1], chunk.Written);
        samples += times.Length;
    }

    /// <summary>Adds a chunk as it is.</summary>
    public void Add(Labels labels, in EncodedChunk encoded)
    {
        Add(labels, encoded.From, encoded.To, encoded.Bytes);
        samples += encoded.Samples;
    }

    /// <summary>Completes the file and puts it in its place.</summary>
    public void Finish(BlockKind kind, IReadOnlyList<long> parents)
    {
        EndSeries();
        output.StartChecksum();
        var start = output.Position;
        var index = new BlockIndex(symbols, hashes, detailStarts, details);
        var parts = index.Write(output);
        var footer = output.Position;
        new BlockFooter
        {
            Number = Number,
            Kind = kind,
            From = from,
            To = to,
            Samples = samples,
            Parents = parents,
            Symbols = symbols.Texts,
            Series = hashes.Count,
            Names = index.Names,
            Values = index.Values,
            Parts = [start, .. parts],
        }.Write(output.Buffer);
        var length = (uint)(output.Position - footer);
        var checksum = output.Checksum();
        output.Buffer.Int32(length);
        output.Buffer.Int64(checksum);
        output.Buffer.Bytes(BlockFormat.End);
        output.Finish();
        File.Move(TemporaryOf(Path), Path, overwrite: false);
        DurableFile.SyncFolder(System.IO.Path.GetDirectoryName(Path)!);
    }

    /// <summary>Gives up what is not finished.</summary>
    public void Dispose()
    {
        output.Dispose();
        File.Delete(TemporaryOf(Path));
    }

    private void Add(Labels labels, long first, long last, ReadOnlySpan<byte> bytes)
    {
        if (!ReferenceEquals(open, labels))
        {
            EndSeries();
            open = labels;
            firstChunk = output.Position;
        }
        chunks.Add((first, last, bytes.Length));
        (from, to) = (Math.Min(from, first), Math.Max(to, last));
        output.Buffer.Bytes(bytes);
        output.Spill();
    }

    private void EndSeries()
    {
        if (open is null)
        {
            return;
        }
        hashes.Add(BlockFormat.Hash(open, hashed));
        detailStarts.Add(details.Length);
        details.Varint((ulong)chunks.Count);
        details.Varint((ulong)firstChunk);
        var before = 0L;
        foreach (var (first, last, bytes) in chunks)
        {
            details.Zigzag(first - before);
            details.Varint((ulong)(last - first));
            details.Varint((ulong)bytes);
            before = last;
        }
        symbols.Add(open);
        chunks.Clear();
        open = null;
    }
}

/// <summary>A chunk that is copied from another place.</summary>
internal readonly ref struct EncodedChunk(long from, long to, int samples, ReadOnlySpan<byte> bytes)
{
    public long From { get; } = from;

    public long To { get; } = to;

    public int Samples { get; } = samples;

    public ReadOnlySpan<byte> Bytes { get; } = bytes;
}
