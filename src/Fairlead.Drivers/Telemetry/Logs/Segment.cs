using System.Globalization;
using System.IO.Hashing;
using Microsoft.Win32.SafeHandles;

namespace Fairlead.Drivers.Telemetry.Logs;

/// <summary>A file of blocks, let go as a whole. Immutable; a block more makes a new one.</summary>
internal sealed class Segment(string path, IReadOnlyList<BlockPlace> blocks)
{
    public string Path => path;

    public IReadOnlyList<BlockPlace> Blocks => blocks;

    public const string Extension = ".blocks";
    private const string IndexExtension = ".index";

    public long Bytes { get; } = blocks.Sum(block => block.Head.Bytes);

    public long Records { get; } = blocks.Sum(block => (long)block.Records);

    public Stretch Times { get; } =
        new(
            blocks.Select(block => block.Times.First).DefaultIfEmpty(long.MaxValue).Min(),
            blocks.Select(block => block.Times.Last).DefaultIfEmpty(long.MinValue).Max()
        );

    public long Through => Blocks.Select(block => block.Head.Through).DefaultIfEmpty(0).Max();

    public static string Name(long number) => string.Create(CultureInfo.InvariantCulture, $"{number:d19}{Extension}");

    public SafeFileHandle Open() =>
        File.OpenHandle(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    public void Delete()
    {
        File.Delete(Path);
        File.Delete(IndexOf(Path));
    }

    /// <summary>Reads a segment that is full, by its index where there is a good one.</summary>
    public static Segment Read(string file) => TryIndex(file) ?? Walk(file, isVerified: false);

    /// <summary>Reads the segment that was written to last: every block is verified, and what a crash left half is cut off.</summary>
    public static Segment Recover(string path)
    {
        var segment = Walk(path, isVerified: true);
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
        if (RandomAccess.GetLength(file) > segment.Bytes)
        {
            RandomAccess.SetLength(file, segment.Bytes);
            RandomAccess.FlushToDisk(file);
        }
        return segment;
    }

    /// <summary>Writes down where its blocks are, so that opening the store does not read every file. It can be missing.</summary>
    public void WriteIndex()
    {
        var bytes = new ByteWriter(1 << 16);
        using var file = Open();
        foreach (var block in Blocks)
        {
            var part = new byte[Block.HeadBytes + block.Head.Summary];
            if (RandomAccess.Read(file, part, block.Offset) != part.Length)
            {
                return;
            }
            bytes.Varint((ulong)block.Offset);
            bytes.Raw(part);
        }
        bytes.UInt64(XxHash3.HashToUInt64(bytes.Written));
        var beside = IndexOf(Path) + ".new";
        File.WriteAllBytes(beside, bytes.Written);
        File.Move(beside, IndexOf(Path), overwrite: true);
    }

    private static string IndexOf(string path) => System.IO.Path.ChangeExtension(path, IndexExtension);

    private static Segment? TryIndex(string path)
    {
        try
        {
            var bytes = File.ReadAllBytes(IndexOf(path));
            var hash = bytes.Length - sizeof(ulong);
            if (hash < 0 || new ByteReader(bytes.AsSpan(hash)).UInt64() != XxHash3.HashToUInt64(bytes.AsSpan(0, hash)))
            {
                return null;
            }
            List<BlockPlace> found = [];
            var from = new ByteReader(bytes.AsSpan(0, hash));
            while (!from.IsAtEnd)
            {
                var offset = (long)from.Varint();
                var head = Block.TryReadHead(from.Raw(Block.HeadBytes)) ?? throw new InvalidDataException("No head.");
                found.Add(BlockPlace.Of(offset, head, BlockSummary.Read(from.Raw(head.Summary))));
            }
            return new(path, found);
        }
        catch (Exception caught) when (caught is FileNotFoundException or InvalidDataException)
        {
            return null;
        }
    }

    // A block that cannot be read ends the file: without its head nobody knows where the next one begins.
    private static Segment Walk(string path, bool isVerified)
    {
        using var reading = new BlockReading(
            File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete)
        );
        List<BlockPlace> found = [];
        long offset = 0;
        while (reading.TryPlace(offset, isVerified) is { } place)
        {
            found.Add(place);
            offset += place.Head.Bytes;
        }
        // Blocks made of one collection count together or not at all.
        return new(path, found.GetRange(0, found.FindLastIndex(block => block.Head.Through > 0) + 1));
    }
}
