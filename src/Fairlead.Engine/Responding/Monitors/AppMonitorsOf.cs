using Fairlead.Model.Apps;
using Fairlead.Model.Monitoring;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Responding.Monitors;

/// <summary>Where this machine's edge is reached, as <c>host:port</c>.</summary>
/// <param name="Https">Null where it speaks no TLS.</param>
public sealed record EdgePlace(string Http, string? Https)
{
    /// <summary>Services that visitors reach have a monitor by themselves.</summary>
    public bool WatchesServices { get; init; } = true;
}

/// <summary>The monitors of a release: those that its manifest names, and one for each service that visitors reach. Pure.</summary>
public static class AppMonitorsOf
{
    private static readonly CodeRange Well = new(200, 399);
    private static readonly CodeRange NoFault = new(200, 499);

    /// <summary>All of them; one that the manifest names after a service takes the place of the one it has by itself.</summary>
    public static IEnumerable<MonitorDefinition> Release(Release release, EdgePlace edge)
    {
        var said = release.Monitors ?? new AppMonitors();
        foreach (var spec in said.Named)
        {
            yield return new(release.Site, At(spec, release, edge), MonitorOrigin.Manifest);
        }
        if (said.IsOff || !edge.WatchesServices || release.Hosts.Count == 0)
        {
            yield break;
        }
        foreach (var released in release.Services)
        {
            var name = released.Service.Name;
            if (Watched(released.Service) && !said.Without.Contains(name) && said.Named.All(one => one.Name != name))
            {
                yield return new(
                    release.Site,
                    At(OfService(released.Service, release), release, edge),
                    MonitorOrigin.Service
                );
            }
        }
    }

    // What sleeps while nobody asks for it would be kept awake; what runs elsewhere has no address at this edge.
    private static bool Watched(Service service) =>
        service is { TakesTraffic: true, Kind: not Kind.Worker, Idle: null, Aws: null }
        && service.Container?.Cluster is null;

    private static MonitorSpec OfService(Service service, Release release)
    {
        var path = HealthPath(service, release);
        return new()
        {
            Name = service.Name,
            Url = path ?? service.Routes[0],
            Expect = new() { Status = [path is null ? NoFault : Well] },
            Verify = false,
        };
    }

    // Its own health path, where visitors reach it there: it is below one of its routes and of no other service's longer one.
    private static string? HealthPath(Service service, Release release) =>
        service.Gateway?.Protect is not null ? null
        : service.Health.Http is { } path && OwnerOf(path, release) == service.Name ? path
        : service.IsStatic && service.Routes.Contains("/") ? "/"
        : null;

    private static string? OwnerOf(string path, Release release) =>
        release
            .Services.SelectMany(one => one.Service.Routes.Select(route => (one.Service.Name, Route: route)))
            .Where(one =>
                one.Route == "/"
                || path == one.Route
                || path.StartsWith(one.Route.TrimEnd('/') + "/", StringComparison.Ordinal)
            )
            .OrderByDescending(one => one.Route.Length)
            .Select(one => one.Name)
            .FirstOrDefault();

    /// <summary>An address that begins with a slash is at the app's own host, through this machine's edge.</summary>
    private static MonitorSpec At(MonitorSpec spec, Release release, EdgePlace edge)
    {
        if (!spec.Url.StartsWith('/'))
        {
            return spec;
        }
        var host = release.Hosts.Count > 0 ? release.Hosts[0] : "localhost";
        var isTls = edge.Https is not null && release.Tls is { Mode: TlsMode.Auto };
        return spec with
        {
            Url = $"{(isTls ? "https" : "http")}://{host}{spec.Url}",
            Through = isTls ? edge.Https : edge.Http,
            // Its own authority is one that browsers were told to trust, and this machine need not be.
            Verify = spec.Verify && !TlsPolicy.IsLocal(host),
        };
    }
}
