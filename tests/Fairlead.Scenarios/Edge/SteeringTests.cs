using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;
using static Fairlead.Tests.Edge.EdgeSample;

namespace Fairlead.Scenarios.Edge;

/// <summary>Who reaches which release, over real sockets.</summary>
public sealed class SteeringTests : IAsyncLifetime
{
    private EdgeUnderTest edge = null!; // Set before each test.

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => edge = await EdgeUnderTest.StartAsync();

    public ValueTask DisposeAsync() => edge.DisposeAsync();

    [Fact]
    public async Task A_user_with_our_cookie_stays_on_its_release_also_over_a_restart_of_the_edge()
    {
        await using var old = await AppUnderTest.StartAsync("old");
        await using var next = await AppUnderTest.StartAsync("next");
        await ApplyAsync(new() { Sticky = new(StickyBy.Cookie) }, old, next, share: 50);
        var users = new Dictionary<string, string>();
        for (var user = 0; user < 40; user++)
        {
            using var answer = await edge.Http.GetAsync("/", Stop);
            var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie")).Split(';')[0];
            users.Add(cookie, await answer.Content.ReadAsStringAsync(Stop));
        }
        Assert.Equal(["next", "old"], users.Values.Distinct().Order());
        await edge.StopAsync();
        await edge.RunAsync();
        foreach (var (cookie, release) in users)
        {
            Assert.Equal(release, await AskAsync("Cookie", cookie));
        }
    }

    [Fact]
    public async Task A_tester_reaches_the_release_that_has_no_share_yet()
    {
        await using var old = await AppUnderTest.StartAsync("old");
        await using var next = await AppUnderTest.StartAsync("next");
        await ApplyAsync(new() { Match = [new() { Header = "X-Beta", Is = "1" }] }, old, next, share: 0);
        Assert.Equal("next", await AskAsync("X-Beta", "1"));
        Assert.Equal("old", await AskAsync("X-Beta", "0"));
    }

    [Fact]
    public async Task A_replica_that_answers_500_gets_no_more_requests_and_the_router_says_why()
    {
        await using var well = await AppUnderTest.StartAsync("well");
        await using var sick = RawApp.Start(_ => "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 4\r\n\r\nsick");
        await edge.ApplyAsync(Backend(1, 100, [sick.Endpoint, well.Endpoint]));
        await EdgeUnderTest.UntilAsync(async () =>
        {
            await AskAsync("X-Any", "1");
            return (await edge.Router.ObserveAsync(Shop, Stop)).Ejected.Count > 0;
        });
        var why = Assert.Single((await edge.Router.ObserveAsync(Shop, Stop)).Ejected);
        Assert.Equal(Key(1, 0).ToString(), why.Key);
        Assert.EndsWith("failures in a row", why.Value);
        for (var number = 0; number < 100; number++)
        {
            Assert.Equal("well", await AskAsync("X-Any", "1"));
        }
    }

    private Task ApplyAsync(TrafficPolicy policy, AppUnderTest old, AppUnderTest next, int share) =>
        edge.Router.ApplyAsync(
            Routing(
                Api(Backend(1, 100 - share, [old.Endpoint]), Backend(2, share, [next.Endpoint])) with
                {
                    Traffic = policy,
                    Next = new Part("api", 2),
                }
            ),
            new Fence(1),
            Stop
        );

    private async Task<string> AskAsync(string header, string value)
    {
        using var question = new HttpRequestMessage(HttpMethod.Get, "/");
        question.Headers.Add(header, value);
        using var answer = await edge.Http.SendAsync(question, Stop);
        return await answer.Content.ReadAsStringAsync(Stop);
    }
}
