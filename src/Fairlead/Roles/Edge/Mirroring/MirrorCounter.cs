using Fairlead.Model.Telemetry;

namespace Fairlead.Roles.Edge.Mirroring;

/// <summary>Counts the copies that a part is shown, over all tables.</summary>
internal sealed class MirrorCounter
{
    private int underWay;
    private long sent;
    private long failed;
    private long dropped;

    /// <summary>Takes a place for a copy, unless so many are under way already.</summary>
    public bool TryEnter(int most)
    {
        if (Interlocked.Increment(ref underWay) <= most)
        {
            return true;
        }
        Interlocked.Decrement(ref underWay);
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref underWay);

    public void Drop() => Interlocked.Increment(ref dropped);

    public void Sent(bool isFailed)
    {
        if (isFailed)
        {
            Interlocked.Increment(ref failed);
        }
        Interlocked.Increment(ref sent);
    }

    /// <summary>Null while there was nothing to count.</summary>
    public MirrorCounts? Read()
    {
        var counts = new MirrorCounts(
            Interlocked.Read(ref sent),
            Interlocked.Read(ref failed),
            Interlocked.Read(ref dropped)
        );
        return counts is { Sent: 0, Dropped: 0 } ? null : counts;
    }
}
