using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Certificates;
using Fairlead.Model.Apps;
using Fairlead.Model.Monitoring;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Guarding.Publishing;

/// <summary>Hosts of status pages at the edge.</summary>
public static class PageHosts
{
    private static readonly Part Pages = new("status", 1);

    /// <summary>The edge's place for them, apart from that of the API.</summary>
    public static Site Site { get; } = new("fairlead", "status");

    /// <summary>Pages that have a host of their own.</summary>
    public static async Task<IReadOnlyList<StatusPage>> ReadAsync(IStore store, CancellationToken stop) =>
        [
            .. (await store.ListAsync(StatusPage.Collection, "", stop))
                .Select(Records.Read<StatusPage>)
                .Where(one => one.Host is not null),
        ];

    /// <summary>What the edge has to know of them.</summary>
    /// <param name="api">Where this server answers, on the machine's own address.</param>
    public static Routing RoutingOf(IReadOnlyList<StatusPage> pages, Uri api) =>
        pages.Count == 0
            ? Routing.None(Site)
            : new(
                Site,
                [.. pages.Select(one => one.Host!)], // Those without were left out.
                [
                    new ServiceRouting
                    {
                        Service = Pages.Service,
                        Routes = ["/"],
                        Backends = [new(Pages, Share.All, [new(new InstanceKey(Site, Pages, 0), api)])],
                        HealthPath = "/healthz",
                        // Whoever asks without TLS is told as well: it is for everybody, and matters most when something is wrong.
                        Https = new(Redirects: false, Hsts: null),
                    },
                ]
            );

    /// <summary>The certificates that they must have.</summary>
    public static IEnumerable<NeededCertificate> Certificates(IReadOnlyList<StatusPage> pages) =>
        pages.Select(one => NeededCertificate.Of(Site, one.Host!, one.Tls)).OfType<NeededCertificate>();
}
