using System.Buffers.Binary;

namespace Fairlead.Drivers.Telemetry.Logs;

/// <summary>
/// Says whether a word may be in a block, wrongly so for about one in a hundred (a Bloom filter). All bits of a word are in one line
/// of 64 bytes, so asking reads one line from the file and not the filter.
/// </summary>
internal static class WordFilter
{
    /// <summary>Bytes of a line, as processors read memory.</summary>
    public const int LineBytes = 64;

    private const int BitsPerWord = 12;
    private const int Bits = 6;
    private const int BitOfLine = (LineBytes * 8) - 1;
    private const int BitsOfPlace = 9;

    public static byte[] Of(HashSet<ulong> hashes)
    {
        var lines = Math.Max(1, ((hashes.Count * BitsPerWord) + (LineBytes * 8) - 1) / (LineBytes * 8));
        var filter = new byte[lines * LineBytes];
        foreach (var hash in hashes)
        {
            var line = filter.AsSpan(LineOf(hash, lines) * LineBytes, LineBytes);
            var places = Places(hash);
            for (var i = 0; i < Bits; i++)
            {
                var bit = (int)(places >> (i * BitsOfPlace)) & BitOfLine;
                line[bit >> 3] |= (byte)(1 << (bit & 7));
            }
        }
        return filter;
    }

    /// <summary>Which line tells of a word.</summary>
    public static int LineOf(ulong hash, int lines) => (int)(((hash >> 32) * (ulong)lines) >> 32);

    public static bool MayHave(ReadOnlySpan<byte> line, ulong hash)
    {
        var places = Places(hash);
        for (var i = 0; i < Bits; i++)
        {
            var bit = (int)(places >> (i * BitsOfPlace)) & BitOfLine;
            if ((line[bit >> 3] & (1 << (bit & 7))) == 0)
            {
                return false;
            }
        }
        return true;
    }

    // The line is chosen by the hash's upper half; the bits must not follow from it.
    private static ulong Places(ulong hash) =>
        BinaryPrimitives.ReverseEndianness(hash * 0x9e3779b97f4a7c15) ^ (hash << 7);
}
