using System.Buffers;
using Snappier;

namespace Fairlead.Drivers.Formats.Compression;

/// <summary>Bytes in snappy's block format (github.com/google/snappy/blob/main/format_description.txt), as remote write and Loki's push send them.</summary>
public sealed class SnappyBlock : IDisposable
{
    private byte[] bytes;
    private readonly int length;

    private SnappyBlock(byte[] bytes, int length) => (this.bytes, this.length) = (bytes, length);

    /// <summary>Until this is disposed of.</summary>
    public ReadOnlySpan<byte> Bytes => bytes.AsSpan(0, length);

    /// <param name="bytesMax">Blocks that say they are larger are not read at all.</param>
    /// <exception cref="InvalidDataException">It is no such block, or too large.</exception>
    public static SnappyBlock Inflate(ReadOnlySpan<byte> block, int bytesMax)
    {
        var size = SizeOf(block);
        if (size < 0 || size > bytesMax)
        {
            throw new InvalidDataException($"It says that it holds {size} bytes, at most {bytesMax} are taken.");
        }
        var room = ArrayPool<byte>.Shared.Rent(Math.Max(1, size));
        try
        {
            var written = Snappy.Decompress(block, room);
            return written == size
                ? new(room, written)
                : throw new InvalidDataException($"It holds {written} bytes and says {size}.");
        }
        catch (Exception caught)
        {
            ArrayPool<byte>.Shared.Return(room);
            if (caught is ArgumentException or IndexOutOfRangeException or OverflowException)
            {
                throw new InvalidDataException("This is no snappy block.", caught);
            }
            throw;
        }
    }

    public static byte[] Deflate(ReadOnlySpan<byte> bytes) => Snappy.CompressToArray(bytes);

    public void Dispose()
    {
        if (bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(bytes);
            bytes = [];
        }
    }

    private static int SizeOf(ReadOnlySpan<byte> block)
    {
        try
        {
            return Snappy.GetUncompressedLength(block);
        }
        catch (Exception caught) when (caught is ArgumentException or OverflowException)
        {
            throw new InvalidDataException("This is no snappy block.", caught);
        }
    }
}
