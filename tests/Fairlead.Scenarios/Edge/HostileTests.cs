using System.Net.Sockets;
using System.Text;
using static Fairlead.Tests.Edge.EdgeSample;

namespace Fairlead.Scenarios.Edge;

/// <summary>What attackers send: it is refused, or it reaches the app in one meaning only.</summary>
public sealed class HostileTests : IAsyncLifetime
{
    private EdgeUnderTest edge = null!; // Set before each test.
    private RawApp app = null!; // Likewise.

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        edge = await EdgeUnderTest.StartAsync();
        app = RawApp.Start(_ => "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi\0");
        await edge.ApplyAsync(Backend(1, 100, [app.Endpoint]));
    }

    public async ValueTask DisposeAsync()
    {
        await edge.DisposeAsync();
        await app.DisposeAsync();
    }

    [Theory]
    [InlineData("POST / HTTP/1.1\r\nHost: shop.example\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello")]
    [InlineData("POST / HTTP/1.1\r\nHost: shop.example\r\nContent-Length: 5, 5\r\n\r\nhello")]
    [InlineData("POST / HTTP/1.1\r\nHost: shop.example\r\nContent-Length: -1\r\n\r\n")]
    [InlineData("POST / HTTP/1.1\r\nHost: shop.example\r\nTransfer-Encoding: gzip\r\n\r\n")]
    [InlineData("POST / HTTP/1.1\r\nHost: shop.example\r\nTransfer-Encoding: chunked, x\r\n\r\n0\r\n\r\n")]
    [InlineData(
        "POST / HTTP/1.1\r\nHost: shop.example\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n"
    )]
    [InlineData("POST / HTTP/1.1\r\nHost: shop.example\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: shop.example\r\nX: a\r\n b\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: shop.example\r\nX: a\rY: b\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\nHost: shop.example\n\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: shop.example\r\nHost: other.example\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: shop.example/path\r\n\r\n")]
    [InlineData("GET /\0 HTTP/1.1\r\nHost: shop.example\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: shop.example\r\nX: a\0b\r\n\r\n")]
    [InlineData("CONNECT shop.example:80 HTTP/1.1\r\nHost: shop.example:80\r\n\r\n")]
    [InlineData("TRACE / HTTP/1.1\r\nHost: shop.example\r\n\r\n")]
    public async Task Shapes_that_two_readers_could_split_differently_never_reach_an_app(string request)
    {
        Assert.Matches("^HTTP/1.1 (400|405|501) ", await AskAsync(request));
        Assert.Empty(app.Seen);
    }

    [Fact]
    public async Task Chunks_that_are_none_end_in_a_400_and_the_app_learns_that_the_body_broke_off()
    {
        var answer = await AskAsync(
            "POST / HTTP/1.1\r\nHost: shop.example\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nGET /admin HTTP/1.1\r\n\r\n"
        );
        Assert.Matches("^HTTP/1.1 (400|200) ", answer);
        Assert.DoesNotContain(app.Seen, text => text.Contains("/admin", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/a/../../etc/passwd", "/etc/passwd")]
    [InlineData("/a/%2e%2e/%2e%2e/etc/passwd", "/etc/passwd")]
    [InlineData("/a/.%2E/b", "/b")]
    [InlineData("/a%2f..%2fb", "/a%2f..%2fb")]
    [InlineData("/a%252e%252e/b", "/a%252e%252e/b")]
    public async Task The_app_is_asked_for_the_path_that_was_routed(string path, string asked)
    {
        Assert.StartsWith(
            "HTTP/1.1 200 ",
            await AskAsync($"GET {path} HTTP/1.1\r\nHost: shop.example\r\n\r\n"),
            StringComparison.Ordinal
        );
        Assert.StartsWith($"GET {asked} HTTP/1.1\r\n", Assert.Single(app.Seen), StringComparison.Ordinal);
    }

    private async Task<string> AskAsync(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(edge.Public, Stop);
        await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(request), Stop);
        using var reader = new StreamReader(client.GetStream());
        return await reader.ReadLineAsync(Stop) ?? "";
    }
}
