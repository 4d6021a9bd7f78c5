namespace Fairlead.Engine.Responding.Monitors;

/// <summary>So many looks at once; those that come when it is full wait in the order in which they came.</summary>
internal sealed class LookRoom(int max)
{
    private readonly Queue<WatchedMonitor> waiting = new();

    /// <summary>How many are in it.</summary>
    public int Count { get; private set; }

    public int Waiting => waiting.Count;

    /// <summary>Goes in, or waits.</summary>
    /// <returns>Whether it is in.</returns>
    public bool Enter(WatchedMonitor monitor)
    {
        if (Count >= max)
        {
            waiting.Enqueue(monitor);
            return false;
        }
        Count++;
        return true;
    }

    /// <summary>Goes out.</summary>
    /// <returns>Who is in now instead; null when nobody waited.</returns>
    public WatchedMonitor? Leave()
    {
        Count--;
        while (waiting.TryDequeue(out var next))
        {
            if (!next.IsGone && !next.IsPaused)
            {
                Count++;
                return next;
            }
            next.IsUnderWay = false;
        }
        return null;
    }
}
