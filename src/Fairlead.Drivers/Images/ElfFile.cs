using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Fairlead.Drivers.Images;

/// <summary>
/// What a program or library of Linux needs, read from its own tables (ELF 64, little-endian): nothing of it is run, as <c>ldd</c> would.
/// </summary>
/// <param name="Architecture">In Go's words, such as <c>amd64</c>.</param>
/// <param name="Loader">The loader that it names; null for libraries, and for programs that need none.</param>
/// <param name="Needed">Names of libraries.</param>
/// <param name="Paths">Where it says that they are; <c>$ORIGIN</c> is its own folder.</param>
internal sealed record ElfFile(
    string Architecture,
    string? Loader,
    IReadOnlyList<string> Needed,
    IReadOnlyList<string> Paths
)
{
    private const int HeaderBytes = 64;
    private const int SegmentBytes = 56;
    private const int SegmentsMax = 512;
    private const int DynamicBytesMax = 1 << 20;
    private const int NeededMax = 1024;
    private const int TextBytesMax = 4096;
    private const int LoadSegment = 1;
    private const int DynamicSegment = 2;
    private const int LoaderSegment = 3;

    public bool IsStatic => Loader is null && Needed.Count == 0;

    public static ElfFile? TryReadFile(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            return TryRead(file);
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>Null when it is none of ours.</summary>
    /// <exception cref="InvalidDataException">It begins as one, but its tables lead nowhere.</exception>
    public static ElfFile? TryRead(Stream file)
    {
        var header = new byte[HeaderBytes];
        if (file.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false) < HeaderBytes)
        {
            return null;
        }
        // 0x7f E L F, 64 bits, little-endian.
        if (
            !header.AsSpan(0, 6).SequenceEqual("\u007fELF\u0002\u0001"u8)
            || ArchitectureOf(header) is not { } architecture
        )
        {
            return null;
        }
        var segments = Segments(file, header);
        var loader = segments
            .Where(static one => one.Type == LoaderSegment)
            .Select(one => Text(file, one.Offset))
            .FirstOrDefault();
        var dynamic = segments.FirstOrDefault(static one => one.Type == DynamicSegment);
        return dynamic.Type == DynamicSegment
            ? Dynamic(file, segments, dynamic) with
            {
                Architecture = architecture,
                Loader = loader,
            }
            : new(architecture, loader, [], []);
    }

    private static string? ArchitectureOf(byte[] header) =>
        BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(18)) switch
        {
            62 => "amd64",
            183 => "arm64",
            243 => "riscv64",
            21 => "ppc64le",
            258 => "loong64",
            _ => null,
        };

    private static List<Segment> Segments(Stream file, byte[] header)
    {
        var (offset, size, count) = (
            BinaryPrimitives.ReadUInt64LittleEndian(header.AsSpan(32)),
            BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(54)),
            BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(56))
        );
        if (count > SegmentsMax || (count > 0 && size != SegmentBytes))
        {
            throw new InvalidDataException("Its table of segments is none.");
        }
        var table = Bytes(file, offset, count * SegmentBytes);
        return
        [
            .. Enumerable
                .Range(0, count)
                .Select(at => table.AsSpan(at * SegmentBytes).ToArray())
                .Select(static one => new Segment(
                    BinaryPrimitives.ReadUInt32LittleEndian(one),
                    BinaryPrimitives.ReadUInt64LittleEndian(one.AsSpan(8)),
                    BinaryPrimitives.ReadUInt64LittleEndian(one.AsSpan(16)),
                    BinaryPrimitives.ReadUInt64LittleEndian(one.AsSpan(32))
                )),
        ];
    }

    private static ElfFile Dynamic(Stream file, List<Segment> segments, Segment dynamic)
    {
        if (dynamic.Bytes > DynamicBytesMax)
        {
            throw new InvalidDataException("Its dynamic section is too large.");
        }
        var table = Bytes(file, dynamic.Offset, (int)dynamic.Bytes);
        var (needed, paths, strings) = (new List<ulong>(), new List<ulong>(), 0UL);
        for (var at = 0; at + 16 <= table.Length; at += 16)
        {
            var (tag, value) = (
                BinaryPrimitives.ReadUInt64LittleEndian(table.AsSpan(at)),
                BinaryPrimitives.ReadUInt64LittleEndian(table.AsSpan(at + 8))
            );
            switch (tag)
            {
                case 0:
                    at = table.Length;
                    break;
                case 1 when needed.Count < NeededMax:
                    needed.Add(value);
                    break;
                case 5:
                    strings = value;
                    break;
                case 15 or 29:
                    paths.Add(value);
                    break;
            }
        }
        var from = OffsetOf(segments, strings);
        return new(
            "",
            null,
            [.. needed.Select(one => Text(file, unchecked(from + one)))],
            [
                .. paths
                    .Take(2)
                    .SelectMany(one =>
                        Text(file, unchecked(from + one)).Split(':', StringSplitOptions.RemoveEmptyEntries)
                    ),
            ]
        );
    }

    private static ulong OffsetOf(List<Segment> segments, ulong address)
    {
        foreach (var one in segments)
        {
            if (one.Type == LoadSegment && address >= one.Address && address - one.Address < one.Bytes)
            {
                return unchecked(one.Offset + (address - one.Address));
            }
        }
        return address;
    }

    private static string Text(Stream file, ulong offset)
    {
        var bytes = Bytes(file, offset, TextBytesMax, mayEnd: true);
        var end = Array.IndexOf(bytes, (byte)0);
        return end >= 0
            ? Encoding.UTF8.GetString(bytes, 0, end)
            : throw new InvalidDataException("A name in it has no end.");
    }

    private static byte[] Bytes(Stream file, ulong offset, int count, bool mayEnd = false)
    {
        if (offset > (ulong)file.Length)
        {
            throw new InvalidDataException("A table of it begins after its end.");
        }
        file.Position = (long)offset;
        var bytes = new byte[count];
        var read = file.ReadAtLeast(bytes, count, throwOnEndOfStream: false);
        return read == count ? bytes
            : mayEnd ? bytes[..read]
            : throw new InvalidDataException("It ends in the middle of a table.");
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Segment(uint Type, ulong Offset, ulong Address, ulong Bytes);
}
