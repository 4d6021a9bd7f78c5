using Fairlead.Engine.Deploying;
using Fairlead.Model.Apps;
using Fairlead.Model.Monitoring;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Responding.Monitors;

/// <summary>A monitor, and what tells whether it is still the same.</summary>
/// <param name="Stamp">Another one once it was changed.</param>
public sealed record FoundMonitor(MonitorDefinition Monitor, string Stamp);

/// <summary>Finds all monitors there are: those of live releases, those that services have by themselves, and those that somebody added.</summary>
/// <param name="edge">Where this machine's edge is reached.</param>
public sealed class MonitorSearch(IStore store, MonitorRecords records, EdgePlace edge)
{
    private const int ReleasesMax = 1_000;

    /// <summary>What is read anew only now and then when nobody rings: only operations change it.</summary>
    private static readonly TimeSpan AddedEvery = TimeSpan.FromMinutes(1);

    // Releases never change, so what was made of one once is true for ever.
    private readonly Dictionary<string, IReadOnlyList<FoundMonitor>> releases = new(StringComparer.Ordinal);
    private IReadOnlyList<FoundMonitor> added = [];
    private DateTimeOffset addedAt = DateTimeOffset.MinValue;

    /// <param name="isRung">Somebody says that something has changed.</param>
    public async Task<IReadOnlyList<FoundMonitor>> FindAsync(bool isRung, DateTimeOffset now, CancellationToken stop)
    {
        if (isRung || now - addedAt >= AddedEvery)
        {
            added =
            [
                .. (await records.SavedAsync(stop)).Select(one => new FoundMonitor(
                    new(null, one.Monitor.Spec, MonitorOrigin.Added),
                    $"v{one.Version}"
                )),
            ];
            addedAt = now;
        }
        List<FoundMonitor> found = [.. added];
        foreach (var document in await store.ListAsync(Records.Sites, "", stop))
        {
            if (Records.Read<SiteRecord>(document) is { Live: { } live } record)
            {
                found.AddRange(await OfReleaseAsync(record.Site, live, stop));
            }
        }
        return found;
    }

    private async Task<IReadOnlyList<FoundMonitor>> OfReleaseAsync(Site site, int number, CancellationToken stop)
    {
        var key = Memory.ReleaseKey(site, number);
        if (!releases.TryGetValue(key, out var found))
        {
            if (releases.Count >= ReleasesMax)
            {
                releases.Clear();
            }
            var document = await store.ReadAsync(Records.Releases, key, stop);
            found = document is null
                ? []
                :
                [
                    .. AppMonitorsOf
                        .Release(Records.Read<Release>(document), edge)
                        .Select(one => new FoundMonitor(one, key)),
                ];
            releases[key] = found;
        }
        return found;
    }
}
