using System.Net;
using System.Text.Json.Nodes;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Security;
using static Fairlead.Tests.Edge.EdgeSample;

namespace Fairlead.Scenarios.Edge;

/// <summary>A service's gateway in a real edge.</summary>
public sealed class GatewayTests : IAsyncLifetime
{
    private EdgeUnderTest edge = null!; // Set before each test.
    private AppUnderTest app = null!; // Likewise.

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        edge = await EdgeUnderTest.StartAsync();
        app = await AppUnderTest.StartAsync("one");
    }

    public async ValueTask DisposeAsync()
    {
        await edge.DisposeAsync();
        await app.DisposeAsync();
    }

    [Fact]
    public async Task Of_many_requests_at_once_exactly_the_limit_reaches_the_app_also_over_a_switch()
    {
        await RouteAsync(new() { RateLimits = [Limit(50, "all")] });
        var first = await AskAllAsync(40);
        await using var next = await AppUnderTest.StartAsync("two");
        await edge.Router.ApplyAsync(
            Routing(
                Api(Backend(1, 50, [app.Endpoint]), Backend(2, 50, [next.Endpoint])) with
                {
                    Gateway = new() { RateLimits = [Limit(50, "all")] },
                }
            ),
            new Fence(1),
            Stop
        );
        var second = await AskAllAsync(40);
        Assert.Equal((40, 0), (first.Count(IsOk), first.Count(IsRefused)));
        Assert.Equal((10, 30), (second.Count(IsOk), second.Count(IsRefused)));
        Assert.Equal(50, app.Seen + next.Seen);
        Assert.StartsWith("\"all\";r=0;t=", second.Last(IsRefused).Limit, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_request_has_an_id_and_a_trace_that_the_app_and_the_client_see()
    {
        await RouteAsync(policy: null);
        using var answer = await edge.Http.GetAsync("/echo", Stop);
        var id = Assert.Single(answer.Headers.GetValues("X-Request-Id"));
        Assert.Matches("^[0-9a-f]{32}$", id);
        Assert.Contains($"X-Request-Id: {id}", await answer.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        await RouteAsync(new() { RequestIds = false });
        using var plain = await edge.Http.GetAsync("/echo", Stop);
        Assert.False(plain.Headers.Contains("X-Request-Id"));
        Assert.DoesNotContain("X-Request-Id", await plain.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trusted_proxys_word_on_the_client_reaches_the_app()
    {
        await RouteAsync(new() { TrustedProxies = ["127.0.0.0/8"] });
        using var question = new HttpRequestMessage(HttpMethod.Get, "/echo");
        question.Headers.TryAddWithoutValidation("X-Forwarded-For", "6.6.6.6, 203.0.113.9");
        question.Headers.TryAddWithoutValidation("X-Forwarded-Proto", "https");
        using var answer = await edge.Http.SendAsync(question, Stop);
        var seen = await answer.Content.ReadAsStringAsync(Stop);
        Assert.Contains("X-Forwarded-For: 203.0.113.9\n", seen, StringComparison.Ordinal);
        Assert.Contains("X-Forwarded-Proto: https\n", seen, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100_000, false, HttpStatusCode.OK)]
    [InlineData(100_001, false, HttpStatusCode.RequestEntityTooLarge)]
    [InlineData(100_000, true, HttpStatusCode.OK)]
    [InlineData(1_000_000, true, HttpStatusCode.RequestEntityTooLarge)]
    public async Task A_body_over_the_limit_is_answered_413(int bytes, bool isChunked, HttpStatusCode status)
    {
        await RouteAsync(new() { MaxBody = 100_000 });
        using var question = new HttpRequestMessage(HttpMethod.Post, "/upload")
        {
            Content = new ByteArrayContent(new byte[bytes]),
        };
        question.Headers.TransferEncodingChunked = isChunked;
        using var answer = await edge.Http.SendAsync(question, Stop);
        Assert.Equal(status, answer.StatusCode);
    }

    [Fact]
    public async Task Keys_and_what_they_have_asked_outlive_the_edge_and_need_no_server()
    {
        var (id, text) = ApiKey.New();
        var key = new ApiKey
        {
            Id = id,
            Name = "acme",
            Site = Shop,
            Hash = ApiKey.HashOf(text),
            CreatedAt = DateTimeOffset.UnixEpoch,
        };
        var ring = new KeyRing(Shop, [key]);
        await edge.Keys.ApplyAsync(ring, new Fence(1), Stop);
        await RouteAsync(new() { Keys = new() { Quota = new Rate(3, TimeSpan.FromDays(1)) } });
        Assert.Equal(ring.Digest, (await edge.Keys.DigestsAsync(Stop))["shop/production"]);
        edge.Http.DefaultRequestHeaders.Add("X-Api-Key", text);
        var seen = await edge.Http.GetStringAsync("/echo", Stop);
        Assert.DoesNotContain(text, seen, StringComparison.Ordinal);
        Assert.Equal("one", await edge.Http.GetStringAsync("/", Stop));
        await edge.StopAsync();
        await edge.RunAsync();
        using var last = await edge.Http.GetAsync("/", Stop);
        using var over = await edge.Http.GetAsync("/", Stop);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.TooManyRequests), (last.StatusCode, over.StatusCode));
        await edge.Keys.ApplyAsync(new KeyRing(Shop, []), new Fence(1), Stop);
        using var revoked = await edge.Http.GetAsync("/", Stop);
        Assert.Equal(HttpStatusCode.Unauthorized, revoked.StatusCode);
        await Assert.ThrowsAsync<FencedException>(() => edge.Keys.ApplyAsync(ring, new Fence(0), Stop));
    }

    [Fact]
    public async Task The_access_log_tells_what_became_of_each_request()
    {
        await RouteAsync(new() { Log = new() });
        await edge.Http.GetStringAsync("/orders", Stop);
        using var upload = await edge.Http.PostAsync("/upload", new ByteArrayContent(new byte[70_000]), Stop);
        using var failed = await edge.Http.GetAsync("/fail", Stop);
        await edge.StopAsync();
        var lines = await File.ReadAllLinesAsync(Path.Combine(edge.State.Logs, "access.jsonl"), Stop);
        Assert.Equal(
            ["GET /orders 200 api@1 0 3", "POST /upload 200 api@1 70000 5", "GET /fail 503 api@1 0 0"],
            lines
                .Select(line => JsonNode.Parse(line)!)
                .Select(line =>
                    $"{line["method"]} {line["path"]} {line["status"]} {line["release"]} {line["bytesIn"]} {line["bytesOut"]}"
                )
        );
        await edge.RunAsync();
    }

    private static RateLimit Limit(int count, string by) =>
        new()
        {
            Name = by,
            By = by,
            Limit = new Rate(count, TimeSpan.FromHours(1)),
        };

    private Task RouteAsync(GatewayPolicy? policy) =>
        edge.Router.ApplyAsync(
            Routing(Api(Backend(1, 100, [app.Endpoint])) with { Gateway = policy }),
            new Fence(1),
            Stop
        );

    private Task<(HttpStatusCode Status, string Limit)[]> AskAllAsync(int count) =>
        Task.WhenAll(
            Enumerable
                .Range(0, count)
                .Select(async _ =>
                {
                    using var answer = await edge.Http.GetAsync("/", Stop);
                    return (answer.StatusCode, string.Join(", ", answer.Headers.GetValues("RateLimit")));
                })
        );

    private static bool IsOk((HttpStatusCode Status, string Limit) answer) => answer.Status is HttpStatusCode.OK;

    private static bool IsRefused((HttpStatusCode Status, string Limit) answer) =>
        answer.Status is HttpStatusCode.TooManyRequests;
}
