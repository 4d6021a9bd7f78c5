using Fairlead.Model.Apps;
using Fairlead.Model.Releases;

namespace Fairlead.Roles.Edge;

/// <summary>Where every request goes: never changed, only replaced.</summary>
internal sealed class RouteTable
{
    private readonly Dictionary<string, HostRoutes> hosts = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, LiveService> services = new(StringComparer.Ordinal);
    private readonly Dictionary<Site, Routing> routings;
    private readonly Dictionary<string, HostRoutes>.AlternateLookup<ReadOnlySpan<char>> hostOf;
    private readonly Dictionary<string, LiveService>.AlternateLookup<ReadOnlySpan<char>> serviceOf;
    private readonly TaskCompletionSource replaced = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private RouteTable(IReadOnlyList<Routing> routings)
    {
        this.routings = routings.ToDictionary(one => one.Site);
        hostOf = hosts.GetAlternateLookup<ReadOnlySpan<char>>();
        serviceOf = services.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public int Sites => routings.Count;

    /// <summary>Every site's routing.</summary>
    public IReadOnlyCollection<Routing> All => routings.Values;

    /// <summary>Every replica that the table names.</summary>
    public IReadOnlyList<Replica> Replicas { get; private init; } = [];

    /// <summary>Every part of every service.</summary>
    public IEnumerable<LivePart> Parts => services.Values.SelectMany(one => one.Parts);

    /// <summary>Health paths by replica; a replica without one is only connected to.</summary>
    public IReadOnlyDictionary<Replica, string> HealthPaths { get; private init; } = new Dictionary<Replica, string>();

    /// <summary>Ends when a newer table is in force.</summary>
    public Task Replaced => replaced.Task;

    /// <summary>Builds the table of these routings. Windows of parts whose share changes begin here, so it must then be put in force.</summary>
    public static RouteTable Build(IReadOnlyList<Routing> routings, Ledger ledger, RouteTable? before)
    {
        var healthPaths = new Dictionary<Replica, string>();
        var replicas = new List<Replica>();
        var seen = new HashSet<Replica>();
        var table = new RouteTable(routings) { Replicas = replicas, HealthPaths = healthPaths };
        foreach (var routing in routings)
        {
            var elsewhere = ledger.Elsewhere(routing.Site);
            var routes = new List<Route>();
            foreach (var one in routing.Services)
            {
                var name = $"{routing.Site.App}.{routing.Site.Environment}.{one.Service}";
                var service = LiveService.Build(routing.Site, one, ledger, before?.services.GetValueOrDefault(name));
                table.services.Add(name, service);
                routes.AddRange(one.Routes.Select(route => new Route(route.TrimEnd('/'), service)));
                foreach (var part in service.Parts)
                {
                    if (part.PreviewHost is { } preview)
                    {
                        table.hosts.Add(
                            preview,
                            new HostRoutes(routing.Site, elsewhere, [new Route("", service)], part)
                        );
                    }
                    foreach (var replica in part.Replicas.Where(seen.Add))
                    {
                        replicas.Add(replica);
                        if (one.HealthPath is { } path)
                        {
                            healthPaths.Add(replica, path);
                        }
                    }
                }
            }
            Route[] longestFirst = [.. routes.OrderByDescending(route => route.Prefix.Length)];
            foreach (var host in routing.Hosts)
            {
                table.hosts.Add(host, new HostRoutes(routing.Site, elsewhere, longestFirst, Only: null));
            }
        }
        return table;
    }

    public Routing? Find(Site site) => routings.GetValueOrDefault(site);

    /// <summary>Who answers for a host; null when no site does.</summary>
    /// <param name="host">As the client sent it, port and all.</param>
    public HostRoutes? FindHost(string host) => hostOf.TryGetValue(NameOf(host), out var routes) ? routes : null;

    /// <summary>The service that a path's first segment names, as <c>/shop.production.api/orders</c> does.</summary>
    public LiveService? FindNamed(string path)
    {
        var name = path.AsSpan(Math.Min(1, path.Length));
        var slash = name.IndexOf('/');
        name = slash < 0 ? name : name[..slash];
        return serviceOf.TryGetValue(name, out var service) ? service : null;
    }

    /// <summary>Wakes those who wait for the next table.</summary>
    public void Retire() => replaced.TrySetResult();

    // shop.example.com, shop.example.com:8080, shop.example.com., [::1]:8080
    public static ReadOnlySpan<char> NameOf(string host)
    {
        var colon = host.LastIndexOf(':');
        var name = colon > host.LastIndexOf(']') ? host.AsSpan(0, colon) : host;
        return name.EndsWith('.') ? name[..^1] : name;
    }
}

/// <summary>What a host name leads to.</summary>
/// <param name="Elsewhere">Counts the site's requests that found nobody.</param>
/// <param name="Only">The one part that a preview host reaches; null for a site's own hosts.</param>
internal sealed record HostRoutes(Site Site, TrafficCounter Elsewhere, Route[] LongestFirst, LivePart? Only)
{
    public LiveService? Find(string path)
    {
        foreach (var route in LongestFirst)
        {
            if (route.Matches(path))
            {
                return route.Service;
            }
        }
        return null;
    }
}

/// <param name="Prefix">Without a slash at its end, so the root is empty.</param>
internal sealed record Route(string Prefix, LiveService Service)
{
    /// <summary>Whole segments only: /api is not /apis.</summary>
    public bool Matches(string path) =>
        path.StartsWith(Prefix, StringComparison.Ordinal)
        && (path.Length == Prefix.Length || path[Prefix.Length] == '/');
}
