using Fairlead.Model.Apps;
using Fairlead.Model.Releases;

namespace Fairlead.Tests.Edge;

/// <summary>Routings to try the edge with.</summary>
internal static class EdgeSample
{
    public static readonly Site Shop = new("shop", "production");

    public static Routing Routing(params IReadOnlyList<Backend> backends) => Routing(Api(backends));

    public static Routing Routing(params IReadOnlyList<ServiceRouting> services) =>
        new(Shop, ["shop.example"], services);

    public static ServiceRouting Api(params IReadOnlyList<Backend> backends) =>
        new()
        {
            Service = "api",
            Routes = ["/"],
            Backends = backends,
        };

    /// <summary>A release of the service api with one replica for each port.</summary>
    public static Backend Backend(int since, int share, params IReadOnlyList<int> ports) =>
        Backend(since, share, [.. ports.Select(port => new Uri($"http://127.0.0.1:{port}/"))]);

    public static Backend Backend(int since, int share, IReadOnlyList<Uri> endpoints) =>
        new(
            new Part("api", since),
            new Share(share),
            [.. endpoints.Select((endpoint, slot) => new Destination(Key(since, slot), endpoint))]
        );

    public static InstanceKey Key(int since, int slot = 0) => new(Shop, new Part("api", since), slot);
}
