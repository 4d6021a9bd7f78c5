using System.Buffers;

namespace Fairlead.Roles.Edge.Upstream;

/// <summary>Decodes a chunked body as it comes in (RFC 9112, section 7.1). Pure: bytes in, places of data out.</summary>
internal struct Chunks
{
    /// <summary>Longest line of a chunk's size with its extensions, and of all trailers together.</summary>
    public const int LineBytesMax = 8 * 1024;

    private const int SizeDigitsMax = 15;

    private static readonly SearchValues<byte> Hex = SearchValues.Create("0123456789abcdefABCDEF"u8);

    private Part next;
    private long left;

    private enum Part
    {
        Size,
        Data,
        DataEnd,
        Trailers,
        Nothing,
    }

    public readonly bool IsDone => next is Part.Nothing;

    /// <summary>Set once done.</summary>
    public IReadOnlyList<Field> Trailers { get; private set; }

    /// <summary>Reads one piece from the input's start: a size, some data, or the trailers.</summary>
    /// <returns>Bytes of the input that are done with, 0 when more are needed first; of these, where data lies.</returns>
    /// <exception cref="BadAnswerException">These are no chunks.</exception>
    public (int Consumed, Range Data) Next(ReadOnlySpan<byte> input)
    {
        switch (next)
        {
            case Part.Size:
                return (ReadSize(input), default);
            case Part.Data:
                var length = (int)Math.Min(left, input.Length);
                left -= length;
                next = left == 0 ? Part.DataEnd : Part.Data;
                return (length, ..length);
            case Part.DataEnd:
                return (ReadDataEnd(input), default);
            case Part.Trailers:
                return (ReadTrailers(input), default);
            default:
                return default;
        }
    }

    private int ReadSize(ReadOnlySpan<byte> input)
    {
        var end = EndOf(input);
        if (end < 0)
        {
            return 0;
        }
        var line = input[..end];
        var digits = line.IndexOfAnyExcept(Hex);
        digits = digits < 0 ? line.Length : digits;
        // What follows a size is an extension; a bare CR, LF or anything else could hide a second size.
        if (
            digits is 0 or > SizeDigitsMax
            || (digits < line.Length && line[digits] is not ((byte)';' or (byte)' ' or (byte)'\t'))
            || line.ContainsAny((byte)'\r', (byte)'\n', (byte)0)
        )
        {
            throw new BadAnswerException("A chunk has no size.");
        }
        left = 0;
        foreach (var digit in line[..digits])
        {
            left = (left << 4) | (uint)(char.IsAsciiDigit((char)digit) ? digit - '0' : (digit | 0x20) - 'a' + 10);
        }
        next = left == 0 ? Part.Trailers : Part.Data;
        return end + 2;
    }

    private int ReadDataEnd(ReadOnlySpan<byte> input)
    {
        if (input.Length < 2)
        {
            return 0;
        }
        if (!input.StartsWith("\r\n"u8))
        {
            throw new BadAnswerException("A chunk is longer than it says.");
        }
        next = Part.Size;
        return 2;
    }

    private int ReadTrailers(ReadOnlySpan<byte> input)
    {
        if (input.StartsWith("\r\n"u8))
        {
            (next, Trailers) = (Part.Nothing, []);
            return 2;
        }
        var end = input.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return input.Length <= LineBytesMax ? 0 : throw new BadAnswerException("The trailers are too long.");
        }
        (next, Trailers) = (Part.Nothing, AnswerHead.ReadTrailers(input[..(end + 2)]));
        return end + 4;
    }

    private static int EndOf(ReadOnlySpan<byte> input)
    {
        var end = input.IndexOf("\r\n"u8);
        return end >= 0 || input.Length <= LineBytesMax
            ? end
            : throw new BadAnswerException("A chunk's size is too long.");
    }
}
