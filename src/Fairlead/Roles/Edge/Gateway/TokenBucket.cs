using Fairlead.Model.Apps;

namespace Fairlead.Roles.Edge.Gateway;

/// <summary>
/// Fills up at the rate until it is full, and each request takes one out. It is counted in ticks times requests, in whole
/// numbers, so nothing is lost or won by rounding.
/// </summary>
internal sealed class TokenBucket(Rate rate, int burst) : RateUsage
{
    private readonly Int128 one = rate.Window.Ticks;
    private readonly Int128 full = (Int128)rate.Window.Ticks * burst;
    private Int128 level = (Int128)rate.Window.Ticks * burst;
    private long last;

    public override int Marks => 1;

    public override Taken Take(long now)
    {
        level = Int128.Min(full, level + (Int128)(now - last) * rate.Count);
        last = now;
        var isAllowed = level >= one;
        if (isAllowed)
        {
            level -= one;
        }
        // Until the next whole one is there.
        var lacks = one - level % one;
        return new(
            isAllowed,
            (int)(level / one),
            TimeSpan.FromTicks((long)((lacks + rate.Count - 1) / rate.Count)),
            now
        );
    }

    public override void GiveBack(in Taken taken) => level = Int128.Min(full, level + one);
}
