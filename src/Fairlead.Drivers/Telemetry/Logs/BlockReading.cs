using System.IO.Hashing;
using Microsoft.Win32.SafeHandles;
using ZstdSharp;

namespace Fairlead.Drivers.Telemetry.Logs;

/// <summary>Reads the blocks of an open segment, part by part.</summary>
internal sealed class BlockReading(SafeFileHandle file) : IDisposable
{
    private readonly Decompressor decompressor = new();

    public void Dispose()
    {
        decompressor.Dispose();
        file.Dispose();
    }

    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public BlockSummary Summary(BlockPlace place)
    {
        var bytes = Read(place.Offset + Block.HeadBytes, place.Head.Summary + place.Head.Filter);
        Verify(place.Head.Hashes.Summary, bytes);
        return BlockSummary.Read(bytes.AsSpan(0, place.Head.Summary));
    }

    /// <summary>The block that begins here; null when there is none, or none that is whole.</summary>
    /// <param name="isVerified">Whether its frames are read too.</param>
    public BlockPlace? TryPlace(long offset, bool isVerified)
    {
        try
        {
            if (Block.TryReadHead(Read(offset, Block.HeadBytes)) is not { } head)
            {
                return null;
            }
            var bytes = Read(offset + Block.HeadBytes, head.Summary + head.Filter);
            Verify(head.Hashes.Summary, bytes);
            if (offset + head.Bytes > RandomAccess.GetLength(file))
            {
                return null;
            }
            if (isVerified)
            {
                var frames = offset + Block.HeadBytes + bytes.Length;
                Verify(head.Hashes.Columns, Read(frames, head.Columns.Packed));
                Verify(head.Hashes.Texts, Read(frames + head.Columns.Packed, head.Texts.Packed));
            }
            return BlockPlace.Of(offset, head, BlockSummary.Read(bytes.AsSpan(0, head.Summary)));
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>Whether a block may have all of these words.</summary>
    public bool MayHave(BlockPlace place, IReadOnlyList<ulong> words)
    {
        Span<byte> line = stackalloc byte[WordFilter.LineBytes];
        var start = place.Offset + Block.HeadBytes + place.Head.Summary;
        foreach (var word in words)
        {
            var at = start + ((long)WordFilter.LineOf(word, place.Head.FilterLines) * WordFilter.LineBytes);
            if (RandomAccess.Read(file, line, at) == line.Length && !WordFilter.MayHave(line, word))
            {
                return false;
            }
        }
        return true;
    }

    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public BlockColumns Columns(BlockPlace place, int streams)
    {
        var offset = place.Offset + Block.HeadBytes + place.Head.Summary + place.Head.Filter;
        var plain = Inflate(offset, place.Head.Columns, place.Head.Hashes.Columns);
        return BlockColumns.Read(plain, place.Records, streams);
    }

    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public BlockTexts Texts(BlockPlace place)
    {
        var head = place.Head;
        var offset = place.Offset + Block.HeadBytes + head.Summary + head.Filter + head.Columns.Packed;
        return BlockTexts.Read(Inflate(offset, head.Texts, head.Hashes.Texts), place.Records);
    }

    private byte[] Inflate(long offset, Frame frame, ulong hash)
    {
        var packed = Read(offset, frame.Packed);
        Verify(hash, packed);
        var plain = new byte[frame.Plain];
        try
        {
            return decompressor.Unwrap(packed, plain) == plain.Length
                ? plain
                : throw new InvalidDataException("A frame is shorter than it should be.");
        }
        catch (ZstdException caught)
        {
            throw new InvalidDataException(caught.Message, caught);
        }
    }

    private byte[] Read(long offset, int count)
    {
        var bytes = new byte[count];
        var read = 0;
        while (read < count && RandomAccess.Read(file, bytes.AsSpan(read), offset + read) is > 0 and var more)
        {
            read += more;
        }
        return read == count ? bytes : throw new InvalidDataException("The file ends within a block.");
    }

    private static void Verify(ulong hash, ReadOnlySpan<byte> bytes)
    {
        if (XxHash3.HashToUInt64(bytes) != hash)
        {
            throw new InvalidDataException("A block's bytes are not those that were written.");
        }
    }
}
