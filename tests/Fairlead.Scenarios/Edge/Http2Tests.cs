using System.Buffers.Binary;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using static Fairlead.Tests.Edge.EdgeSample;

namespace Fairlead.Scenarios.Edge;

/// <summary>What clients of HTTP/2 expect: calls that stream both ways, trailers, WebSockets, many requests on one connection.</summary>
public sealed class Http2Tests : IAsyncLifetime
{
    private readonly LocalTrust trust = new();
    private EdgeUnderTest edge = null!; // Set before each test.
    private HttpClient http = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        edge = await EdgeUnderTest.StartAsync();
        await trust.GiveAsync(edge, "shop.example");
        http = trust.Client(edge);
        http.DefaultRequestVersion = HttpVersion.Version20;
        http.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        http.BaseAddress = new Uri("https://shop.example/");
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await edge.DisposeAsync();
        trust.Dispose();
    }

    [Fact]
    public async Task A_grpc_call_streams_both_ways_at_once_and_ends_with_its_trailers()
    {
        await using var app = await CallsAsync();
        await edge.ApplyAsync(Backend(1, 100, [new Uri(app.Urls.First() + "/")]));
        var calling = new Outgoing();
        using var question = Question("/shop.Echo/Talk");
        question.Content = calling;
        question.Headers.TE.ParseAdd("trailers");
        using var answer = await http.SendAsync(question, HttpCompletionOption.ResponseHeadersRead, Stop);
        Assert.True(answer.IsSuccessStatusCode, answer.ToString());
        Assert.Equal("api@1", answer.Headers.GetValues("Fairlead-Release").Single());
        await using var heard = await answer.Content.ReadAsStreamAsync(Stop);
        for (var number = 0; number < 20; number++)
        {
            await calling.SayAsync($"message {number}");
            Assert.Equal($"message {number}", await HearAsync(heard)); // Before the next one is said.
        }
        calling.End();
        Assert.Equal(0, await heard.ReadAsync(new byte[1], Stop));
        Assert.Equal("0", answer.TrailingHeaders.GetValues("grpc-status").Single());
        Assert.Equal("20 echoes", answer.TrailingHeaders.GetValues("grpc-message").Single());
    }

    [Fact]
    public async Task A_grpc_call_that_fails_at_once_says_so_in_its_only_headers()
    {
        await using var app = await CallsAsync();
        await edge.ApplyAsync(Backend(1, 100, [new Uri(app.Urls.First() + "/")]));
        using var question = Question("/shop.Echo/Unknown");
        question.Content = new ByteArrayContent([0, 0, 0, 0, 0]);
        question.Content.Headers.ContentType = new("application/grpc");
        using var answer = await http.SendAsync(question, Stop);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var status = answer.Headers.TryGetValues("grpc-status", out var said)
            ? said
            : answer.TrailingHeaders.GetValues("grpc-status");
        Assert.Equal("12", status.Single());
    }

    [Fact]
    public async Task A_grpc_call_says_nothing_that_only_the_edge_may_say()
    {
        await using var app = await CallsAsync();
        await edge.ApplyAsync(Backend(1, 100, [new Uri(app.Urls.First() + "/")]));
        using var question = Question("/shop.Echo/Fields");
        question.Content = new ByteArrayContent([0, 0, 0, 0, 0]);
        question.Content.Headers.ContentType = new("application/grpc");
        foreach (
            var name in new[]
            {
                "fairlead-user",
                "fairlead_user",
                "x_forwarded_for",
                "x-real-ip",
                "x-original-url",
                "my_field",
            }
        )
        {
            question.Headers.TryAddWithoutValidation(name, "evil");
        }
        using var answer = await http.SendAsync(question, Stop);
        Assert.Equal(["my_field"], answer.Headers.GetValues("seen"));
    }

    [Fact]
    public async Task Trailers_of_an_app_of_http_1_reach_its_clients()
    {
        await using var app = RawApp.Start(_ =>
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 5\r\n\r\n"
        );
        await edge.ApplyAsync(Backend(1, 100, [app.Endpoint]));
        using var answer = await http.GetAsync("/", Stop);
        Assert.Equal("hello", await answer.Content.ReadAsStringAsync(Stop));
        Assert.Equal("5", answer.TrailingHeaders.GetValues("X-Sum").Single());
    }

    [Fact]
    public async Task A_websocket_over_http_2_reaches_an_app_that_knows_them_over_http_1()
    {
        await using var app = await AppUnderTest.StartAsync("1");
        await edge.ApplyAsync(Backend(1, 100, [app.Endpoint]));
        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = HttpVersion.Version20;
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        await socket.ConnectAsync(new Uri("wss://shop.example/socket"), http, Stop);
        var buffer = new byte[100];
        for (var number = 0; number < 5; number++)
        {
            await socket.SendAsync(
                Encoding.UTF8.GetBytes($"hello {number}"),
                WebSocketMessageType.Text,
                endOfMessage: true,
                Stop
            );
            var got = await socket.ReceiveAsync(buffer, Stop);
            Assert.Equal($"1 hello {number}", Encoding.UTF8.GetString(buffer, 0, got.Count));
        }
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", Stop);
    }

    [Fact]
    public async Task A_hundred_requests_share_a_connection_and_a_slow_one_holds_up_none()
    {
        await using var app = await AppUnderTest.StartAsync("1");
        await edge.ApplyAsync(Backend(1, 100, [app.Endpoint]));
        var slow = http.GetStringAsync("/slow", Stop);
        var quick = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => http.GetStringAsync("/", Stop)));
        Assert.All(quick, text => Assert.Equal("1", text));
        Assert.False(slow.IsCompleted);
        Assert.Equal("slow", await slow);
        var text = new string('x', 3 * 1024 * 1024);
        var uploads = await Task.WhenAll(
            Enumerable
                .Range(0, 10)
                .Select(async _ =>
                {
                    using var answer = await http.PostAsync("/upload", new StringContent(text), Stop);
                    return await answer.Content.ReadAsStringAsync(Stop);
                })
        );
        Assert.All(uploads, sum => Assert.Equal("3145728", sum));
    }

    private static HttpRequestMessage Question(string call) =>
        new(HttpMethod.Post, call)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

    private static async Task<WebApplication> CallsAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2)
        );
        var app = builder.Build();
        app.MapPost("/shop.Echo/Talk", EchoAsync);
        app.MapPost(
            "/shop.Echo/Fields",
            http =>
            {
                http.Response.ContentType = "application/grpc";
                http.Response.Headers["grpc-status"] = "0";
                http.Response.Headers["seen"] = string.Join(
                    ',',
                    http.Request.Headers.Where(one => one.Value == "evil").Select(one => one.Key)
                );
                return Task.CompletedTask;
            }
        );
        app.MapFallback(http =>
        {
            http.Response.ContentType = "application/grpc";
            http.Response.Headers["grpc-status"] = "12";
            return Task.CompletedTask;
        });
        await app.StartAsync(Stop);
        return app;
    }

    private static async Task EchoAsync(HttpContext http)
    {
        http.Response.ContentType = "application/grpc";
        http.Response.DeclareTrailer("grpc-status");
        await http.Response.Body.FlushAsync(); // The head leaves before the first message.
        var count = 0;
        while (await HearAsync(http.Request.Body) is { } text)
        {
            await http.Response.Body.WriteAsync(Frame(text));
            await http.Response.Body.FlushAsync();
            count++;
        }
        http.Response.AppendTrailer("grpc-status", "0");
        http.Response.AppendTrailer("grpc-message", $"{count} echoes");
    }

    private static byte[] Frame(string text)
    {
        var frame = new byte[5 + text.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), text.Length);
        Encoding.ASCII.GetBytes(text, frame.AsSpan(5));
        return frame;
    }

    private static async Task<string?> HearAsync(Stream from)
    {
        var head = new byte[5];
        if (await from.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, Stop) < head.Length)
        {
            return null;
        }
        var text = new byte[BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1))];
        await from.ReadExactlyAsync(text, Stop);
        return Encoding.ASCII.GetString(text);
    }

    /// <summary>A body that is said piece by piece.</summary>
    private sealed class Outgoing : HttpContent
    {
        private readonly TaskCompletionSource<Stream> stream = new();
        private readonly TaskCompletionSource end = new();

        public Outgoing() => Headers.ContentType = new("application/grpc");

        public async Task SayAsync(string text)
        {
            var to = await stream.Task;
            await to.WriteAsync(Frame(text), Stop);
            await to.FlushAsync(Stop);
        }

        public void End() => end.SetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.FlushAsync(Stop); // The head leaves before the first message.
            this.stream.SetResult(stream);
            await end.Task;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
