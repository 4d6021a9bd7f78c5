using System.Net;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;
using static Fairlead.Scenarios.Edge.EdgeUnderTest;
using static Fairlead.Tests.Edge.EdgeSample;

namespace Fairlead.Scenarios.Edge;

/// <summary>Answers kept by a real edge.</summary>
public sealed class CacheTests : IAsyncLifetime
{
    private static readonly CachePolicy Hour = new() { Ttl = TimeSpan.FromHours(1) };

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
    public async Task Many_who_ask_the_same_at_once_cost_the_app_one_request()
    {
        await RouteAsync(Hour, Backend(1, 100, [app.Endpoint]));
        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => AskAsync("/slow")));
        Assert.Equal(1, app.Seen);
        Assert.All(answers, answer => Assert.Equal("slow", answer.Body));
        Assert.Equal((1, 29), (answers.Count(one => one.Cache == "miss"), answers.Count(one => one.Cache == "hit")));
        Assert.Equal(("hit", "slow"), await AskAsync("/slow"));
        Assert.Equal(("miss", "one"), await AskAsync("/slow2"));
    }

    [Fact]
    public async Task A_new_release_never_gives_the_old_ones_answers_and_a_canary_gives_none_to_others()
    {
        await using var next = await AppUnderTest.StartAsync("two");
        await RouteAsync(Hour, Backend(1, 100, [app.Endpoint]));
        await AskAsync("/page");
        await RouteAsync(Hour, Backend(1, 50, [app.Endpoint]), Backend(2, 50, [next.Endpoint]));
        for (var turn = 0; turn < 20; turn++)
        {
            Assert.Equal(("hit", "one"), await AskAsync("/page"));
            await AskAsync("/other");
        }
        Assert.Equal(("hit", "one"), await AskAsync("/other"));
        await RouteAsync(Hour, Backend(2, 100, [next.Endpoint]));
        Assert.Equal(("miss", "two"), await AskAsync("/page"));
        Assert.Equal(("hit", "two"), await AskAsync("/page"));
    }

    [Fact]
    public async Task What_is_stale_is_given_while_the_app_is_asked_behind_the_clients_back()
    {
        var policy = Hour with { Ttl = TimeSpan.FromMilliseconds(300), StaleWhileRevalidate = TimeSpan.FromHours(1) };
        await RouteAsync(policy, Backend(1, 100, [app.Endpoint]));
        Assert.Equal(("miss", "one"), await AskAsync("/page"));
        await UntilAsync(async () => (await AskAsync("/page")).Cache == "stale");
        await UntilAsync(async () => (await AskAsync("/page")).Cache == "hit");
        Assert.InRange(app.Seen, 2, 20);
    }

    [Fact]
    public async Task When_the_app_fails_the_last_good_answer_is_given()
    {
        var policy = Hour with { Ttl = TimeSpan.FromMilliseconds(1), StaleIfError = TimeSpan.FromHours(1) };
        await RouteAsync(policy, Backend(1, 100, [app.Endpoint]));
        Assert.Equal(("miss", "one"), await AskAsync("/page"));
        Assert.Equal(("revalidated", "one"), await UnlessHitAsync("/page"));
        await app.DisposeAsync();
        Assert.Equal(("stale", "one"), await UnlessHitAsync("/page"));
    }

    [Fact]
    public async Task A_change_at_an_address_is_seen_at_once_and_secrets_are_not_kept()
    {
        await RouteAsync(Hour, Backend(1, 100, [app.Endpoint]));
        await AskAsync("/page");
        Assert.Equal("hit", (await AskAsync("/page")).Cache);
        using var changed = await edge.Http.PostAsync("/page", new ByteArrayContent([1]), Stop);
        Assert.Equal("miss", (await AskAsync("/page")).Cache);
        Assert.Equal("bypass", (await AskAsync("/page", ("Authorization", "Bearer x"))).Cache);
        // The app does not say that it is for all, so someone known to it is not given a stranger's page.
        Assert.Equal("miss", (await AskAsync("/page", ("Cookie", "user=anna"))).Cache);
        Assert.Equal("hit", (await AskAsync("/page")).Cache);
    }

    [Fact]
    public async Task An_answer_that_breaks_off_is_not_kept()
    {
        await RouteAsync(Hour, Backend(1, 100, [app.Endpoint]));
        var asked = edge.Http.GetAsync("/break", HttpCompletionOption.ResponseHeadersRead, Stop);
        using var answer = await asked;
        app.Breaks.SetResult();
        await Assert.ThrowsAnyAsync<Exception>(() => answer.Content.ReadAsStringAsync(Stop));
        using var again = await edge.Http.GetAsync("/break", HttpCompletionOption.ResponseHeadersRead, Stop);
        Assert.Equal(["miss"], again.Headers.GetValues("Fairlead-Cache"));
        Assert.InRange(app.Seen, 2, 4);
    }

    private Task RouteAsync(CachePolicy cache, params IReadOnlyList<Backend> backends) =>
        edge.Router.ApplyAsync(Routing(Api(backends) with { Gateway = new() { Cache = cache } }), new Fence(1), Stop);

    // Time goes on while a test runs, and an answer of one millisecond may just have come.
    private async Task<(string Cache, string Body)> UnlessHitAsync(string path)
    {
        while (true)
        {
            if (await AskAsync(path) is { Cache: not "hit" } answer)
            {
                return answer;
            }
        }
    }

    private async Task<(string Cache, string Body)> AskAsync(string path, params (string Name, string Value)[] headers)
    {
        using var question = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
        {
            question.Headers.TryAddWithoutValidation(name, value);
        }
        using var answer = await edge.Http.SendAsync(question, Stop);
        var body = await answer.Content.ReadAsStringAsync(Stop);
        Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.MethodNotAllowed, $"{answer.StatusCode}");
        return (answer.Headers.TryGetValues("Fairlead-Cache", out var cache) ? string.Join(',', cache) : "none", body);
    }
}
