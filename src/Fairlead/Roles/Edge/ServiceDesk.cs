namespace Fairlead.Roles.Edge;

/// <summary>What a service keeps when its table changes: who waits, and where the draw of releases stands.</summary>
internal sealed class ServiceDesk(uint seed)
{
    /// <summary>Requests that may wait at once; a service that is away for long must not eat the edge's memory.</summary>
    public const int WaitingMax = 1_000;

    // 2^32 divided by the golden ratio: its multiples are spread over the range more evenly than chance would do it, so 10 %
    // of any 1,000 requests are 100 within two or three, and no rhythm in the requests can fall in step with the draw.
    private const uint Golden = 2_654_435_769;

    private uint drawn = seed;
    private int waiting;

    public int Waiting => Volatile.Read(ref waiting);

    /// <summary>The next number of an evenly spread sequence over all of uint.</summary>
    public uint Draw() => unchecked(Interlocked.Increment(ref drawn) * Golden);

    public bool TryWait()
    {
        if (Interlocked.Increment(ref waiting) <= WaitingMax)
        {
            return true;
        }
        Interlocked.Decrement(ref waiting);
        return false;
    }

    public void StopWaiting() => Interlocked.Decrement(ref waiting);
}
