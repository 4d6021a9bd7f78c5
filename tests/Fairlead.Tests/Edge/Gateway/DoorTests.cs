using Fairlead.Roles.Edge;
using Fairlead.Roles.Edge.Gateway;
using static Fairlead.Tests.Edge.Gateway.GatewaySample;

namespace Fairlead.Tests.Edge.Gateway;

/// <summary>Who is let in at all: networks, methods and sizes.</summary>
public sealed class DoorTests
{
    [Theory]
    [InlineData("GET / 192.0.2.7", 200)]
    [InlineData("GET / 192.0.2.66", 403)]
    [InlineData("GET / 198.51.100.1", 403)]
    [InlineData("GET / 2001:db8::1", 200)]
    [InlineData("GET / 2001:db8::2", 403)]
    [InlineData("GET / ::ffff:192.0.2.7", 200)]
    [InlineData("DELETE / 192.0.2.7", 405)]
    public async Task Networks_and_methods_are_let_in_as_the_manifest_says(string ask, int status)
    {
        var edge = new GatewaySample(
            new()
            {
                Allow = ["192.0.2.0/24", "2001:db8::1"],
                Deny = ["192.0.2.64/26"],
                Methods = ["GET", "POST"],
            }
        );
        Assert.Equal(status, (await edge.AskAsync(ask)).Response.StatusCode);
    }

    [Fact]
    public async Task A_trusted_proxy_says_who_asks_and_how_and_others_are_not_believed()
    {
        var edge = new GatewaySample(new() { TrustedProxies = ["10.0.0.0/8"], Deny = ["203.0.113.0/24"] });
        var forwarded = ("X-Forwarded-For", "203.0.113.9");
        Assert.Equal(403, (await edge.AskAsync("GET / 10.0.0.1", forwarded)).Response.StatusCode);
        Assert.Equal(200, (await edge.AskAsync("GET / 198.51.100.1", forwarded)).Response.StatusCode);
        var through = await edge.AskAsync("GET / 10.0.0.1", ("X-Forwarded-Proto", "https"));
        var around = await edge.AskAsync("GET / 198.51.100.1", ("X-Forwarded-Proto", "https"));
        Assert.Equal(("https", "http"), (through.Request.Scheme, around.Request.Scheme));
    }

    [Fact]
    public async Task A_body_that_says_it_is_too_large_is_not_waited_for()
    {
        var edge = new GatewaySample(new() { MaxBody = 10, RequestIds = false });
        Assert.Equal(200, (await edge.AskAsync("POST /", ("Content-Length", "10"))).Response.StatusCode);
        Assert.Equal(
            """
            413
            Cache-Control: no-store
            Connection: close
            Content-Type: text/plain; charset=utf-8
            """,
            Text(await edge.AskAsync("POST /", ("Content-Length", "11")))
        );
    }

    [Fact]
    public async Task A_body_that_grows_too_large_is_cut_off_there()
    {
        var trip = new GatewaySample(new()).Begin("POST /");
        var visit = new Visit(trip, null!); // Nobody is asked for a header.
        await using var body = new CountedBody(new MemoryStream(new byte[25]), visit, bytesMax: 20);
        var buffer = new byte[20];
        var stop = TestContext.Current.CancellationToken;
        await body.ReadExactlyAsync(buffer, stop);
        Assert.False(visit.IsBodyTooLarge);
        var caught = await Assert.ThrowsAsync<Microsoft.AspNetCore.Http.BadHttpRequestException>(async () =>
            await body.ReadExactlyAsync(buffer, stop)
        );
        Assert.Equal((413, true), (caught.StatusCode, visit.IsBodyTooLarge));
    }

    [Fact]
    public async Task Calls_from_service_to_service_are_not_held_to_what_holds_outside()
    {
        var edge = new GatewaySample(
            new()
            {
                Deny = ["0.0.0.0/0"],
                MaxBody = 1,
                Methods = ["GET"],
            }
        );
        var trip = new Trip(edge.Begin("POST /").Http, new Arrival(Door.Internal), edge.Clock);
        Assert.False(await edge.IsAnsweredAsync(trip));
    }
}
