using Fairlead.Model.Ports;
using Fairlead.Model.Releases;
using Fairlead.Roles.Edge;
using static Fairlead.Tests.Edge.EdgeSample;

namespace Fairlead.Tests.Edge;

public sealed class RouteTableTests
{
    private static readonly World World = new(TimeProvider.System, new Random(1));

    private static readonly RouteTable Table = Build(
        Routing(Service("web", "/"), Service("api", "/api", "/api/v2/"), Service("docs", "/api/docs"), Service("mail"))
    );

    [Theory]
    [InlineData("shop.example", "/", "web")]
    [InlineData("shop.example", "/apis", "web")]
    [InlineData("shop.example", "/api", "api")]
    [InlineData("shop.example", "/api/", "api")]
    [InlineData("shop.example", "/api/orders/7", "api")]
    [InlineData("shop.example", "/api/v2", "api")]
    [InlineData("shop.example", "/api/docs", "docs")]
    [InlineData("shop.example", "/api/docs/intro", "docs")]
    [InlineData("shop.example", "/api/docsy", "api")]
    [InlineData("SHOP.Example:8443", "/API", "web")]
    [InlineData("shop.example.", "/", "web")]
    [InlineData("api-next.example:80", "/anything", "api")]
    [InlineData("other.example", "/", null)]
    [InlineData("shop.example.evil", "/", null)]
    [InlineData("[::1]:80", "/", null)]
    [InlineData(":80", "/", null)]
    public void The_host_and_then_the_longest_path_say_which_service(string host, string path, string? service) =>
        Assert.Equal(service, Name(Table.FindHost(host)?.Find(path)));

    [Fact]
    public void A_preview_host_reaches_one_part_only()
    {
        var host = Table.FindHost("api-next.example");
        Assert.Equal("api@1", host?.Only?.Name);
        Assert.Null(Table.FindHost("shop.example")?.Only);
    }

    [Theory]
    [InlineData("/shop.production.api", "api")]
    [InlineData("/shop.production.api/orders", "api")]
    [InlineData("/shop.production.mail/", "mail")]
    [InlineData("/shop.production.apix/", null)]
    [InlineData("/shop.production/", null)]
    [InlineData("/Shop.production.api/", null)]
    [InlineData("/", null)]
    [InlineData("", null)]
    public void Inside_the_first_segment_names_the_service_also_one_without_routes(string path, string? service) =>
        Assert.Equal(service, Name(Table.FindNamed(path)));

    [Fact]
    public void A_path_without_a_route_leads_nowhere() =>
        Assert.Null(Build(Routing(Service("api", "/api"))).FindHost("shop.example")!.Find("/"));

    [Fact]
    public void A_service_that_was_held_stays_held_until_it_has_a_release()
    {
        var ledger = new Ledger(World);
        var held = RouteTable.Build([Routing(Api() with { IsHeld = true })], ledger, before: null);
        var empty = RouteTable.Build([Routing(Api())], ledger, held);
        var back = RouteTable.Build([Routing(Backend(2, 100, 5001))], ledger, empty);
        var gone = RouteTable.Build([Routing(Api())], ledger, back);
        Assert.Equal(
            [true, true, false, false],
            new[] { held, empty, back, gone }.Select(one => one.FindNamed("/shop.production.api")!.IsHeld)
        );
    }

    private static RouteTable Build(Routing routing) => RouteTable.Build([routing], new Ledger(World), before: null);

    private static ServiceRouting Service(string name, params string[] routes) =>
        new()
        {
            Service = name,
            Routes = routes,
            Backends =
            [
                new Backend(
                    new Part(name, 1),
                    Share.All,
                    [new(new InstanceKey(Shop, new Part(name, 1), 0), new Uri("http://127.0.0.1:1"))],
                    PreviewHost: $"{name}-next.example"
                ),
            ],
        };

    private static string? Name(LiveService? service) => service?.Parts[0].Part.Service;
}
