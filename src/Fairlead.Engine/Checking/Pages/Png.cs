using System.Buffers.Binary;
using System.IO.Compression;

namespace Fairlead.Engine.Checking.Pages;

/// <summary>
/// Reads and writes the kind of PNG that browsers make of pages: 8 bits for each of three or four colours, not interlaced. Libraries for
/// pictures that can be had are large, native, or not free to use.
/// </summary>
/// <remarks>PNG, third edition, W3C 2025.</remarks>
internal static class Png
{
    private const int PixelsMax = 64 * 1024 * 1024;
    private static readonly byte[] Signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10];

    /// <exception cref="InvalidDataException">It is no such picture.</exception>
    public static Picture Read(ReadOnlySpan<byte> file)
    {
        if (!file.StartsWith(Signature))
        {
            throw new InvalidDataException("It is no PNG.");
        }
        var (width, height, colours) = (0, 0, 0);
        using var packed = new MemoryStream();
        for (var at = Signature.Length; at + 12 <= file.Length; )
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(file[at..]);
            if (length > file.Length - at - 12)
            {
                throw new InvalidDataException("It ends too early.");
            }
            var kind = file.Slice(at + 4, 4);
            var body = file.Slice(at + 8, (int)length);
            if (kind.SequenceEqual("IHDR"u8))
            {
                (width, height, colours) = Head(body);
            }
            else if (kind.SequenceEqual("IDAT"u8))
            {
                packed.Write(body);
            }
            else if (kind.SequenceEqual("IEND"u8))
            {
                break;
            }
            at += 12 + (int)length;
        }
        if (colours == 0)
        {
            throw new InvalidDataException("It has no head.");
        }
        packed.Position = 0;
        return Unfilter(packed, width, height, colours);
    }

    public static byte[] Write(Picture picture)
    {
        using var made = new MemoryStream();
        made.Write(Signature);
        var head = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(head, picture.Width);
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(4), picture.Height);
        (head[8], head[9]) = (8, 6);
        Chunk(made, "IHDR"u8, head);
        using var packed = new MemoryStream();
        using (var packer = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            for (var line = 0; line < picture.Height; line++)
            {
                packer.WriteByte(0);
                packer.Write(picture.Pixels.AsSpan(line * picture.Width * 4, picture.Width * 4));
            }
        }
        Chunk(made, "IDAT"u8, packed.ToArray());
        Chunk(made, "IEND"u8, []);
        return made.ToArray();
    }

    private static (int Width, int Height, int Colours) Head(ReadOnlySpan<byte> body)
    {
        if (body.Length != 13)
        {
            throw new InvalidDataException("Its head is none.");
        }
        var (width, height) = (
            BinaryPrimitives.ReadUInt32BigEndian(body),
            BinaryPrimitives.ReadUInt32BigEndian(body[4..])
        );
        if (width is 0 || height is 0 || (ulong)width * height > PixelsMax)
        {
            throw new InvalidDataException($"It has {width} x {height} pixels; at most {PixelsMax} are read.");
        }
        return (body[8], body[9], body[12]) switch
        {
            (8, 6, 0) => ((int)width, (int)height, 4),
            (8, 2, 0) => ((int)width, (int)height, 3),
            _ => throw new InvalidDataException(
                "Only pictures of 8 bits a colour, without a palette and not interlaced, are read."
            ),
        };
    }

    private static Picture Unfilter(MemoryStream packed, int width, int height, int colours)
    {
        var picture = Picture.Empty(width, height);
        using var stream = new ZLibStream(packed, CompressionMode.Decompress);
        var (line, above) = (new byte[width * colours], new byte[width * colours]);
        for (var at = 0; at < height; at++)
        {
            int filter;
            try
            {
                filter = stream.ReadByte();
                stream.ReadExactly(line);
            }
            catch (EndOfStreamException caught)
            {
                throw new InvalidDataException("It ends too early.", caught);
            }
            // The file is in memory, so that this is about what it holds: some of zlib's complaints come as trouble of reading.
            catch (IOException caught)
            {
                throw new InvalidDataException("It cannot be inflated.", caught);
            }
            Unfilter(filter, line, above, colours);
            var row = picture.Pixels.AsSpan(at * width * 4);
            for (var pixel = 0; pixel < width; pixel++)
            {
                line.AsSpan(pixel * colours, colours).CopyTo(row[(pixel * 4)..]);
                row[(pixel * 4) + 3] = colours == 4 ? line[(pixel * 4) + 3] : (byte)255;
            }
            (line, above) = (above, line);
        }
        return picture;
    }

    private static void Unfilter(int filter, byte[] line, byte[] above, int colours)
    {
        for (var at = 0; at < line.Length; at++)
        {
            var (left, up, corner) = (
                at < colours ? 0 : line[at - colours],
                above[at],
                at < colours ? 0 : above[at - colours]
            );
            line[at] += filter switch
            {
                0 => 0,
                1 => (byte)left,
                2 => (byte)up,
                3 => (byte)((left + up) / 2),
                4 => (byte)Paeth(left, up, corner),
                _ => throw new InvalidDataException($"A line has the filter {filter}."),
            };
        }
    }

    private static int Paeth(int left, int up, int corner)
    {
        var guess = left + up - corner;
        var (a, b, c) = (Math.Abs(guess - left), Math.Abs(guess - up), Math.Abs(guess - corner));
        return a <= b && a <= c ? left
            : b <= c ? up
            : corner;
    }

    private static void Chunk(MemoryStream file, ReadOnlySpan<byte> kind, ReadOnlySpan<byte> body)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, body.Length);
        file.Write(number);
        file.Write(kind);
        file.Write(body);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Sum(Sum(uint.MaxValue, kind), body));
        file.Write(number);
    }

    // CRC-32 as PNG has it; the package for it would be the engine's third, for eight lines.
    private static uint Sum(uint sum, ReadOnlySpan<byte> bytes)
    {
        foreach (var one in bytes)
        {
            sum ^= one;
            for (var bit = 0; bit < 8; bit++)
            {
                sum = (sum >> 1) ^ (0xEDB88320 & (0 - (sum & 1)));
            }
        }
        return sum;
    }
}
