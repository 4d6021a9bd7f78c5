using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;

namespace Fairlead.Roles.Edge;

/// <summary>
/// Answers whoever waits as soon as requests begin to fail, so that alerts need not wait for the next second. Requests pay nothing for it: it
/// looks at their counters, and only while somebody waits.
/// </summary>
internal sealed class TroubleBell(Ledger ledger, World world)
{
    /// <summary>So many failed requests of one part, or requests to a site that found nobody, are trouble.</summary>
    internal const long TroubleMin = 5;

    /// <summary>Rung so often in a row at most; who fails all the time is seen every second anyway.</summary>
    internal const int InARow = 8;

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan RefilledAfter = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(20);

    private readonly Lock gate = new();
    private Dictionary<(Site Site, Part? Part), long> shown = [];
    private DateTimeOffset shownAt = DateTimeOffset.MinValue;
    private DateTimeOffset refilledAt = DateTimeOffset.MinValue;
    private int left = InARow;

    /// <summary>All is shown as of now: what fails from here on is news.</summary>
    public void Shown()
    {
        var counts = Counts();
        lock (gate)
        {
            (shown, shownAt) = (counts, world.Now);
        }
    }

    /// <summary>Waits for trouble, for a while.</summary>
    /// <returns>False when there was none.</returns>
    public async Task<bool> WaitAsync(CancellationToken stop)
    {
        var end = world.Now + WaitMax;
        while (world.Now < end)
        {
            if (Take())
            {
                return true;
            }
            await Task.Delay(LookEvery, world.Clock, stop);
        }
        return false;
    }

    /// <summary>Whether there is trouble that may be told now.</summary>
    internal bool Take()
    {
        lock (gate)
        {
            var now = world.Now;
            if (now - refilledAt >= RefilledAfter)
            {
                (left, refilledAt) = (refilledAt == DateTimeOffset.MinValue ? InARow : Math.Min(left + 1, InARow), now);
            }
            if (left == 0 || now - shownAt < Between || !IsTrouble())
            {
                return false;
            }
            left--;
            shownAt = now; // As good as: whoever was told asks at once.
            return true;
        }
    }

    private bool IsTrouble() => Counts().Any(one => one.Value - shown.GetValueOrDefault(one.Key) >= TroubleMin);

    private Dictionary<(Site, Part?), long> Counts()
    {
        var counts = new Dictionary<(Site, Part?), long>();
        foreach (var (site, part, meter) in ledger.Meters)
        {
            var total = meter.Total.Read();
            counts[(site, part)] = total.Failed + total.Lost;
        }
        foreach (var (site, count) in ledger.AllElsewhere)
        {
            counts[(site, null)] = count.Read().Requests;
        }
        return counts;
    }
}
