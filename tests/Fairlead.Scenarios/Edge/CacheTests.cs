using System.Net;
using System.Text;
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

    [Fact]
    public async Task What_an_app_says_to_one_who_signed_in_is_said_to_no_other()
    {
        await using var greeter = RawApp.Start(head => Say($"hello {FieldOf(head, "Fairlead-User")}"));
        var hash = PasswordHash.Of("pw", "0123456789abcdef"u8);
        var users = new Dictionary<string, string> { ["anna"] = hash, ["ben"] = hash };
        await RouteAsync(
            new GatewayPolicy
            {
                Cache = Hour,
                Protect = new() { Basic = new() { Users = users } },
            },
            Backend(1, 100, [greeter.Endpoint])
        );
        Assert.Equal(("bypass", "hello anna"), await AskAsync("/", Basic("anna")));
        Assert.Equal(("bypass", "hello ben"), await AskAsync("/", Basic("ben")));

        static (string, string) Basic(string name) =>
            ("Authorization", $"Basic {Convert.ToBase64String(Encoding.ASCII.GetBytes($"{name}:pw"))}");
    }

    [Fact]
    public async Task A_way_to_https_is_not_given_to_those_who_came_by_it()
    {
        await using var strict = RawApp.Start(head =>
            FieldOf(head, "X-Forwarded-Proto") == "https"
                ? Say("page")
                : "HTTP/1.1 301 Moved Permanently\r\nLocation: https://shop.example/\r\nContent-Length: 0\r\n\r\n"
        );
        await RouteAsync(
            new GatewayPolicy { Cache = Hour, TrustedProxies = ["127.0.0.0/8"] },
            Backend(1, 100, [strict.Endpoint])
        );
        using var plain = await edge.Http.GetAsync("/", Stop);
        Assert.Equal(HttpStatusCode.MovedPermanently, plain.StatusCode);
        Assert.Equal(("miss", "page"), await AskAsync("/", ("X-Forwarded-Proto", "https")));
        Assert.Equal(("hit", "page"), await AskAsync("/", ("X-Forwarded-Proto", "https")));
    }

    [Fact]
    public async Task What_a_body_asks_for_is_not_kept_under_an_address_alone()
    {
        await using var lax = RawApp.Start(head =>
            Say(head.EndsWith("lang=xx", StringComparison.Ordinal) ? "xx" : "plain")
        );
        await RouteAsync(Hour, Backend(1, 100, [lax.Endpoint]));
        using var fat = new HttpRequestMessage(HttpMethod.Get, "/") { Content = new StringContent("lang=xx") };
        using var answer = await edge.Http.SendAsync(fat, Stop);
        Assert.Equal(["bypass"], answer.Headers.GetValues("Fairlead-Cache"));
        Assert.Equal(("miss", "plain"), await AskAsync("/"));
    }

    [Fact]
    public async Task What_is_compressed_for_one_is_not_given_to_those_who_cannot_read_it()
    {
        await using var silent = RawApp.Start(head =>
            FieldOf(head, "Accept-Encoding").Contains("gzip", StringComparison.Ordinal)
                ? Say("packed", "Content-Encoding: gzip\r\n")
                : Say("plain")
        );
        await RouteAsync(Hour, Backend(1, 100, [silent.Endpoint]));
        Assert.Equal(("miss", "packed"), await AskAsync("/", ("Accept-Encoding", "gzip")));
        Assert.Equal(("miss", "plain"), await AskAsync("/"));
    }

    [Fact]
    public async Task A_new_browsers_name_keeps_nothing_out_of_the_cache_and_is_not_kept_in_it()
    {
        await edge.Router.ApplyAsync(
            Routing(
                Api(Backend(1, 100, [app.Endpoint])) with
                {
                    Gateway = new() { Cache = Hour },
                    Traffic = new() { Sticky = new(StickyBy.Cookie) },
                }
            ),
            new Fence(1),
            Stop
        );
        using var first = await edge.Http.GetAsync("/page", Stop);
        Assert.StartsWith("fairlead-cohort=", first.Headers.GetValues("Set-Cookie").Single(), StringComparison.Ordinal);
        using var second = await edge.Http.GetAsync("/page", Stop);
        Assert.Equal(["hit"], second.Headers.GetValues("Fairlead-Cache"));
        Assert.False(second.Headers.Contains("Set-Cookie"));
    }

    private static string Say(string text, string fields = "") =>
        $"HTTP/1.1 200 OK\r\n{fields}Content-Length: {text.Length}\r\n\r\n{text}";

    private static string FieldOf(string head, string name) =>
        head.Split("\r\n")
            .FirstOrDefault(line => line.StartsWith($"{name}: ", StringComparison.OrdinalIgnoreCase))
            ?[(name.Length + 2)..]
        ?? "";

    private Task RouteAsync(GatewayPolicy policy, params IReadOnlyList<Backend> backends) =>
        edge.Router.ApplyAsync(Routing(Api(backends) with { Gateway = policy }), new Fence(1), Stop);

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
