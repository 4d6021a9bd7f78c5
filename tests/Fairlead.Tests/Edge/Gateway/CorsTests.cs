using Fairlead.Model.Apps;
using static Fairlead.Tests.Edge.Gateway.GatewaySample;

namespace Fairlead.Tests.Edge.Gateway;

public sealed class CorsTests
{
    private static readonly CorsPolicy Policy = new()
    {
        Origins = ["https://shop.example.com", "https://*.partner.example"],
        Methods = ["GET", "PUT"],
        Headers = ["Content-Type"],
        Expose = ["X-Total"],
        Credentials = true,
    };

    [Fact]
    public async Task A_preflight_is_answered_without_the_app() =>
        Assert.Equal(
            """
            204
            Access-Control-Allow-Credentials: true
            Access-Control-Allow-Headers: Content-Type
            Access-Control-Allow-Methods: GET, PUT
            Access-Control-Allow-Origin: https://shop.example.com
            Access-Control-Max-Age: 600
            Vary: Origin
            """,
            Text(
                await Edge(Policy)
                    .AskAsync(
                        "OPTIONS /orders",
                        ("Origin", "https://shop.example.com"),
                        ("Access-Control-Request-Method", "PUT")
                    )
            )
        );

    [Fact]
    public async Task An_answer_says_who_may_read_it() =>
        Assert.Equal(
            """
            200
            Access-Control-Allow-Credentials: true
            Access-Control-Allow-Origin: https://shop.example.com
            Access-Control-Expose-Headers: X-Total
            Vary: Origin
            """,
            Text(await Edge(Policy).AskAsync("GET /orders", ("Origin", "https://shop.example.com")))
        );

    [Theory]
    [InlineData("https://shop.example.com", true)]
    [InlineData("https://a.partner.example", true)]
    [InlineData("https://a.b.partner.example", true)]
    [InlineData("https://partner.example", false)]
    [InlineData("https://.partner.example", false)]
    [InlineData("https://evil.example/.partner.example", false)]
    [InlineData("https://evil.example#.partner.example", false)]
    [InlineData("https://evilpartner.example", false)]
    [InlineData("http://a.partner.example", false)]
    [InlineData("https://shop.example.com.evil.example", false)]
    [InlineData("https://shop.example.com:444", false)]
    [InlineData("null", false)]
    [InlineData("*", false)]
    public async Task An_origin_must_be_one_of_those_named(string origin, bool isAllowed)
    {
        var answer = await Edge(Policy).AskAsync("GET /", ("Origin", origin));
        Assert.Equal(isAllowed ? origin : "", answer.Response.Headers.AccessControlAllowOrigin.ToString());
        Assert.Equal("Origin", answer.Response.Headers.Vary);
    }

    [Fact]
    public async Task Everyone_is_told_so_with_a_star_and_never_with_cookies()
    {
        var everyone = new CorsPolicy { Origins = ["*"], Headers = ["*"] };
        Assert.Equal(
            """
            204
            Access-Control-Allow-Headers: Authorization, X-A
            Access-Control-Allow-Methods: GET, HEAD, POST
            Access-Control-Allow-Origin: *
            Access-Control-Max-Age: 600
            Vary: Access-Control-Request-Headers
            """,
            Text(
                await Edge(everyone)
                    .AskAsync(
                        "OPTIONS /",
                        ("Origin", "https://any.example"),
                        ("Access-Control-Request-Method", "GET"),
                        ("Access-Control-Request-Headers", "Authorization, X-A")
                    )
            )
        );
        var careless = everyone with { Credentials = true };
        Assert.Equal(
            "200\nVary: Origin",
            Text(await Edge(careless).AskAsync("GET /", ("Origin", "https://any.example")))
        );
    }

    [Fact]
    public async Task A_plain_OPTIONS_goes_to_the_app() =>
        Assert.Equal("app", BodyOf(await Edge(Policy).AskAsync("OPTIONS /")));

    private static GatewaySample Edge(CorsPolicy policy) => new(new() { Cors = policy, RequestIds = false });
}
