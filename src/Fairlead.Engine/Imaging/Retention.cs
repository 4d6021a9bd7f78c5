using Fairlead.Engine.Deploying;

namespace Fairlead.Engine.Imaging;

/// <summary>Which releases of a site must stay. Pure.</summary>
public static class Retention
{
    /// <param name="deployments">All of the site.</param>
    /// <param name="most">How many promoted ones to keep; all that a rollback can reach when null. At least the one before stays.</param>
    public static IReadOnlySet<int> Kept(SiteRecord site, IReadOnlyList<Deployment> deployments, int? most)
    {
        var kept = site.History.TakeLast(most is { } number ? Math.Max(number, 2) : SiteRecord.HistoryMax).ToHashSet();
        kept.UnionWith(site.Warm.Select(static one => one.Release));
        // A part of an older release may run in the live one: it is the artifact that is kept, and the live release names it.
        foreach (var one in new[] { site.Live, site.Previous })
        {
            if (one is { } release)
            {
                kept.Add(release);
            }
        }
        kept.UnionWith(
            deployments
                .Where(one => one.Id == site.Active || site.Queue.Contains(one.Id))
                .Select(static one => one.Release)
        );
        return kept;
    }
}
