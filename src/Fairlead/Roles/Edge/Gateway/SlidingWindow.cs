using Fairlead.Model.Apps;

namespace Fairlead.Roles.Edge.Gateway;

/// <summary>
/// Remembers when each request came, so never more than the limit is let through in any window, wherever it begins. Up to 1,024
/// requests are remembered one by one; of larger limits the times are rounded up to a 1,024th of the window: still never
/// more, and what is used comes back by so much later.
/// </summary>
internal sealed class SlidingWindow(Rate rate) : RateUsage
{
    private const int MarksMax = 1_024;

    private readonly long window = rate.Window.Ticks;
    private readonly long grain = rate.Count <= MarksMax ? 1 : (rate.Window.Ticks + MarksMax - 1) / MarksMax;
    private (long At, int Count)[] ring = new (long At, int Count)[1];
    private int first;
    private int length;
    private int used;

    public override int Marks => ring.Length;

    public override Taken Take(long now)
    {
        Forget(now);
        if (used >= rate.Count)
        {
            return new(IsAllowed: false, 0, TimeSpan.FromTicks(ring[first].At + window - now), now);
        }
        var at = (now + grain - 1) / grain * grain;
        if (length > 0 && Last.At == at)
        {
            Last.Count++;
        }
        else
        {
            Add(at);
        }
        used++;
        return new(IsAllowed: true, rate.Count - used, TimeSpan.FromTicks(ring[first].At + window - now), at);
    }

    public override void GiveBack(in Taken taken)
    {
        for (var back = length - 1; back >= 0; back--)
        {
            ref var mark = ref ring[(first + back) % ring.Length];
            if (mark.At == taken.At && mark.Count > 0)
            {
                mark.Count--;
                used--;
                return;
            }
        }
    }

    private ref (long At, int Count) Last => ref ring[(first + length - 1) % ring.Length];

    // A mark that was given back stands for nothing and would only make clients wait.
    private void Forget(long now)
    {
        while (length > 0 && (now - ring[first].At >= window || ring[first].Count == 0))
        {
            used -= ring[first].Count;
            first = (first + 1) % ring.Length;
            length--;
        }
    }

    private void Add(long at)
    {
        if (length == ring.Length)
        {
            var larger = new (long At, int Count)[ring.Length * 2];
            for (var index = 0; index < length; index++)
            {
                larger[index] = ring[(first + index) % ring.Length];
            }
            (ring, first) = (larger, 0);
        }
        length++;
        Last = (at, 1);
    }
}
