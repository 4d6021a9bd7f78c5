using System.Diagnostics;
using System.Net;
using System.Text;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;
using Fairlead.Model.Telemetry;
using static Fairlead.Tests.Edge.EdgeSample;

namespace Fairlead.Scenarios.Edge;

/// <summary>Copies of requests for a release that answers nobody yet, over real sockets.</summary>
public sealed class MirrorTests : IAsyncLifetime
{
    private static readonly MirrorPolicy Everything = new() { Share = Share.All };

    private EdgeUnderTest edge = null!; // Set before each test.

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => edge = await EdgeUnderTest.StartAsync();

    public ValueTask DisposeAsync() => edge.DisposeAsync();

    [Fact]
    public async Task A_share_of_the_requests_is_shown_to_the_new_release_and_the_old_one_answers_them_all()
    {
        const int requests = 2_000;
        await using var old = await AppUnderTest.StartAsync("old");
        await using var next = await AppUnderTest.StartAsync("next");
        await ApplyAsync(new() { Share = 25.Percent, AtOnce = 1_000 }, old.Endpoint, next.Endpoint);
        for (var number = 0; number < requests; number++)
        {
            Assert.Equal("old", await edge.Http.GetStringAsync("/", Stop));
        }
        var copies = await OverAsync(() => old.Seen == requests);
        var expected = requests / 4;
        var sigma = Math.Sqrt(expected * 0.75);
        Assert.InRange(copies.Sent, expected - 4 * sigma, expected + 4 * sigma);
        Assert.Equal((0, 0), (copies.Failed, copies.Dropped));
        Assert.Equal(copies.Sent, next.Seen);
        Assert.Equal(0, (await TrafficAsync(2))!.Total.Requests);
    }

    [Fact]
    public async Task A_copy_is_the_request_as_its_own_app_gets_it_and_says_that_it_is_a_copy()
    {
        await using var old = RawApp.Start(_ => "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nold");
        await using var next = RawApp.Start(_ => "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnext");
        await ApplyAsync(Everything, old.Endpoint, next.Endpoint);
        using var socket = await ConnectAsync();
        await socket.SendAsync(
            "GET /a%2Fb//c;d?x=%20&y=[z] HTTP/1.1\r\nHost: shop.example\r\nCookie: a=b; c=d\r\nX-Strange: \u00e9\r\nX-Gone: 1\r\nX-Forwarded-For: 8.8.8.8\r\nFairlead-Mirror: 1\r\nAccept: text/html\r\nAccept: */*\r\nConnection: X-Gone\r\n\r\n"u8.ToArray(),
            Stop
        );
        await OverAsync(() => next.Seen.Count == 1);
        var original = Fields(old.Seen[0]);
        var copy = Fields(next.Seen[0]);
        Assert.DoesNotContain("Fairlead-Mirror: 1", original);
        Assert.Contains("Fairlead-Mirror: 1", copy);
        Assert.Equal(original[0], copy[0]);
        Assert.Equal(
            original.Where(one => !one.StartsWith("Accept", StringComparison.Ordinal)).Order(),
            copy.Where(one => one != "Fairlead-Mirror: 1" && !one.StartsWith("Accept", StringComparison.Ordinal))
                .Order()
        );
        Assert.Contains("Accept: text/html, */*", copy);
    }

    [Fact]
    public async Task Nobody_waits_for_a_release_that_hangs_and_no_more_copies_are_under_way_than_allowed()
    {
        await using var old = await AppUnderTest.StartAsync("old");
        await using var next = RawApp.Start(_ => "");
        await ApplyAsync(Everything with { AtOnce = 5 }, old.Endpoint, next.Endpoint);
        var began = Stopwatch.GetTimestamp();
        for (var number = 0; number < 200; number++)
        {
            Assert.Equal("old", await edge.Http.GetStringAsync("/", Stop));
        }
        Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(20));
        Assert.Equal(new MirrorCounts(Sent: 0, Failed: 0, Dropped: 195), (await TrafficAsync(2))!.Mirrored);
        Assert.Equal(5, next.Seen.Count);
    }

    [Fact]
    public async Task Copies_that_are_answered_badly_or_not_at_all_are_counted_and_harm_nobody()
    {
        await using var old = await AppUnderTest.StartAsync("old");
        await using var sick = RawApp.Start(text =>
            text.StartsWith("GET /bad", StringComparison.Ordinal)
                ? "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"
                : "\0"
        );
        await ApplyAsync(Everything, old.Endpoint, sick.Endpoint);
        Assert.Equal("old", await edge.Http.GetStringAsync("/bad", Stop));
        Assert.Equal("old", await edge.Http.GetStringAsync("/none", Stop));
        var copies = await OverAsync(() => sick.Seen.Count >= 2);
        Assert.Equal(new MirrorCounts(Sent: 2, Failed: 2, Dropped: 0), copies);
        Assert.Empty((await edge.Router.ObserveAsync(Shop, Stop)).Ejected);
    }

    [Fact]
    public async Task Bodies_are_copied_when_asked_for_up_to_the_limit_however_they_are_sent()
    {
        await using var old = await AppUnderTest.StartAsync("old");
        await using var next = await AppUnderTest.StartAsync("next");
        var policy = Everything with { Methods = ["POST"], BodyMax = 100_000 };
        await ApplyAsync(policy, old.Endpoint, next.Endpoint);
        var text = string.Concat(Enumerable.Range(0, 20_000).Select(number => $"{number % 10_000:0000},"));

        Assert.Equal("100000", await UploadAsync(text, isChunked: false));
        Assert.Equal("100000", await UploadAsync(text, isChunked: true));
        Assert.Equal("100001", await UploadAsync(text + "!", isChunked: false));
        Assert.Equal("100001", await UploadAsync(text + "!", isChunked: true));
        Assert.Equal("0", await UploadAsync("", isChunked: false));
        await edge.Http.GetStringAsync("/", Stop);
        var copies = await OverAsync(() => next.Uploads.Count == 3);

        Assert.Equal(new MirrorCounts(Sent: 3, Failed: 0, Dropped: 2), copies);
        Assert.Equal(["", text, text], next.Uploads.Select(one => one.Text).Order());
        Assert.All(next.Uploads, one => Assert.Equal(("text/plain; charset=utf-8", "1"), (one.Type, one.Mirror)));
        Assert.Equal((5, 3), (old.Uploads.Count, next.Seen));
    }

    [Fact]
    public async Task What_writes_is_not_copied_unless_asked_for_nor_is_a_body_that_never_ends()
    {
        await using var old = await AppUnderTest.StartAsync("old");
        await using var next = await AppUnderTest.StartAsync("next");
        await ApplyAsync(Everything, old.Endpoint, next.Endpoint);
        Assert.Equal("5", await UploadAsync("hello", isChunked: false));
        await ApplyAsync(Everything with { Methods = ["POST"] }, old.Endpoint, next.Endpoint);
        using (var socket = await ConnectAsync())
        {
            await socket.SendAsync(
                "POST /upload HTTP/1.1\r\nHost: shop.example\r\nContent-Length: 9\r\n\r\nhalf"u8.ToArray(),
                Stop
            );
            await EdgeUnderTest.UntilAsync(() => Task.FromResult(old.Seen == 2));
        }
        Assert.Equal("4", await UploadAsync("next", isChunked: false));
        await OverAsync(() => next.Uploads.Count == 1);
        Assert.Equal("next", Assert.Single(next.Uploads).Text);
        Assert.Equal(1, next.Seen);
    }

    [Fact]
    public async Task A_release_that_is_gone_costs_its_copies_and_the_edge_stops_while_some_are_under_way()
    {
        await using var old = await AppUnderTest.StartAsync("old");
        await using (var next = RawApp.Start(_ => ""))
        {
            await ApplyAsync(Everything, old.Endpoint, next.Endpoint);
            Assert.Equal("old", await edge.Http.GetStringAsync("/", Stop));
        }
        await OverAsync(() => true);
        Assert.Equal("old", await edge.Http.GetStringAsync("/", Stop));
        await using var other = RawApp.Start(_ => "");
        await ApplyAsync(Everything, old.Endpoint, other.Endpoint);
        Assert.Equal("old", await edge.Http.GetStringAsync("/", Stop));
        await EdgeUnderTest.UntilAsync(() => Task.FromResult(other.Connections == 1));
        var began = Stopwatch.GetTimestamp();
        Assert.Equal(0, await edge.StopAsync());
        Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(10));
        await edge.RunAsync();
    }

    // Names of fields may be written in any case.
    private static string[] Fields(string head) =>
        [.. head.TrimEnd().Split("\r\n").Select(one => one.Replace("X-Request-ID:", "X-Request-Id:", default))];

    private Task ApplyAsync(MirrorPolicy policy, Uri old, Uri next) =>
        edge.Router.ApplyAsync(
            Routing(
                Api(Backend(1, 100, [old]), Backend(2, 0, [next])) with
                {
                    Traffic = new() { Mirror = policy },
                    Next = new Part("api", 2),
                }
            ),
            new Fence(1),
            Stop
        );

    /// <summary>The copies that part 2 was shown, once there are some and none is under way.</summary>
    private async Task<MirrorCounts> OverAsync(Func<bool> isDone)
    {
        var last = new MirrorCounts(0, 0, 0);
        await EdgeUnderTest.UntilAsync(async () =>
        {
            await Task.Delay(50, Stop);
            var before = last;
            last = (await TrafficAsync(2))?.Mirrored ?? last;
            return isDone() && last.Sent > 0 && last == before;
        });
        return last;
    }

    private async Task<PartTraffic?> TrafficAsync(int since) =>
        (await edge.Router.ObserveAsync(Shop, Stop)).TrafficOf(new Part("api", since));

    private async Task<string> UploadAsync(string text, bool isChunked)
    {
        using var question = new HttpRequestMessage(HttpMethod.Post, "/upload");
        question.Content = new StringContent(text, Encoding.UTF8);
        question.Headers.TransferEncodingChunked = isChunked;
        using var answer = await edge.Http.SendAsync(question, Stop);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync(Stop);
    }

    private async Task<System.Net.Sockets.Socket> ConnectAsync()
    {
        var socket = new System.Net.Sockets.Socket(
            System.Net.Sockets.AddressFamily.InterNetwork,
            System.Net.Sockets.SocketType.Stream,
            System.Net.Sockets.ProtocolType.Tcp
        );
        await socket.ConnectAsync(edge.Public, Stop);
        return socket;
    }
}
