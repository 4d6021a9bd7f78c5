using System.Net;
using System.Net.Sockets;
using System.Text;
using static Fairlead.Tests.Edge.EdgeSample;

namespace Fairlead.Scenarios.Edge;

/// <summary>Whatever an app says, a client gets it whole, or gets to know that it is not whole.</summary>
public sealed class AnswerTests : IAsyncLifetime
{
    private EdgeUnderTest edge = null!; // Set before each test.

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => edge = await EdgeUnderTest.StartAsync();

    public ValueTask DisposeAsync() => edge.DisposeAsync();

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "200 hello")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n", "200 hello")]
    [InlineData("HTTP/1.1 200 OK\r\n\r\nhello\0", "200 hello")]
    [InlineData("HTTP/1.0 200 OK\r\n\r\nhello\0", "200 hello")]
    [InlineData(
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi",
        "200 hi"
    )]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n", "204 ")]
    [InlineData("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", "304 ")]
    [InlineData("HTTP/1.1 418 I'm a teapot\r\nContent-Length: 0\r\n\r\n", "418 ")]
    [InlineData(
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "502 The service's answer is not what HTTP allows.\n"
    )]
    [InlineData("HTTP/1.1 200 OK\r\nX: a\r\n b: c\r\n\r\n", "502 The service's answer is not what HTTP allows.\n")]
    [InlineData(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
        "502 The service's answer is not what HTTP allows.\n"
    )]
    [InlineData("SSH-2.0-OpenSSH\r\n\r\n", "502 The service's answer is not what HTTP allows.\n")]
    [InlineData("\0", "502 The service did not answer.\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Len\0", "502 The service did not answer.\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello\0", "broken")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n\0", "broken")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello!\r\n0\r\n\r\n", "broken")]
    public async Task An_answer_arrives_whole_or_is_seen_to_be_broken(string bytes, string expected)
    {
        await using var app = RawApp.Start(_ => bytes);
        await edge.ApplyAsync(Backend(1, 100, [app.Endpoint]));
        Assert.Equal(expected, await AskAsync("/"));
        Assert.Equal(expected, await AskAsync("/"));
        await edge.DrainedAsync(1);
    }

    [Theory]
    [InlineData("Transfer-Encoding: chunked")]
    [InlineData("Content-Length: 5")]
    [InlineData("X-Until: the end")]
    public async Task A_head_does_not_wait_for_its_body(string framing)
    {
        await using var app = RawApp.Start(_ => $"HTTP/1.1 200 OK\r\n{framing}\r\n\r\n");
        await edge.ApplyAsync(Backend(1, 100, [app.Endpoint]));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        limit.CancelAfter(TimeSpan.FromSeconds(10));
        using var question = new HttpRequestMessage(HttpMethod.Get, "/");
        using var answer = await edge.Http.SendAsync(question, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Fields_said_twice_pass_twice_and_trailers_do_not_end_up_in_the_body()
    {
        await using var app = RawApp.Start(_ =>
            "HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nTransfer-Encoding: chunked\r\nTrailer: Checksum\r\n\r\n"
            + "5\r\nhello\r\n0\r\nChecksum: 9\r\n\r\n"
        );
        await edge.ApplyAsync(Backend(1, 100, [app.Endpoint]));
        using var answer = await edge.Http.GetAsync("/", Stop);
        Assert.Equal("hello", await answer.Content.ReadAsStringAsync(Stop));
        Assert.Equal(["a=1", "b=2"], answer.Headers.GetValues("Set-Cookie"));
        // Kestrel sends trailers over HTTP/2 alone; a proxy may drop them (RFC 9110, section 6.5.1).
        Assert.Empty(answer.TrailingHeaders);
    }

    [Fact]
    public async Task A_connection_is_used_again_unless_more_came_than_was_asked_for()
    {
        await using var app = RawApp.Start(head =>
            head.Contains("GET /more", StringComparison.Ordinal)
                ? "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhiHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison"
                : "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
        );
        await edge.ApplyAsync(Backend(1, 100, [app.Endpoint]));
        await edge.Http.GetStringAsync("/", Stop);
        var first = app.Connections;
        await edge.Http.GetStringAsync("/", Stop);
        Assert.Equal(first, app.Connections);
        Assert.Equal("200 hi", await AskAsync("/more"));
        Assert.Equal("200 hi", await AskAsync("/"));
        Assert.Equal(first + 1, app.Connections);
    }

    [Fact]
    public async Task An_app_that_refuses_an_upload_at_once_is_heard_before_the_upload_ends()
    {
        await using var app = RawApp.Start(_ =>
            "HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\nConnection: close\r\n\r\nbig\0"
        );
        await edge.ApplyAsync(Backend(1, 100, [app.Endpoint]));
        using var client = new TcpClient();
        await client.ConnectAsync(edge.Public, Stop);
        var head =
            "POST /upload HTTP/1.1\r\nHost: shop.example\r\nContent-Length: 1000000\r\nExpect: 100-continue\r\n\r\n";
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head), Stop);
        using var reader = new StreamReader(client.GetStream());
        Assert.Equal("HTTP/1.1 413 Payload Too Large", await reader.ReadLineAsync(Stop));
    }

    [Fact]
    public async Task Chunks_of_a_request_stay_chunks_and_its_fields_cannot_change_its_framing()
    {
        await using var app = RawApp.Start(_ => "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        await edge.ApplyAsync(Backend(1, 100, [app.Endpoint]));
        using var question = new HttpRequestMessage(HttpMethod.Post, "/x?y=%0d%0aZ:1");
        question.Content = new StringContent("hello");
        question.Headers.TransferEncodingChunked = true;
        question.Headers.TryAddWithoutValidation("Connection", "X-Secret");
        question.Headers.TryAddWithoutValidation("X-Secret", "1");
        using var answer = await edge.Http.SendAsync(question, Stop);
        var seen = app.Seen[0].Split("\r\n");
        Assert.Equal("POST /x?y=%0d%0aZ:1 HTTP/1.1", seen[0]);
        Assert.Contains("Transfer-Encoding: chunked", seen);
        Assert.DoesNotContain(
            seen,
            line =>
                line.StartsWith("Content-Length", StringComparison.OrdinalIgnoreCase)
                || line.StartsWith("X-Secret", StringComparison.OrdinalIgnoreCase)
        );
    }

    private async Task<string> AskAsync(string path)
    {
        try
        {
            using var answer = await edge.Http.GetAsync(path, Stop);
            return $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(Stop)}";
        }
        catch (HttpRequestException)
        {
            return "broken";
        }
    }
}
