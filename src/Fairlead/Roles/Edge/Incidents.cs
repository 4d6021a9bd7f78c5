namespace Fairlead.Roles.Edge;

/// <summary>
/// Tells new failures from those that belong to one just seen: a client that tries again and again meets one cause, not many.
/// One for all parts of a service: the part that met it first is the one it counts for, so a failure of what both depend on is
/// shared out as the requests are, however often each client tries.
/// </summary>
/// <remarks>Bounded memory, no lock, and only asked about failures. Two causes that fall together in a slot both count as new.</remarks>
internal sealed class Incidents
{
    /// <summary>For so long the same client, path and status are the same incident.</summary>
    public static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    private const int Slots = 4096;
    private const int SegmentsMax = 2;

    // Each slot holds what was seen last and when: a tag of 24 bits, and 40 bits of milliseconds, which last for 34 years.
    private const int TimeBits = 40;
    private const long TimeMask = (1L << TimeBits) - 1;

    private long[]? seen;

    /// <param name="client">Who asked.</param>
    /// <param name="path">What was asked; what comes behind its second segment, and numbers, make no difference.</param>
    /// <param name="milliseconds">A clock that never goes back.</param>
    public bool IsNew(string client, ReadOnlySpan<char> path, int status, long milliseconds)
    {
        var slots = Volatile.Read(ref seen) ?? Interlocked.CompareExchange(ref seen, new long[Slots], null) ?? seen!;
        var hash = Hash(client, path, status);
        ref var slot = ref slots[hash % Slots];
        var (tag, now) = ((long)(hash >> 12) << TimeBits, milliseconds + 1 & TimeMask);
        var before = Volatile.Read(ref slot);
        if ((before & ~TimeMask) == (tag & ~TimeMask) && before != 0)
        {
            var age = now - (before & TimeMask);
            if (age >= 0 && age < (long)Moment.TotalMilliseconds)
            {
                return false;
            }
        }
        // Of several at the same instant one wins the slot and counts.
        return Interlocked.CompareExchange(ref slot, tag | now, before) == before;
    }

    // FNV-1a, ended by the last step of MurmurHash3. It is no secret: who wants to fail twice can.
    private static uint Hash(string client, ReadOnlySpan<char> path, int status)
    {
        var hash = 2_166_136_261u;
        foreach (var letter in client)
        {
            hash = Mixed(hash, letter);
        }
        var segments = 0;
        foreach (var letter in path)
        {
            if (letter == '/' && ++segments > SegmentsMax)
            {
                break;
            }
            if (!char.IsAsciiDigit(letter))
            {
                hash = Mixed(hash, letter);
            }
        }
        hash = Mixed(hash, (char)status);
        hash = unchecked((hash ^ hash >> 16) * 0x85EB_CA6B);
        hash = unchecked((hash ^ hash >> 13) * 0xC2B2_AE35);
        return hash ^ hash >> 16;
    }

    private static uint Mixed(uint hash, char letter) => unchecked((hash ^ letter) * 16_777_619u);
}
