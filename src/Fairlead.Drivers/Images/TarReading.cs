using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Fairlead.Drivers.Images;

/// <summary>
/// Reads tars that strangers made: POSIX's ustar and pax, and GNU's long names. The library's own reader keeps a header's attributes in memory
/// however long they claim to be; here everything but a file's content has a limit.
/// </summary>
internal sealed class TarReading(Stream from)
{
    private const int BlockBytes = 512;
    private const int AttributesBytesMax = 1 << 20;
    private const int PathBytesMax = 4096;

    private readonly byte[] block = new byte[BlockBytes];
    private long left;
    private int padding;

    /// <summary>The next entry; null at the end. What was left of the one before is passed over.</summary>
    /// <exception cref="InvalidDataException">It is no tar.</exception>
    public async Task<TarItem?> NextAsync(CancellationToken stop)
    {
        var (path, link, size) = ((string?)null, (string?)null, (long?)null);
        while (true)
        {
            await SkipAsync(stop);
            if (!await HeaderAsync(stop))
            {
                return null;
            }
            var type = (char)block[156];
            var length = Number(124, 12);
            if (type is 'x' or 'L' or 'K' or 'g')
            {
                var text = await AttributesAsync(length, stop);
                (path, link, size) = type switch
                {
                    'L' => (text.TrimEnd('\0'), link, size),
                    'K' => (path, text.TrimEnd('\0'), size),
                    'x' => Pax(text, (path, link, size)),
                    _ => (path, link, size),
                };
                continue;
            }
            length = size ?? length;
            var item = new TarItem(
                path ?? Name(),
                link ?? Field(157, 100),
                KindOf(type),
                (int)(Number(100, 8) & 0xfff),
                length
            );
            Begin(item.Kind is TarKind.File ? length : 0);
            return
                Encoding.UTF8.GetByteCount(item.Path) <= PathBytesMax
                && Encoding.UTF8.GetByteCount(item.Link) <= PathBytesMax
                ? item
                : throw new InvalidDataException($"A path in it is longer than {PathBytesMax} bytes.");
        }
    }

    /// <summary>More of the entry's content; 0 at its end.</summary>
    /// <exception cref="InvalidDataException">The tar ends before.</exception>
    public async Task<int> ReadAsync(Memory<byte> to, CancellationToken stop)
    {
        if (left == 0)
        {
            return 0;
        }
        var count = await from.ReadAsync(to[..(int)Math.Min(to.Length, left)], stop);
        left -= count;
        return count > 0 ? count : throw new InvalidDataException("It ends in the middle of a file.");
    }

    private async Task SkipAsync(CancellationToken stop)
    {
        var buffer = new byte[Math.Min(1 << 16, left + padding)];
        for (var rest = left + padding; rest > 0; )
        {
            var count = await from.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, rest)), stop);
            rest = count > 0 ? rest - count : throw new InvalidDataException("It ends in the middle of a file.");
        }
        (left, padding) = (0, 0);
    }

    private async Task<bool> HeaderAsync(CancellationToken stop)
    {
        var count = await from.ReadAtLeastAsync(block, BlockBytes, throwOnEndOfStream: false, stop);
        if (count == 0 || (count == BlockBytes && block.AsSpan().IndexOfAnyExcept((byte)0) < 0))
        {
            return false;
        }
        var sum =
            block.Sum(static one => (long)one)
            - block.AsSpan(148, 8).ToArray().Sum(static one => (long)one)
            + (8 * ' ');
        return count == BlockBytes && sum == Number(148, 8)
            ? true
            : throw new InvalidDataException("A header in it is none.");
    }

    private async Task<string> AttributesAsync(long length, CancellationToken stop)
    {
        if (length is < 0 or > AttributesBytesMax)
        {
            throw new InvalidDataException(
                $"Attributes in it have {length} bytes; at most {AttributesBytesMax} are read."
            );
        }
        var bytes = new byte[length];
        if (await from.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, stop) < length)
        {
            throw new InvalidDataException("It ends in the middle of attributes.");
        }
        Begin(length);
        left = 0;
        return Encoding.UTF8.GetString(bytes);
    }

    private void Begin(long length)
    {
        if (length < 0)
        {
            throw new InvalidDataException("A file in it has less than nothing.");
        }
        (left, padding) = (length, (int)((BlockBytes - (length % BlockBytes)) % BlockBytes));
    }

    // 30 mtime=1700000000.123\n
    private static (string? Path, string? Link, long? Size) Pax(
        string text,
        (string? Path, string? Link, long? Size) found
    )
    {
        for (var at = 0; at < text.Length; )
        {
            var space = text.IndexOf(' ', at);
            var end = space < 0 ? -1 : text.IndexOf('\n', space);
            if (end < 0)
            {
                return found;
            }
            // Lengths are of bytes, so they are no help in a text; no name that matters here holds the end of a line.
            var pair = text[(space + 1)..end].Split('=', 2);
            found = pair switch
            {
                ["path", var path] => found with { Path = path },
                ["linkpath", var link] => found with { Link = link },
                ["size", var size] => long.TryParse(
                    size,
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out var bytes
                )
                    ? found with
                    {
                        Size = bytes,
                    }
                    : throw new InvalidDataException("A file's size in it is no number."),
                [var sparse, ..] when sparse.StartsWith("GNU.sparse", StringComparison.Ordinal) =>
                    throw new InvalidDataException("It holds a sparse file, which is not read."),
                _ => found,
            };
            at = end + 1;
        }
        return found;
    }

    private string Name()
    {
        // ustar\0 has a field for what is before; GNU's ustar and two spaces has other things there.
        var isPosix = block.AsSpan(257, 6).SequenceEqual("ustar\0"u8);
        var before = isPosix ? Field(345, 155) : "";
        return before.Length > 0 ? $"{before}/{Field(0, 100)}" : Field(0, 100);
    }

    private string Field(int at, int count)
    {
        var bytes = block.AsSpan(at, count);
        var end = bytes.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
    }

    // In octal digits; or, for files over 8 GiB, as a number with its first bit set.
    private long Number(int at, int count)
    {
        var bytes = block.AsSpan(at, count);
        if ((bytes[0] & 0x80) != 0)
        {
            return count < 12
                ? throw new InvalidDataException("A number in it is none.")
                : BinaryPrimitives.ReadInt64BigEndian(bytes[(count - 8)..]);
        }
        var value = 0L;
        foreach (var one in Encoding.ASCII.GetString(bytes).Trim('\0', ' '))
        {
            value =
                one is >= '0' and <= '7' && value < long.MaxValue >> 3
                    ? (value << 3) + (one - '0')
                    : throw new InvalidDataException("A number in it is none.");
        }
        return value;
    }

    private static TarKind KindOf(char type) =>
        type switch
        {
            '0' or '\0' or '7' => TarKind.File,
            '1' => TarKind.HardLink,
            '2' => TarKind.Link,
            '3' or '4' or '6' => TarKind.Device,
            '5' => TarKind.Folder,
            _ => throw new InvalidDataException($"It holds something of kind 0x{(int)type:x2}, which is not read."),
        };
}

/// <param name="Mode">Permissions, 12 bits.</param>
/// <param name="Size">Bytes of a file.</param>
internal sealed record TarItem(string Path, string Link, TarKind Kind, int Mode, long Size);

/// <summary>What an entry of a tar is.</summary>
internal enum TarKind
{
    File,
    Folder,
    Link,
    HardLink,

    /// <summary>A device or a pipe.</summary>
    Device,
}
