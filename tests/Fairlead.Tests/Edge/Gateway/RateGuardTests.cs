using Fairlead.Model.Apps;
using static Fairlead.Tests.Edge.Gateway.GatewaySample;

namespace Fairlead.Tests.Edge.Gateway;

public sealed class RateGuardTests
{
    private static readonly RateLimit PerAddress = new() { Name = "ip", Limit = new Rate(2, TimeSpan.FromMinutes(1)) };

    [Fact]
    public async Task A_client_is_told_what_is_left_and_when_to_come_again()
    {
        var edge = new GatewaySample(Policy(PerAddress));
        Assert.Equal(
            """
            200
            RateLimit: "ip";r=1;t=60
            RateLimit-Policy: "ip";q=2;w=60
            """,
            Text(await edge.AskAsync("GET /"))
        );
        edge.Clock.Advance(TimeSpan.FromSeconds(20.5));
        await edge.AskAsync("GET /");
        Assert.Equal(
            """
            429
            Cache-Control: no-store
            Content-Type: text/plain; charset=utf-8
            RateLimit: "ip";r=0;t=40
            RateLimit-Policy: "ip";q=2;w=60
            Retry-After: 40
            """,
            Text(await edge.AskAsync("GET /"))
        );
        Assert.Equal(200, (await edge.AskAsync("GET / 192.0.2.8")).Response.StatusCode);
        edge.Clock.Advance(TimeSpan.FromSeconds(40));
        Assert.Equal(200, (await edge.AskAsync("GET /")).Response.StatusCode);
    }

    [Fact]
    public async Task A_limit_holds_for_its_paths_and_methods_alone()
    {
        var edge = new GatewaySample(Policy(PerAddress with { Paths = ["/api"], Methods = ["POST"] }));
        for (var turn = 0; turn < 3; turn++)
        {
            await edge.AskAsync("POST /api/orders");
        }
        Assert.Equal("429 200 200 429", await Status(edge, "POST /api", "GET /api", "POST /apis", "POST /api/orders"));
        Assert.Equal("200", Text(await edge.AskAsync("GET /api")));
    }

    [Theory]
    [InlineData("/Login")]
    [InlineData("//login")]
    [InlineData("/login;x=1")]
    [InlineData("/;/login/")]
    [InlineData("/login%2Fnow")]
    [InlineData("/login/now")]
    public async Task Who_spells_a_path_in_another_way_is_counted_all_the_same(string path)
    {
        var edge = new GatewaySample(Policy(PerAddress with { Paths = ["/login"] }));
        await edge.AskAsync("GET /login");
        await edge.AskAsync("GET /login");
        Assert.Equal("429 200", await Status(edge, $"GET {path}", "GET /logins"));
    }

    [Fact]
    public async Task What_one_limit_refuses_costs_nothing_at_the_others()
    {
        var all = new RateLimit
        {
            Name = "all",
            By = "all",
            Limit = new Rate(5, TimeSpan.FromMinutes(1)),
        };
        var edge = new GatewaySample(Policy(all, PerAddress));
        for (var turn = 0; turn < 10; turn++)
        {
            await edge.AskAsync("GET /");
        }
        Assert.Equal(
            """
            200
            RateLimit: "all";r=2;t=60, "ip";r=1;t=60
            RateLimit-Policy: "all";q=5;w=60, "ip";q=2;w=60
            """,
            Text(await edge.AskAsync("GET / 192.0.2.8"))
        );
    }

    [Fact]
    public async Task A_header_a_route_or_everyone_may_share_a_limit()
    {
        var tenant = new GatewaySample(Policy(PerAddress with { By = "header:X-Tenant" }));
        Assert.Equal("200 200 429", await Status(tenant, ("X-Tenant", "a"), "GET /", "GET / 192.0.2.8", "GET /"));
        Assert.Equal("200", await Status(tenant, ("X-Tenant", "b"), "GET /"));
        // Without the header the address counts, so leaving it out wins nothing.
        Assert.Equal("200 200 429", await Status(tenant, "GET /", "GET /", "GET /"));

        var route = new GatewaySample(Policy(PerAddress with { By = "route", Paths = ["/a", "/b"] }));
        Assert.Equal("200 200 429 200", await Status(route, "GET /a", "GET /a/x 192.0.2.8", "GET /a", "GET /b"));
    }

    private static GatewayPolicy Policy(params RateLimit[] limits) => new() { RateLimits = limits, RequestIds = false };

    private static Task<string> Status(GatewaySample edge, params string[] asks) =>
        Status(edge, ("X-Nothing", ""), asks);

    private static async Task<string> Status(GatewaySample edge, (string, string) header, params string[] asks)
    {
        var statuses = new List<int>();
        foreach (var ask in asks)
        {
            statuses.Add((await edge.AskAsync(ask, header)).Response.StatusCode);
        }
        return string.Join(' ', statuses);
    }
}
