namespace Fairlead.Roles.Edge.Gateway;

/// <summary>A part of a limit's clients under one lock, in the order in which they last came.</summary>
internal sealed class RateStripe(Func<RateUsage> create, int keysMax, int marksMax)
{
    private readonly Dictionary<UInt128, RateUsage> usages = [];
    private RateUsage? oldest;
    private RateUsage? newest;
    private int marks;

    public Lock Gate { get; } = new();

    public int Keys
    {
        get
        {
            lock (Gate)
            {
                return usages.Count;
            }
        }
    }

    public Taken Take(UInt128 key, long now)
    {
        if (!usages.TryGetValue(key, out var usage))
        {
            usage = create();
            usage.Key = key;
            usages.Add(key, usage);
            marks += usage.Marks;
            Append(usage);
        }
        else if (usage != newest)
        {
            Unlink(usage);
            Append(usage);
        }
        var before = usage.Marks;
        var taken = usage.Take(now);
        marks += usage.Marks - before;
        while ((usages.Count > keysMax || marks > marksMax) && oldest is { } first && first != usage)
        {
            Unlink(first);
            usages.Remove(first.Key);
            marks -= first.Marks;
        }
        return taken;
    }

    public void GiveBack(UInt128 key, in Taken taken)
    {
        if (usages.TryGetValue(key, out var usage))
        {
            usage.GiveBack(taken);
        }
    }

    private void Append(RateUsage usage)
    {
        usage.Older = newest;
        usage.Newer = null;
        if (newest is null)
        {
            oldest = usage;
        }
        else
        {
            newest.Newer = usage;
        }
        newest = usage;
    }

    private void Unlink(RateUsage usage)
    {
        if (usage.Older is { } older)
        {
            older.Newer = usage.Newer;
        }
        else
        {
            oldest = usage.Newer;
        }
        if (usage.Newer is { } newer)
        {
            newer.Older = usage.Older;
        }
        else
        {
            newest = usage.Older;
        }
    }
}
