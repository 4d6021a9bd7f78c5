using Fairlead.Model.Apps;
using Fairlead.Model.Releases;

namespace Fairlead.Roles.Edge.Files;

/// <summary>
/// Remembers, with the routing itself, which releases of files had traffic before. So a page that was loaded from one keeps its
/// assets over an update of the edge and without the server: who saw the release leave is the one who can tell.
/// </summary>
internal static class EarlierReleases
{
    private const int ReleasesMax = 20;

    /// <summary>The new routing with what it leaves behind, newest first.</summary>
    public static Routing Remember(Routing before, Routing next, DateTimeOffset now) =>
        next with
        {
            Services = [.. next.Services.Select(service => Remember(before.Find(service.Service), service, now))],
        };

    private static ServiceRouting Remember(ServiceRouting? before, ServiceRouting next, DateTimeOffset now)
    {
        // While a service is held it names no files and no settings; what is known of it stays.
        var skew = (next.Web ?? before?.Web ?? new WebSettings()).Skew;
        if (before is null || skew <= TimeSpan.Zero)
        {
            return next with { Earlier = [] };
        }
        var served = next.Backends.Where(one => one.Share > Share.None).Select(one => one.Part).ToHashSet();
        var leaving = before
            .Backends.Where(one => one.Share > Share.None && one.Destinations is [{ Endpoint.IsFile: true }, ..])
            .OrderByDescending(one => one.Part.Since)
            .Select(one => new EarlierFiles(one.Part, one.Destinations[0].Endpoint, now + skew));
        return next with
        {
            Earlier =
            [
                .. leaving
                    .Concat(before.Earlier)
                    .Where(one => !served.Contains(one.Part) && one.Until > now)
                    .DistinctBy(one => one.Part)
                    .Take(ReleasesMax),
            ],
        };
    }
}
