using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Watching.Vitals;

/// <summary>Takes what pages measured: says which route each is of, keeps routes few, and has them kept.</summary>
public sealed class VitalDesk(IVitalStore store) : IVitalInbox
{
    /// <summary>Pages beyond so many routes of a release are one: an app that makes up addresses cannot fill the disk.</summary>
    public const int RoutesMax = 200;

    private const string Rest = "(other)";
    private const int ReleasesMax = 1_000;

    private readonly Lock gate = new();
    private readonly Dictionary<(Site Site, int Release), HashSet<string>> routes = [];

    public Task TakeAsync(Source source, IReadOnlyList<BeaconReport> beacons, CancellationToken stop) =>
        source.Site is not { } site || beacons.Count == 0
            ? Task.CompletedTask
            : store.AddAsync([.. beacons.Select(one => View(site, source.Part?.Since ?? 0, one))], stop);

    private PageView View(Site site, int release, BeaconReport one) =>
        new(site, release, Bounded(site, release, RouteNames.Of(one.Path)), one.Device, one.Values, one.Errors);

    private string Bounded(Site site, int release, string route)
    {
        lock (gate)
        {
            if (!routes.TryGetValue((site, release), out var known))
            {
                if (routes.Count >= ReleasesMax)
                {
                    routes.Clear();
                }
                routes[(site, release)] = known = new(StringComparer.Ordinal);
            }
            return known.Contains(route) || (known.Count < RoutesMax && known.Add(route)) ? route : Rest;
        }
    }
}
