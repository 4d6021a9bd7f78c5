using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using Fairlead.Drivers.Routers;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;
using Fairlead.Model.Telemetry;
using static Fairlead.Scenarios.Edge.EdgeUnderTest;
using static Fairlead.Tests.Edge.EdgeSample;

namespace Fairlead.Scenarios.Edge;

public sealed class ForwardingTests : IAsyncLifetime
{
    private EdgeUnderTest edge = null!; // Set before each test.
    private AppUnderTest app = null!; // Likewise.

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        edge = await EdgeUnderTest.StartAsync();
        app = await AppUnderTest.StartAsync("one");
        await edge.ApplyAsync(Backend(1, 100, [app.Endpoint]));
    }

    public async ValueTask DisposeAsync()
    {
        await edge.DisposeAsync();
        await app.DisposeAsync();
    }

    [Fact]
    public async Task The_app_learns_who_asked_and_what_clients_claim_about_it_is_replaced()
    {
        using var question = new HttpRequestMessage(HttpMethod.Get, "/echo?q=a%20b&c");
        question.Headers.TryAddWithoutValidation("X-Forwarded-For", "6.6.6.6");
        question.Headers.TryAddWithoutValidation("X-Forwarded-Proto", "https");
        question.Headers.TryAddWithoutValidation("X-Forwarded-Host", "evil.example");
        question.Headers.TryAddWithoutValidation("Forwarded", "for=6.6.6.6");
        question.Headers.TryAddWithoutValidation("X-Own", "kept");
        question.Headers.TryAddWithoutValidation("X-Request-ID", "r-1");
        using var answer = await edge.Http.SendAsync(question, Stop);
        Assert.Equal(["api@1"], answer.Headers.GetValues("Fairlead-Release"));
        Assert.Equal(
            """
            GET /echo?q=a%20b&c
            Host: shop.example
            X-Forwarded-For: 127.0.0.1
            X-Forwarded-Host: shop.example
            X-Forwarded-Proto: http
            X-Own: kept
            X-Request-ID: r-1
            """,
            await answer.Content.ReadAsStringAsync(Stop)
        );
    }

    [Fact]
    public async Task Services_call_each_other_by_name_on_the_inside()
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://{edge.Internal}") };
        Assert.StartsWith(
            $"GET /echo?x=1\nHost: {edge.Internal}\n",
            await http.GetStringAsync("/shop.production.api/echo?x=1", Stop),
            StringComparison.Ordinal
        );
        Assert.Equal("one", await http.GetStringAsync("/shop.production.api", Stop));
        using var unknown = await http.GetAsync("/echo", Stop);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        // Names are for the inside only.
        Assert.Equal("one", await edge.Http.GetStringAsync("/shop.production.api/echo", Stop));
    }

    [Fact]
    public async Task Who_keeps_the_edge_running_asks_it_by_its_address_and_no_app_loses_a_path_by_that()
    {
        using var question = new HttpRequestMessage(HttpMethod.Get, "/.fairlead/health");
        question.Headers.Host = "10.1.2.3:8080";
        using var answer = await edge.Http.SendAsync(question, Stop);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("The edge carries traffic.\n", await answer.Content.ReadAsStringAsync(Stop));
        Assert.Equal("one", await edge.Http.GetStringAsync("/.fairlead/health", Stop));
    }

    [Fact]
    public async Task An_unknown_host_learns_nothing_about_others_and_a_request_without_one_is_bad()
    {
        using var question = new HttpRequestMessage(HttpMethod.Get, "/");
        question.Headers.Host = "other.example";
        using var answer = await edge.Http.SendAsync(question, Stop);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("Nothing is deployed at this host name.\n", await answer.Content.ReadAsStringAsync(Stop));
        Assert.StartsWith("HTTP/1.1 400 ", await RawAsync("GET / HTTP/1.1\r\n\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 400 ", await RawAsync("GET / HTTP/1.1\r\nHost:\r\n\r\n"), StringComparison.Ordinal);
        Assert.StartsWith(
            "HTTP/1.1 400 ",
            await RawAsync("GET / HTTP/1.1\r\nHost: a b\r\n\r\n"),
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            "HTTP/1.1 431 ",
            await RawAsync($"GET / HTTP/1.1\r\nHost: shop.example\r\nX: {new string('x', 40_000)}\r\n\r\n"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_large_upload_passes_that_asks_first_whether_to_go_on()
    {
        using var question = new HttpRequestMessage(HttpMethod.Post, "/upload")
        {
            Content = new ByteArrayContent(new byte[40 * 1024 * 1024]),
        };
        question.Headers.ExpectContinue = true;
        using var answer = await edge.Http.SendAsync(question, Stop);
        Assert.Equal("41943040", await answer.Content.ReadAsStringAsync(Stop));
    }

    [Fact]
    public async Task Orders_are_taken_on_the_unix_socket_alone()
    {
        foreach (var door in new[] { edge.Public, edge.Internal })
        {
            using var http = new HttpClient { BaseAddress = new Uri($"http://{door}") };
            using var view = await http.GetAsync("/sites/shop/production", Stop);
            using var question = new HttpRequestMessage(HttpMethod.Post, EdgeRouter.ApplyPath)
            {
                Content = JsonContent.Create(Model.Releases.Routing.None(Shop)),
            };
            question.Headers.Add("Fairlead-Fence", "99");
            question.Headers.Host = "edge.fairlead";
            using var apply = await http.SendAsync(question, Stop);
            Assert.Equal([HttpStatusCode.NotFound, HttpStatusCode.NotFound], [view.StatusCode, apply.StatusCode]);
        }
        // A site's own path of that name is the app's.
        Assert.Equal("one", await edge.Http.GetStringAsync("/sites/shop/production", Stop));
        Assert.Single((await edge.Router.ObserveAsync(Shop, Stop)).Routing.Services);
    }

    [Fact]
    public async Task What_the_app_fails_the_edge_loses_and_clients_give_up_is_counted_apart()
    {
        await edge.Http.GetStringAsync("/", Stop);
        using (var failed = await edge.Http.GetAsync("/fail", Stop)) { }
        using (var broken = await edge.Http.GetAsync("/break", HttpCompletionOption.ResponseHeadersRead, Stop))
        {
            app.Breaks.SetResult();
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => broken.Content.ReadAsStringAsync(Stop));
        }
        using var impatience = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var hanging = edge.Http.GetAsync("/hang", impatience.Token);
        await UntilAsync(async () => await edge.InFlightAsync(1) == 1);
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hanging);
        await edge.DrainedAsync(1);
        using (var nowhere = await edge.Http.GetAsync("/", Stop)) { }

        var traffic = (await edge.Router.ObserveAsync(Shop, Stop)).TrafficOf(new Part("api", 1))!;
        Assert.Equal(new TrafficCounts(Requests: 5, Failed: 1, Lost: 1, Retried: 0, Cut: 0), traffic.Counts);
        Assert.Equal([0, 3, 0, 0, 1], traffic.StatusClasses);
        Assert.Equal(4, traffic.Latency.Count);
        Assert.Equal(2, traffic.Incidents);
    }

    [Fact]
    public async Task A_client_that_tries_again_and_again_is_one_incident_for_both_releases_together()
    {
        await using var other = await AppUnderTest.StartAsync("two");
        await edge.ApplyAsync(Backend(1, 50, [app.Endpoint]), Backend(2, 50, [other.Endpoint]));
        var first = (await edge.Router.ObserveAsync(Shop, Stop)).Traffic.Max(one => one.Window);
        await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(async _ =>
                {
                    using var failed = await edge.Http.GetAsync("/fail", Stop);
                })
        );

        var traffic = (await edge.Router.ObserveAsync(Shop, Stop)).Traffic;
        Assert.Equal(20, traffic.Sum(one => one.Counts.Failed));
        // Within a second there is one; on a machine that is held up the twenty may take longer.
        Assert.InRange(traffic.Sum(one => one.Incidents), 1, 5);
        await edge.ApplyAsync(Backend(1, 10, [app.Endpoint]), Backend(2, 90, [other.Endpoint]));
        traffic = (await edge.Router.ObserveAsync(Shop, Stop)).Traffic;
        Assert.All(traffic, one => Assert.Equal((0, 0), (one.Incidents, one.Counts.Requests)));
        Assert.Equal(first + 1, traffic.Max(one => one.Window));
    }

    [Fact]
    public async Task A_dead_replica_costs_nobody_an_answer_and_is_back_when_it_answers()
    {
        var other = await AppUnderTest.StartAsync("two");
        var endpoint = other.Endpoint;
        await edge.ApplyAsync(Backend(1, 100, [app.Endpoint, endpoint]));
        await other.DisposeAsync();
        for (var number = 0; number < 40; number++)
        {
            using var content = new StringContent("a body");
            using var answer =
                number % 2 == 0
                    ? await edge.Http.GetAsync("/", Stop)
                    : await edge.Http.PostAsync("/upload", content, Stop);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
        var counts = (await edge.Router.ObserveAsync(Shop, Stop)).TrafficOf(new Part("api", 1))!.Counts;
        Assert.Equal((40, 0, 0), (counts.Requests, counts.Failed, counts.Lost));
        // The first refusal marks it down: the others do not even ask.
        Assert.InRange(counts.Retried, 1, 3);

        await using var again = await AppUnderTest.StartAsync("two", endpoint.Port);
        await UntilAsync(async () =>
        {
            await edge.Http.GetStringAsync("/", Stop);
            return again.Seen > 0;
        });
    }

    [Fact]
    public async Task A_release_with_no_living_replica_is_answered_for_by_another_and_charged_for_it()
    {
        var dead = await AppUnderTest.StartAsync("dead");
        await edge.ApplyAsync(Backend(1, 50, [app.Endpoint]), Backend(2, 50, [dead.Endpoint]));
        await dead.DisposeAsync();
        for (var number = 0; number < 20; number++)
        {
            Assert.Equal("one", await edge.Http.GetStringAsync("/", Stop));
        }
        var view = await edge.Router.ObserveAsync(Shop, Stop);
        Assert.Equal(20, view.TrafficOf(new Part("api", 1))!.Counts.Requests);
        Assert.InRange(view.TrafficOf(new Part("api", 2))!.Counts.Retried, 8, 12);
    }

    [Fact]
    public async Task When_nobody_lives_the_edge_says_so_and_counts_it_as_lost()
    {
        await app.DisposeAsync();
        using var answer = await edge.Http.GetAsync("/", Stop);
        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.Equal("The service did not answer.\n", await answer.Content.ReadAsStringAsync(Stop));
        var view = await edge.Router.ObserveAsync(Shop, Stop);
        Assert.Equal(new TrafficCounts(1, 0, 1, 0, 0), view.Total);
    }

    [Fact]
    public async Task A_sick_replica_is_left_out_until_it_is_well()
    {
        await using var other = await AppUnderTest.StartAsync("two");
        var service = Api(Backend(1, 100, [app.Endpoint, other.Endpoint])) with { HealthPath = "/health" };
        await edge.Router.ApplyAsync(Routing(service), new Fence(1), Stop);
        other.IsSick = true;
        await UntilAsync(async () => await AskedAsync(other) == 0);
        other.IsSick = false;
        await UntilAsync(async () => await AskedAsync(other) > 0);

        async Task<int> AskedAsync(AppUnderTest replica)
        {
            var before = replica.Seen;
            for (var number = 0; number < 10; number++)
            {
                await edge.Http.GetStringAsync("/", Stop);
            }
            return replica.Seen - before;
        }
    }

    private async Task<string> RawAsync(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(edge.Public, Stop);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request), Stop);
        using var reader = new StreamReader(client.GetStream());
        return await reader.ReadLineAsync(Stop) ?? "";
    }
}
