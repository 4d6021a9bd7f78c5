using System.Text;

namespace Fairlead.Tests.Fuzzing;

/// <summary>Damages whole inputs in the ways that find mistakes of readers. The same seed makes the same inputs.</summary>
internal sealed class Mutator(IReadOnlyList<byte[]> seeds, Random chance)
{
    private const int BytesMax = 64 * 1024;
    private const int ChangesMax = 6;

    // What ends, nests, overflows and confuses.
    private static readonly byte[][] Pieces =
    [
        .. new[]
        {
            "",
            "\0",
            "\n",
            "\r\n",
            "\r\n\r\n",
            "\t",
            "\"",
            "\\",
            "'",
            "{",
            "}",
            "[",
            "]",
            "(",
            ")",
            "<",
            ">",
            ":",
            ";",
            ",",
            "=",
            "|",
            "#",
            "%",
            "&",
            "*",
            "../",
            "-1",
            "0",
            "4294967296",
            "9223372036854775808",
            "1e999",
            "NaN",
            "null",
            "\\u0000",
            "\\ud800",
            "%00",
            "%2e%2e",
            "é",
            "\u202e",
            "\ufeff",
            "😀",
        }.Select(Encoding.UTF8.GetBytes),
        [0xff],
        [0xff, 0xff, 0xff, 0xff],
        [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01],
        [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
        [0xc0, 0xaf],
        [0xed, 0xa0, 0x80],
    ];

    private static readonly byte[] Interesting = [0, 1, 0x0a, 0x20, 0x7f, 0x80, 0xfe, 0xff];

    public byte[] Next()
    {
        var bytes = chance.Next(50) == 0 ? Noise() : [.. Pick(seeds)];
        for (var left = chance.Next(1, ChangesMax + 1); left > 0; left--)
        {
            bytes = Change(bytes);
        }
        return bytes.Length <= BytesMax ? bytes : bytes[..BytesMax];
    }

    private byte[] Change(byte[] bytes)
    {
        var at = chance.Next(bytes.Length + 1);
        var cut = Math.Min(chance.Next(1, 16), bytes.Length - at);
        switch (chance.Next(8))
        {
            case 0 when bytes.Length > 0: // A bit.
                bytes[Math.Min(at, bytes.Length - 1)] ^= (byte)(1 << chance.Next(8));
                return bytes;
            case 1 when bytes.Length > 0: // A byte.
                bytes[Math.Min(at, bytes.Length - 1)] = Interesting[chance.Next(Interesting.Length)];
                return bytes;
            case 2: // The end is missing.
                return bytes[..at];
            case 3: // Something is missing.
                return [.. bytes[..at], .. bytes[(at + cut)..]];
            case 4: // Something again, many times.
                var again = bytes[at..(at + cut)];
                return
                [
                    .. bytes[..at],
                    .. Enumerable.Repeat(again, chance.Next(2, 200)).SelectMany(static one => one),
                    .. bytes[at..],
                ];
            case 5: // Two inputs become one.
                var other = Pick(seeds);
                return [.. bytes[..at], .. other[chance.Next(other.Length + 1)..]];
            default:
                return [.. bytes[..at], .. Pick(Pieces), .. bytes[(at + (chance.Next(2) * cut))..]];
        }
    }

    private byte[] Noise()
    {
        var bytes = new byte[chance.Next(300)];
        chance.NextBytes(bytes);
        return bytes;
    }

    private byte[] Pick(IReadOnlyList<byte[]> from) => from[chance.Next(from.Count)];
}
