using Fairlead.Engine.Deploying;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Watching.Scraping;

/// <summary>Finds what can be asked for numbers: this Fairlead's own roles, every replica whose manifest says where, and what somebody named.</summary>
/// <param name="own">The roles.</param>
public sealed class TargetSearch(IStore store, ITarget target, IReadOnlyList<ScrapeTarget> own)
{
    private const int ReleasesMax = 1_000;

    // Releases never change, so what was read once is true for ever.
    private readonly Dictionary<string, Release?> releases = new(StringComparer.Ordinal);

    /// <exception cref="Model.Problems.ProblemException">What runs cannot be seen now.</exception>
    public async Task<IReadOnlyList<ScrapeTarget>> FindAsync(CancellationToken stop)
    {
        List<ScrapeTarget> found = [.. own, .. (await SavedAsync(stop)).Select(Of)];
        foreach (var document in await store.ListAsync(Records.Sites, "", stop))
        {
            var site = Records.Read<SiteRecord>(document).Site;
            foreach (var instance in await target.ObserveAsync(site, stop))
            {
                var release = await ReleaseAsync(site, instance.Key.Part.Since, stop);
                if (release?.Find(instance.Key.Part.Service)?.Service.Metrics is { } metrics)
                {
                    found.AddRange(Of(instance, metrics));
                }
            }
        }
        return found;
    }

    public async Task<IReadOnlyList<SavedTarget>> SavedAsync(CancellationToken stop) =>
        [.. (await store.ListAsync(SavedTarget.Collection, "", stop)).Select(Records.Read<SavedTarget>)];

    /// <summary>Not those that never came up, nor those told to stop: they show nothing, and that is no news.</summary>
    internal static IEnumerable<ScrapeTarget> Of(Instance instance, MetricsSettings metrics)
    {
        if (instance.State is not (InstanceState.Ready or InstanceState.Down))
        {
            yield break;
        }
        var place =
            metrics.Port is { } port
                ? $"{(instance.Endpoint is { IsFile: false } reached ? reached.Host : "127.0.0.1")}:{port}"
            : instance.Endpoint is { IsFile: false } endpoint ? endpoint.Authority
            : null;
        if (place is not null)
        {
            var (app, service) = (instance.Key.Site.App, instance.Key.Part.Service);
            yield return new($"{app}/{service}", place, $"http://{place}{metrics.Path}")
            {
                Source = Source.Of(instance.Key),
                Every = metrics.Every,
                Timeout = metrics.Every < DefaultTimeout ? metrics.Every : DefaultTimeout,
            };
        }
    }

    internal static ScrapeTarget Of(SavedTarget saved) =>
        new(saved.Name, InstanceOf(saved.Url), saved.Url)
        {
            Every = saved.Every,
            Timeout = saved.Every < DefaultTimeout ? saved.Every : DefaultTimeout,
        };

    /// <summary>What stands between the login and the path: <c>127.0.0.1:9100</c>.</summary>
    internal static string InstanceOf(string url)
    {
        var begin = url.IndexOf("://", StringComparison.Ordinal) is >= 0 and var scheme ? scheme + 3 : 0;
        var end = url.IndexOfAny(['/', '?', '#'], begin);
        var place = end < 0 ? url[begin..] : url[begin..end];
        return place[(place.LastIndexOf('@') + 1)..];
    }

    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(10);

    private async Task<Release?> ReleaseAsync(Site site, int number, CancellationToken stop)
    {
        var key = Memory.ReleaseKey(site, number);
        if (!releases.TryGetValue(key, out var release))
        {
            if (releases.Count >= ReleasesMax)
            {
                releases.Clear();
            }
            var document = await store.ReadAsync(Records.Releases, key, stop);
            release = document is null ? null : Records.Read<Release>(document);
            if (release is not null)
            {
                releases[key] = release;
            }
        }
        return release;
    }
}
