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
    [InlineData("POST / HTTP/1.1\r\nHost: shop.example\r\nTransfer-Encoding: gzip, chunked\r\n\r\n1\r\na\r\n0\r\n\r\n")]
    [InlineData(
        "POST / HTTP/1.1\r\nHost: shop.example\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    )]
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
    [InlineData("GET / HTTP/1.1\r\nHost: shop.example\r\nX(Y: 1\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: shop.example\r\nX\x7f: 1\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: shop.example\r\nX Y: 1\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: shop.example\r\n: 1\r\n\r\n")]
    [InlineData("GET /a%00b HTTP/1.1\r\nHost: shop.example\r\n\r\n")]
    [InlineData("GET http://other.example/ HTTP/1.1\r\nHost: shop.example\r\n\r\n")]
    [InlineData("GET http://shop.example@other.example/ HTTP/1.1\r\nHost: shop.example\r\n\r\n")]
    [InlineData("GET shop.example/ HTTP/1.1\r\nHost: shop.example\r\n\r\n")]
    [InlineData("GET /public/..;/admin HTTP/1.1\r\nHost: shop.example\r\n\r\n")]
    [InlineData("GET /public/..;v=1/admin HTTP/1.1\r\nHost: shop.example\r\n\r\n")]
    [InlineData("GET /public/%2e%2E%3b/admin?x HTTP/1.1\r\nHost: shop.example\r\n\r\n")]
    [InlineData("GET /public/.;/admin HTTP/1.1\r\nHost: shop.example\r\n\r\n")]
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

    [Theory]
    [InlineData("/a;v=1/..b;c/...;/x", "/a;v=1/..b;c/...;/x")]
    [InlineData("/a?b=/..;/c", "/a?b=/..;/c")]
    [InlineData("/%c0%ae%c0%ae/etc/passwd", "/%c0%ae%c0%ae/etc/passwd")]
    [InlineData("//etc//passwd", "//etc//passwd")]
    public async Task What_only_looks_alike_passes_as_it_came(string path, string asked)
    {
        await AskAsync($"GET {path} HTTP/1.1\r\nHost: shop.example\r\n\r\n");
        Assert.StartsWith($"GET {asked} HTTP/1.1\r\n", Assert.Single(app.Seen), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Fairlead-User: root")]
    [InlineData("fairlead_user: root")]
    [InlineData("Fairlead_Key: 1")]
    [InlineData("Fairlead-Key: 1")]
    [InlineData("Fairlead-Mirror: 1")]
    [InlineData("X_Forwarded_For: 6.6.6.6")]
    [InlineData("X-Forwarded_Proto: https")]
    [InlineData("X_Real_IP: 6.6.6.6")]
    [InlineData("Content_Length: 6")]
    [InlineData("Transfer_Encoding: chunked")]
    [InlineData("X-Original-URL: /admin")]
    [InlineData("X-Rewrite-Url: /admin")]
    [InlineData("X-Forwarded-Ssl: on")]
    [InlineData("Proxy: http://evil.example")]
    public async Task What_the_edge_alone_may_say_no_client_says_in_any_spelling(string field)
    {
        await AskAsync($"GET / HTTP/1.1\r\nHost: shop.example\r\n{field}\r\nmy_field: 1\r\n\r\n");
        var seen = Assert.Single(app.Seen);
        Assert.DoesNotContain(field, seen, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("\r\nmy_field: 1\r\n", seen, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("h2c")]
    [InlineData("H2C, websocket")]
    [InlineData("HTTP/2.0")]
    [InlineData("TLS/1.2")]
    public async Task Nobody_goes_over_to_a_protocol_that_carries_requests_past_the_edge(string protocol)
    {
        await AskAsync(
            $"GET / HTTP/1.1\r\nHost: shop.example\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: {protocol}\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n"
        );
        var seen = Assert.Single(app.Seen);
        Assert.DoesNotContain("upgrade", seen, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("HTTP2-Settings", seen, StringComparison.OrdinalIgnoreCase);
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
