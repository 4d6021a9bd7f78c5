using Fairlead.Model.Apps;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;
using Fairlead.Roles.Edge;
using static Fairlead.Tests.Edge.EdgeSample;

namespace Fairlead.Tests.Edge;

public sealed class RoutingRulesTests
{
    [Fact]
    public void All_that_is_wrong_is_said_at_once()
    {
        var routing = new Routing(
            Shop,
            ["Shop.Example", "a:80", "twice.example", "twice.example"],
            [
                Api(Backend(1, 100)) with
                {
                    Routes = ["api", "/a b"],
                    HealthPath = "health",
                },
                new ServiceRouting
                {
                    Service = "web",
                    Routes = ["/x", "/x/"],
                    Backends =
                    [
                        new Backend(new Part("api", 2), 30.Percent, [new(Key(9), new Uri("http://203.0.113.9/"))]),
                    ],
                },
            ]
        );
        Assert.Equal(
            [
                "'Shop.Example' is not a host name in lower case.",
                "'a:80' is not a host name in lower case.",
                "host twice.example is there twice.",
                "route /x/ is there twice.",
                "api: 'api' is not a path.",
                "api: '/a b' is not a path.",
                "api: the health path is not a path.",
                "api: api@1 has 100% of the traffic and no replica.",
                "web: shares sum to 30 %, not to 100 %.",
                "web: api@2 belongs to another service.",
                "web: replica shop_production_api_9_0 is not one of api@2.",
                "web: http://203.0.113.9/ is neither http at this machine or a private address, nor a folder.",
            ],
            Findings(routing)
        );
    }

    [Fact]
    public void Copies_of_requests_have_bounds()
    {
        var mirror = new MirrorPolicy
        {
            Share = 5.Percent,
            BodyMax = MirrorPolicy.BodyMaxMost + 1,
            AtOnce = 0,
        };
        Assert.Equal(
            ["api: bodies of 1048577 bytes are to be copied, at most 1048576.", "api: 0 copies at once, 1 to 1000."],
            Findings(Routing(Api(Backend(1, 100, 8080)) with { Traffic = new() { Mirror = mirror } }))
        );
    }

    [Fact]
    public void Held_services_and_services_without_a_release_need_no_shares() =>
        Assert.Empty(
            Findings(
                Routing(
                    Api(Backend(1, 0)) with
                    {
                        IsHeld = true,
                    },
                    new ServiceRouting
                    {
                        Service = "mail",
                        Routes = [],
                        Backends = [],
                    }
                )
            )
        );

    [Theory]
    [InlineData("https://127.0.0.1/")]
    [InlineData("http://127.0.0.1/?q=1")]
    [InlineData("http://me@127.0.0.1/")]
    [InlineData("file://server/share")]
    [InlineData("http://example.com/")]
    public void Replicas_are_on_this_machine(string endpoint) =>
        Assert.Single(Findings(Routing(Backend(1, 100, [new Uri(endpoint)]))));

    [Fact]
    public void A_host_belongs_to_one_site_also_as_a_preview()
    {
        var blog = new Routing(new Site("blog", "staging"), ["next.example"], []);
        var shop = Routing(Backend(1, 100, 5001) with { PreviewHost = "next.example" });
        Assert.Equal(["blog/staging answers there."], Findings(shop, blog));
    }

    private static IEnumerable<string> Findings(Routing routing, params IReadOnlyList<Routing> others)
    {
        try
        {
            RoutingRules.Check(routing, others);
            return [];
        }
        catch (ProblemException caught)
        {
            return caught.Problems.Select(one => one.Why);
        }
    }
}
