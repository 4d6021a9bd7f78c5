using Fairlead.Model.Apps;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Watching.Errors;

/// <summary>How many events a site may send: so many at once, so many a second, so that one broken loop takes the room of no other site.</summary>
public sealed class RateBudget(World world, int perSecond = 5_000, int atOnce = 20_000)
{
    private const int SitesMax = 10_000;
    private readonly Lock gate = new();
    private readonly Dictionary<Site, (double Left, DateTimeOffset At)> sites = [];

    /// <returns>How many of them it may, and how long to wait when not all.</returns>
    public (int Allowed, TimeSpan? Wait) Take(Site site, int wanted)
    {
        lock (gate)
        {
            var now = world.Now;
            if (!sites.TryGetValue(site, out var known))
            {
                if (sites.Count >= SitesMax)
                {
                    sites.Clear(); // Sites are few; whoever makes up so many gains one more burst by it.
                }
                known = (atOnce, now);
            }
            var left = Math.Min(atOnce, known.Left + Math.Max(0, (now - known.At).TotalSeconds) * perSecond);
            var allowed = (int)Math.Min(wanted, Math.Floor(left));
            sites[site] = (left - allowed, now);
            return (
                allowed,
                allowed == wanted
                    ? null
                    : TimeSpan.FromSeconds(Math.Clamp(Math.Ceiling((wanted - allowed) / (double)perSecond), 1, 60))
            );
        }
    }
}
