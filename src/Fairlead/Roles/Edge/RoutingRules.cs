using System.Net;
using Fairlead.Model.Apps;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;
using Fairlead.Model.Security;

namespace Fairlead.Roles.Edge;

/// <summary>What a routing must be before the edge obeys it.</summary>
internal static class RoutingRules
{
    private const int SitesMax = 1_000;
    private const int HostsMax = 100;
    private const int ServicesMax = 100;
    private const int RoutesMax = 100;
    private const int BackendsMax = 20;
    private const int DestinationsMax = 200;
    private const int HostCharsMax = 253;
    private const int PathCharsMax = 500;
    private static readonly TimeSpan WakeMax = TimeSpan.FromHours(1);

    /// <exception cref="ProblemException">All findings.</exception>
    public static void Check(Routing? routing, IReadOnlyList<Routing> all)
    {
        if (routing is null || HasHoles(routing))
        {
            throw new ProblemException(Refused(routing?.Site, "it has holes"));
        }
        var others = all.Where(one => one.Site != routing.Site).ToList();
        string[] findings =
        [
            .. OfSite(routing),
            .. Rule(others.Count < SitesMax, $"the edge serves {SitesMax} sites at most"),
        ];
        Problem[] problems =
        [
            .. findings.Select(finding => Refused(routing.Site, finding)),
            .. HostsOf(routing).Intersect(others.SelectMany(HostsOf)).Select(host => Taken(routing.Site, host, others)),
        ];
        if (problems.Length > 0)
        {
            throw new ProblemException(problems);
        }
    }

    /// <exception cref="ProblemException">A routing breaks a rule.</exception>
    public static SavedRoutings CheckAll(SavedRoutings saved)
    {
        if (saved.Routings.Any(HasHoles))
        {
            throw new ProblemException(Refused(site: null, "it has holes"));
        }
        foreach (var routing in saved.Routings)
        {
            Check(routing, saved.Routings);
        }
        var twice = saved.Routings.GroupBy(one => one.Site).FirstOrDefault(group => group.Count() > 1);
        return twice is null ? saved : throw new ProblemException(Refused(twice.Key, "the site is there twice"));
    }

    // JSON can put a null into any list, which no type can forbid.
    private static bool HasHoles(Routing? routing) =>
        routing is null
        || routing.Hosts.Any(host => host is null)
        || routing.Services.Any(service =>
            service is null
            || service.Routes.Any(route => route is null)
            || service.Earlier.Any(one => one is null)
            || service.Backends.Any(one => one is null || one.Destinations.Any(destination => destination is null))
        );

    private static IEnumerable<string> HostsOf(Routing routing) =>
        routing.Hosts.Concat(
            routing.Services.SelectMany(one => one.Backends).Select(one => one.PreviewHost).OfType<string>()
        );

    private static IEnumerable<string> OfSite(Routing routing) =>
        [
            .. Rule(
                Site.IsName(routing.Site.App) && Site.IsName(routing.Site.Environment),
                "the site has no valid name"
            ),
            .. Rule(routing.Hosts.Count <= HostsMax, $"{routing.Hosts.Count} hosts, at most {HostsMax}"),
            .. Rule(routing.Services.Count <= ServicesMax, $"{routing.Services.Count} services, at most {ServicesMax}"),
            .. HostsOf(routing)
                .Where(host => !IsHost(host))
                .Select(host => $"'{host}' is not a host name in lower case"),
            .. Twice(HostsOf(routing)).Select(host => $"host {host} is there twice"),
            .. Twice(routing.Services.Select(one => one.Service)).Select(name => $"service {name} is there twice"),
            .. Twice(routing.Services.SelectMany(one => one.Routes.Select(route => route.TrimEnd('/'))))
                .Select(route => $"route {route}/ is there twice"),
            .. routing.Services.SelectMany(one =>
                OfService(routing.Site, one).Select(text => $"{one.Service}: {text}")
            ),
        ];

    private static IEnumerable<string> OfService(Site site, ServiceRouting service)
    {
        var sum = service.Backends.Sum(one => one.Share.Percent);
        return
        [
            .. Rule(Site.IsName(service.Service), "the service has no valid name"),
            .. Rule(service.Routes.Count <= RoutesMax, $"{service.Routes.Count} routes, at most {RoutesMax}"),
            .. service.Routes.Where(route => !IsPath(route)).Select(route => $"'{route}' is not a path"),
            .. Rule(service.HealthPath is null || IsPath(service.HealthPath), "the health path is not a path"),
            .. Rule(service.Backends.Count <= BackendsMax, $"{service.Backends.Count} releases, at most {BackendsMax}"),
            .. Rule(
                sum == 100 || service.IsHeld || service.Backends.Count == 0,
                $"shares sum to {sum} %, not to 100 %"
            ),
            .. Rule(
                service.WakesWithin is not { } wakes || (wakes > TimeSpan.Zero && wakes <= WakeMax),
                $"it may take up to {WakeMax.TotalMinutes} minutes to wake, and not {service.WakesWithin}"
            ),
            .. Rule(
                !service.IsAsleep || (service.Backends.Count == 0 && !service.IsHeld),
                "it is asleep, and someone answers or it is held"
            ),
            .. service.Traffic?.Mirror is { } mirror ? OfMirror(mirror) : [],
            .. Twice(service.Backends.Select(one => one.Part)).Select(part => $"{part} is there twice"),
            .. service.Backends.SelectMany(one => OfBackend(site, service, one)),
            .. service
                .Earlier.Where(one => one.Folder is not { IsAbsoluteUri: true, IsFile: true, IsUnc: false })
                .Select(one => $"{one.Folder} of {one.Part} is not a folder"),
        ];
    }

    private static IEnumerable<string> OfMirror(MirrorPolicy mirror) =>
        [
            .. Rule(
                mirror.BodyMax is >= 0 and <= MirrorPolicy.BodyMaxMost,
                $"bodies of {mirror.BodyMax} bytes are to be copied, at most {MirrorPolicy.BodyMaxMost}"
            ),
            .. Rule(
                mirror.AtOnce is > 0 and <= MirrorPolicy.AtOnceMost,
                $"{mirror.AtOnce} copies at once, 1 to {MirrorPolicy.AtOnceMost}"
            ),
        ];

    private static IEnumerable<string> OfBackend(Site site, ServiceRouting service, Backend backend) =>
        [
            .. Rule(backend.Part.Service == service.Service, $"{backend.Part} belongs to another service"),
            .. Rule(
                backend.Destinations.Count > 0 || backend.Share == Share.None || service.IsHeld,
                $"{backend.Part} has {backend.Share} of the traffic and no replica"
            ),
            .. Rule(
                backend.Destinations.Count <= DestinationsMax,
                $"{backend.Part} has {backend.Destinations.Count} replicas, at most {DestinationsMax}"
            ),
            .. Twice(backend.Destinations.Select(one => one.Instance)).Select(key => $"replica {key} is there twice"),
            .. backend
                .Destinations.Where(one => one.Instance.Site != site || one.Instance.Part != backend.Part)
                .Select(one => $"replica {one.Instance} is not one of {backend.Part}"),
            .. backend
                .Destinations.Where(one => !IsEndpoint(one.Endpoint))
                .Select(one => $"{one.Endpoint} is neither http at this machine or a private address, nor a folder"),
        ];

    private static string[] Rule(bool isKept, string otherwise) => isKept ? [] : [otherwise];

    private static IEnumerable<T> Twice<T>(IEnumerable<T> all) =>
        all.GroupBy(one => one).Where(group => group.Skip(1).Any()).Select(group => group.Key);

    private static bool IsHost(string host) =>
        host.Length is > 0 and <= HostCharsMax
        && Uri.CheckHostName(host) is not UriHostNameType.Unknown
        && !host.Any(letter => char.IsAsciiLetterUpper(letter) || letter is ':');

    private static bool IsPath(string path) =>
        path.StartsWith('/')
        && path.Length <= PathCharsMax
        && !path.Any(letter => letter <= ' ' || letter is '?' or '#');

    private static bool IsEndpoint(Uri endpoint) =>
        endpoint.IsAbsoluteUri
        && (endpoint.Scheme == "http" && IsNear(endpoint) || endpoint is { IsFile: true, IsUnc: false })
        && endpoint.Query.Length == 0
        && endpoint.UserInfo.Length == 0;

    // This machine, or the network of containers or pods: by its number, so that no name can lead elsewhere.
    private static bool IsNear(Uri endpoint) =>
        endpoint.IsLoopback
        || IPAddress.TryParse(endpoint.Host, out var address) && AddressKinds.Of(address) is AddressKind.Inside;

    private static Problem Refused(Site? site, string finding) =>
        new(
            "edge.routing-refused",
            What: $"The edge did not take the routing of {site?.ToString() ?? "a site"}.",
            Why: $"{finding}.",
            Fix: $"Traffic goes where it went before. Correct it in fairlead.yaml, then: fairlead deploy"
        )
        {
            Trouble = Trouble.WrongUse,
        };

    private static Problem Taken(Site site, string host, IEnumerable<Routing> others) =>
        new(
            "edge.host-taken",
            What: $"{site} cannot answer at {host}.",
            Why: $"{others.First(one => HostsOf(one).Contains(host)).Site} answers there.",
            Fix: $"Remove '{host}' from 'hosts' in the manifest of one of them."
        )
        {
            Trouble = Trouble.Conflict,
        };
}
