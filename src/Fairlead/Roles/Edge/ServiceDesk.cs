namespace Fairlead.Roles.Edge;

/// <summary>What a service keeps when its table changes: who waits, and where the draw of releases stands.</summary>
/// <param name="call">Says that somebody waits; left out where nobody listens.</param>
internal sealed class ServiceDesk(uint seed, Action? call = null)
{
    /// <summary>Requests that may wait at once; a service that is away for long must not eat the edge's memory.</summary>
    public const int WaitingMax = 1_000;

    // 2^32 divided by the golden ratio: its multiples are spread over the range more evenly than chance would do it, so 10 %
    // of any 1,000 requests are 100 within two or three, and no rhythm in the requests can fall in step with the draw.
    private const uint Golden = 2_654_435_769;

    private uint drawn = seed;
    private uint chances = seed;
    private int waiting;
    private long parked;

    /// <summary>Which failures belong together.</summary>
    public Incidents Incidents { get; } = new();

    public int Waiting => Volatile.Read(ref waiting);

    /// <summary>
    /// The next number of an evenly spread sequence over all of uint. For the release of a request's first try alone: whoever
    /// takes numbers out of turn, say after each number of one release, takes them from the other releases.
    /// </summary>
    public uint Draw() => unchecked(Interlocked.Increment(ref drawn) * Golden);

    /// <summary>A number as good as a random one, for all other choices.</summary>
    public uint Chance()
    {
        // The last step of MurmurHash3: neighbouring numbers become unrelated ones.
        var hash = unchecked(Interlocked.Increment(ref chances) * 0x9E37_79B9);
        hash = unchecked((hash ^ hash >> 16) * 0x85EB_CA6B);
        hash = unchecked((hash ^ hash >> 13) * 0xC2B2_AE35);
        return hash ^ hash >> 16;
    }

    /// <summary>Requests that came to wait so far, those that were turned away among them.</summary>
    public long Parked => Interlocked.Read(ref parked);

    public bool TryWait()
    {
        Interlocked.Increment(ref parked);
        var waits = Interlocked.Increment(ref waiting);
        if (waits == 1)
        {
            call?.Invoke();
        }
        if (waits <= WaitingMax)
        {
            return true;
        }
        Interlocked.Decrement(ref waiting);
        return false;
    }

    public void StopWaiting() => Interlocked.Decrement(ref waiting);
}
