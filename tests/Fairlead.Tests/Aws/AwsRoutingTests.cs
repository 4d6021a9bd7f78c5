using Fairlead.Engine.Aws;
using Fairlead.Model.Releases;

namespace Fairlead.Tests.Aws;

public sealed class AwsRoutingTests
{
    private static readonly AwsSpot Spot = Ordered.Spot(Ordered.Function);

    private static readonly Instance[] Parts =
    [
        Ordered.Seen("api", 41, "http://aws/7"),
        Ordered.Seen("api", 42, "http://aws/8"),
    ];

    [Fact]
    public void What_AWS_has_is_what_is_routed_with_where_each_part_answers() =>
        Assert.Equal(
            "/api: api@41 95% http://aws/7, api@42 5% http://aws/8",
            Text(AwsRouting.Seen(Said(), Sights((42, 5), (41, 95)), _ => []))
        );

    [Fact]
    public void Parts_are_in_the_order_in_which_they_were_said() =>
        Assert.Equal(
            "/api: api@42 5% http://aws/8, api@41 95% http://aws/7",
            Text(AwsRouting.Seen(Said(), Sights((41, 95), (42, 5)), _ => [new("api", 42), new("api", 41)]))
        );

    [Fact]
    public void Where_the_alias_is_gone_nothing_is_routed() =>
        Assert.Equal("", Text(AwsRouting.Seen(Said(), Sights(), _ => [])));

    [Fact]
    public void The_edge_knows_the_service_and_not_its_parts() =>
        Assert.Equal("/api: ", Text(AwsRouting.Elsewhere(Said((41, 95), (42, 5)), Sights())));

    [Fact]
    public void The_edge_gives_all_that_it_gets_though_its_service_moves_to_AWS() =>
        Assert.Equal("/api: api@40 100%", Text(AwsRouting.Elsewhere(Said((40, 60), (41, 40)), Sights())));

    [Fact]
    public void A_place_gives_all_that_it_gets_though_its_service_is_at_two() =>
        Assert.Equal(
            ["api@41 100%"],
            AwsRouting
                .SharesIn((Spot, new AwsSight([Parts[0]], [], null)), Said((41, 30), (42, 70)))
                .Select(one => $"{one.Part} {one.Share}")
        );

    private static Routing Said(params (int Since, int Percent)[] shares) =>
        new(
            Ordered.Site,
            ["shop.example.com"],
            [
                new()
                {
                    Service = "api",
                    Routes = ["/api"],
                    Backends = [.. shares.Select(one => new Backend(new("api", one.Since), new(one.Percent), []))],
                },
            ]
        );

    private static IReadOnlyList<(AwsSpot, AwsSight)> Sights(params (int Since, int Percent)[] shares) =>
        [(Spot, new(Parts, [.. shares.Select(one => (new Part("api", one.Since), new Share(one.Percent)))], null))];

    private static string Text(Routing routing) =>
        string.Join(
            '\n',
            routing.Services.Select(service =>
                $"{service.Routes[0]}: {string.Join(", ", service.Backends.Select(one => string.Join(' ', [$"{one.Part}", $"{one.Share}", .. one.Destinations.Select(to => to.Endpoint.OriginalString)])))}"
            )
        );
}
