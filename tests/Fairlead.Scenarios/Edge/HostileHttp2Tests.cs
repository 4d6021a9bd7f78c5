using System.Text;
using static Fairlead.Tests.Edge.EdgeSample;

namespace Fairlead.Scenarios.Edge;

/// <summary>HTTP/2 carries lengths where HTTP/1.1 has lines, so a field may hold what an app would read as a request of its own.</summary>
public sealed class HostileHttp2Tests : IAsyncLifetime
{
    private readonly LocalTrust trust = new();
    private EdgeUnderTest edge = null!; // Set before each test.
    private RawApp app = null!; // Likewise.

    public async ValueTask InitializeAsync()
    {
        edge = await EdgeUnderTest.StartAsync();
        await trust.GiveAsync(edge, "shop.example");
        app = RawApp.Start(_ => "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
        await edge.ApplyAsync(Backend(1, 100, [app.Endpoint]));
    }

    public async ValueTask DisposeAsync()
    {
        await edge.DisposeAsync();
        await app.DisposeAsync();
        trust.Dispose();
    }

    [Theory]
    [InlineData("x\r\nx-evil: 1\r\ny", "1")]
    [InlineData("x: 1\r\nx-evil", "1")]
    [InlineData("x\nx-evil", "1")]
    [InlineData("x:y", "x-evil")]
    [InlineData("x y", "x-evil")]
    [InlineData("x\0", "x-evil")]
    [InlineData("", "x-evil")]
    [InlineData("X-Evil", "1")]
    [InlineData("x", "1\r\nx-evil: 1")]
    [InlineData("x", "1\nx-evil: 1")]
    [InlineData("x", "1\rx-evil: 1")]
    [InlineData("x", "1\0x-evil")]
    [InlineData(":path", "/ HTTP/1.1\r\nx-evil: 1\r\n\r\n")]
    [InlineData(":path", "/ x-evil")]
    [InlineData(":path", "x-evil")]
    [InlineData(":method", "GET / HTTP/1.1\r\nx-evil: 1\r\n\r\nGET")]
    [InlineData(":method", "GET /x-evil")]
    [InlineData(":authority", "shop.example\r\nx-evil: 1")]
    [InlineData(":authority", "shop.example/x-evil")]
    [InlineData(":authority", "x-evil@shop.example")]
    [InlineData(":scheme", "https\r\nx-evil: 1")]
    [InlineData(":x-evil", "1")]
    [InlineData("transfer-encoding", "x-evil")]
    [InlineData("transfer-encoding", "chunked")]
    [InlineData("connection", "x-evil")]
    [InlineData("upgrade", "x-evil")]
    [InlineData("content-length", "5")]
    [InlineData("content-length", "-1")]
    [InlineData("host", "x-evil.example")]
    public async Task A_field_that_could_be_read_as_more_reaches_no_app(string name, string value)
    {
        await using var client = await RawHttp2.ConnectAsync(edge, trust);
        await client.SendAsync(
            RawHttp2.Headers,
            RawHttp2.EndStream | RawHttp2.EndHeaders,
            stream: 1,
            RawHttp2.Block((name, value))
        );
        var end = await client.EndOfAsync(1);
        Assert.DoesNotContain(app.Seen, text => text.Contains("evil", StringComparison.OrdinalIgnoreCase));
        Assert.All(app.Seen, text => Assert.StartsWith("GET / HTTP/1.1\r\nHost: shop.example\r\n", text));
        if (app.Seen.Count == 0)
        {
            Assert.Matches("^(400|404|501|reset|goaway|closed)$", end);
        }
    }

    [Theory]
    [InlineData("websocket\r\nx-evil: 1")]
    [InlineData("h2c")]
    [InlineData("")]
    public async Task A_protocol_that_is_none_is_not_asked_for(string protocol)
    {
        await using var client = await RawHttp2.ConnectAsync(edge, trust);
        await client.SendAsync(
            RawHttp2.Headers,
            RawHttp2.EndHeaders,
            stream: 1,
            RawHttp2.Block((":method", "CONNECT"), (":protocol", protocol))
        );
        Assert.Matches("^(400|405|501|reset|goaway|closed)$", await client.EndOfAsync(1));
        Assert.Empty(app.Seen);
    }

    [Theory]
    [InlineData("x\r\nx-evil", "1")]
    [InlineData("x", "1\r\nx-evil: 1")]
    [InlineData("transfer-encoding", "x-evil")]
    [InlineData("content-length", "0\r\nx-evil: 1")]
    public async Task Trailers_cannot_begin_another_request(string name, string value)
    {
        await using var client = await RawHttp2.ConnectAsync(edge, trust);
        await client.SendAsync(
            RawHttp2.Headers,
            RawHttp2.EndHeaders,
            stream: 1,
            RawHttp2.Block((":method", "POST"), ("trailer", "x"))
        );
        await client.SendAsync(type: 0, flags: 0, stream: 1, "hello"u8.ToArray());
        using var block = new MemoryStream();
        block.Write([0, (byte)name.Length, .. Encoding.Latin1.GetBytes(name)]);
        block.Write([(byte)value.Length, .. Encoding.Latin1.GetBytes(value)]);
        await client.SendAsync(RawHttp2.Headers, RawHttp2.EndStream | RawHttp2.EndHeaders, stream: 1, block.ToArray());
        await client.EndOfAsync(1);
        await edge.DrainedAsync(1);
        Assert.DoesNotContain(app.Seen, text => text.Contains("evil", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_head_without_an_end_is_cut_off()
    {
        await using var client = await RawHttp2.ConnectAsync(edge, trust);
        await client.SendAsync(RawHttp2.Headers, RawHttp2.EndStream, stream: 1, RawHttp2.Block());
        var end = client.EndOfAsync(1);
        var more = RawHttp2.Block(("x", new string('a', 8_000)));
        try
        {
            for (var frame = 0; frame < 1_000 && !end.IsCompleted; frame++)
            {
                await client.SendAsync(RawHttp2.Continuation, flags: 0, stream: 1, more);
            }
        }
        catch (IOException)
        {
            // It was.
        }
        Assert.Matches("^(431|400|reset|goaway|closed)$", await end);
        await edge.DrainedAsync(1);
    }

    [Fact]
    public async Task A_few_bytes_that_stand_for_very_many_are_not_spelled_out()
    {
        await using var client = await RawHttp2.ConnectAsync(edge, trust);
        using var block = new MemoryStream();
        block.Write(RawHttp2.Block());
        // Kept under number 62, and then said 10,000 times by that number: 30 MB.
        block.Write([0x40, 1, (byte)'x', 127, 0b1011_1001, 0b0001_0110, .. Enumerable.Repeat((byte)'a', 3_000)]);
        block.Write([.. Enumerable.Repeat((byte)(128 | 62), 10_000)]);
        await client.SendAsync(RawHttp2.Headers, RawHttp2.EndStream | RawHttp2.EndHeaders, stream: 1, block.ToArray());
        Assert.Matches("^(431|400|reset|goaway|closed)$", await client.EndOfAsync(1));
        Assert.Empty(app.Seen);
    }

    [Fact]
    public async Task Who_takes_back_what_it_asks_for_again_and_again_is_sent_away_and_others_are_served()
    {
        await using var client = await RawHttp2.ConnectAsync(edge, trust);
        var end = client.EndOfAsync(-1);
        var block = RawHttp2.Block();
        try
        {
            for (var stream = 1; stream < 100_000 && !end.IsCompleted; stream += 2)
            {
                await client.SendAsync(RawHttp2.Headers, RawHttp2.EndStream | RawHttp2.EndHeaders, stream, block);
                await client.SendAsync(RawHttp2.Reset, flags: 0, stream, [0, 0, 0, 8]);
            }
        }
        catch (IOException)
        {
            // It was.
        }
        Assert.Matches("^(goaway|closed)$", await end);
        Assert.Equal("hi", await edge.Http.GetStringAsync("/", TestContext.Current.CancellationToken));
        await edge.DrainedAsync(1);
    }
}
