using Fairlead.Engine.Deploying;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Guarding.Secrets;

/// <summary>A service of a release that can run now, and a secret it is started with.</summary>
/// <param name="Standing">live, warm or coming.</param>
public sealed record SecretUser(Site Site, string Service, int Release, string Standing, SecretUse Use);

/// <summary>Who uses which secret: found from the releases each time, so it cannot be out of date.</summary>
public static class SecretUsers
{
    public static async Task<IReadOnlyList<SecretUser>> FindAsync(IStore store, Site? site, CancellationToken stop)
    {
        var users = new List<SecretUser>();
        foreach (var document in await store.ListAsync(Records.Sites, site?.ToString() ?? "", stop))
        {
            var record = Records.Read<SiteRecord>(document);
            if (site is not null && record.Site != site)
            {
                continue;
            }
            foreach (var (number, standing) in Standings(record, await UnderWayAsync(store, record.Site, stop)))
            {
                if (await store.ReadAsync(Records.Releases, Memory.ReleaseKey(record.Site, number), stop) is { } found)
                {
                    users.AddRange(Of(Records.Read<Release>(found), standing, record));
                }
            }
        }
        // The first deployment of a site may be asked for before its record is written.
        if (site is not null && users.Count == 0)
        {
            foreach (var number in await UnderWayAsync(store, site, stop))
            {
                if (await store.ReadAsync(Records.Releases, Memory.ReleaseKey(site, number), stop) is { } found)
                {
                    users.AddRange(Of(Records.Read<Release>(found), "coming", new SiteRecord(site)));
                }
            }
        }
        return users;
    }

    private static async Task<IReadOnlyList<int>> UnderWayAsync(IStore store, Site site, CancellationToken stop) =>
        [
            .. (await store.ListAsync(Records.Deployments, $"{site}/", stop))
                .Select(Records.Read<Deployment>)
                .Where(one => one.EndedAt is null)
                .Select(one => one.Release),
        ];

    private static IEnumerable<(int Release, string Standing)> Standings(
        SiteRecord record,
        IReadOnlyList<int> underWay
    ) =>
        (record.Live is { } live ? [(live, "live")] : Array.Empty<(int Release, string Standing)>())
            .Concat(underWay.Select(number => (number, "coming")))
            .Concat(record.Warm.Select(one => (one.Release, "warm")))
            .DistinctBy(one => one.Item1);

    private static IEnumerable<SecretUser> Of(Release release, string standing, SiteRecord record) =>
        from service in release.Services
        where standing is not "warm" || record.Warm.Any(one => one.Part == service.Part)
        from use in service.Service.Secrets ?? []
        select new SecretUser(release.Site, service.Service.Name, release.Number, standing, use);
}
