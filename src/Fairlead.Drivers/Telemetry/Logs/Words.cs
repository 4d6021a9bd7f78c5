namespace Fairlead.Drivers.Telemetry.Logs;

/// <summary>
/// What counts as a word: letters, digits and the underscore, in any case. Blocks remember their words by hash, and a search asks
/// for whole words, so both must agree: this is the one place.
/// </summary>
internal static class Words
{
    // FNV-1a's numbers; finished by a mixer, since a filter takes its bits from all over the hash.
    private const ulong Start = 0xcbf29ce484222325;
    private const ulong Prime = 0x100000001b3;

    public static bool IsPart(char letter) =>
        letter < 0x80
            ? (uint)((letter | 0x20) - 'a') <= 'z' - 'a' || (uint)(letter - '0') <= 9 || letter == '_'
            : char.IsLetterOrDigit(letter);

    /// <summary>Adds the hash of each word.</summary>
    public static void AddTo(HashSet<ulong> hashes, ReadOnlySpan<char> text)
    {
        var hash = Start;
        var isInside = false;
        foreach (var letter in text)
        {
            if (IsPart(letter))
            {
                hash = (hash ^ Folded(letter)) * Prime;
                isInside = true;
            }
            else if (isInside)
            {
                hashes.Add(Mixed(hash));
                hash = Start;
                isInside = false;
            }
        }
        if (isInside)
        {
            hashes.Add(Mixed(hash));
        }
    }

    /// <summary>The hash of one word.</summary>
    public static ulong Hash(ReadOnlySpan<char> word)
    {
        var hash = Start;
        foreach (var letter in word)
        {
            hash = (hash ^ Folded(letter)) * Prime;
        }
        return Mixed(hash);
    }

    // As OrdinalIgnoreCase compares: by the upper case of each letter.
    private static ulong Folded(char letter) =>
        letter < 0x80 ? ((uint)(letter - 'a') <= 'z' - 'a' ? letter & ~0x20u : letter) : char.ToUpperInvariant(letter);

    private static ulong Mixed(ulong hash)
    {
        hash ^= hash >> 33;
        hash *= 0xff51afd7ed558ccd;
        hash ^= hash >> 33;
        hash *= 0xc4ceb9fe1a85ec53;
        return hash ^ (hash >> 33);
    }
}
