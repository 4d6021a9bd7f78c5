using Fairlead.Engine.Manifests;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Guarding.Network;

/// <summary>Reads from an app who may talk to whom. Pure; it allows only what the manifest names and what Fairlead itself needs.</summary>
public static class NetworkPlanner
{
    /// <summary>Where a service that obeys PORT listens, when it has an address of its own.</summary>
    public const int PortDefault = 8080;

    /// <summary>Where Fairlead's server takes telemetry.</summary>
    public const int TelemetryPort = 8077;

    public const int NamesPort = 53;

    public static NetworkPlan Of(LoadedApp app)
    {
        var services = app.Services.ToDictionary(one => one.Service.Name);
        List<string> notes = [];
        Flow[] flows =
        [
            .. app.Services.Where(one => !one.Service.IsStatic).SelectMany(one => In(one.Service)),
            .. app.Services.Where(one => !one.Service.IsStatic).SelectMany(one => Between(one, services, notes)),
            .. app.Services.Where(one => !one.Service.IsStatic).SelectMany(Out),
        ];
        return new(
            app.Site,
            [.. app.Services.Where(one => !one.Service.IsStatic).Select(one => one.Service.Name)],
            // The same may follow from two lines of the manifest; the first says why.
            [.. flows.DistinctBy(flow => (flow.From, flow.To, flow.Port, flow.Transport, flow.Path))],
            notes
        );
    }

    private static IEnumerable<Flow> In(Service service)
    {
        var member = new Peer.Member(service.Name);
        if (service.TakesTraffic)
        {
            var routes = string.Join(' ', service.Routes);
            yield return new(
                new Peer.Edge(),
                member,
                PortOf(service),
                Transport.Tcp,
                $"{service.Name} answers {routes}"
            );
        }
        if (service.Metrics is { } metrics)
        {
            yield return new(
                new Peer.Server(),
                member,
                metrics.Port ?? PortOf(service),
                Transport.Tcp,
                $"{service.Name} shows metrics"
            )
            {
                Path = metrics.Path,
            };
        }
    }

    private static IEnumerable<Flow> Between(
        LoadedService from,
        Dictionary<string, LoadedService> services,
        List<string> notes
    )
    {
        var name = from.Service.Name;
        var words = from
            .Service.Uses.Select(to => (to, Verb: "uses"))
            .Concat(from.Network.Calls.Select(to => (to, Verb: "calls")))
            .DistinctBy(one => one.to);
        foreach (var (to, verb) in words)
        {
            var service = services[to].Service;
            if (service.IsStatic)
            {
                notes.Add(
                    $"{name} {verb} {to}, which is only files and served by the edge: name its host in network.hosts of {name} if {name} reads them."
                );
            }
            else if (!Listens(service))
            {
                notes.Add($"{name} {verb} {to}, which listens on no port that the manifest names: nothing is allowed.");
            }
            else
            {
                yield return new(
                    new Peer.Member(name),
                    new Peer.Member(to),
                    PortOf(service),
                    Transport.Tcp,
                    $"{name} {verb} {to}"
                );
            }
        }
    }

    private static IEnumerable<Flow> Out(LoadedService from)
    {
        var member = new Peer.Member(from.Service.Name);
        foreach (var host in from.Network.Hosts)
        {
            yield return new(
                member,
                new Peer.Outside(host.Name),
                host.Port,
                host.Transport,
                $"{from.Service.Name} names {host}"
            );
        }
        foreach (var transport in new[] { Transport.Udp, Transport.Tcp })
        {
            yield return new(member, new Peer.Resolver(), NamesPort, transport, "names are looked up");
        }
        yield return new(member, new Peer.Server(), TelemetryPort, Transport.Tcp, "telemetry is sent");
    }

    private static bool Listens(Service service) => service.TakesTraffic || service.Port is not null;

    private static int PortOf(Service service) => service.Port ?? PortDefault;
}
