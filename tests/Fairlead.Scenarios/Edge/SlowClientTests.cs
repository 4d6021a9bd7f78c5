using System.Net.Sockets;
using System.Text;
using static Fairlead.Tests.Edge.EdgeSample;

namespace Fairlead.Scenarios.Edge;

/// <summary>Clients that cost more than they should: slow ones, and too many.</summary>
public sealed class SlowClientTests
{
    [Fact]
    public async Task Who_trickles_a_head_or_a_body_is_told_408_and_the_app_is_free_again()
    {
        await using var edge = await EdgeUnderTest.StartAsync();
        await using var app = await AppUnderTest.StartAsync("1");
        await edge.ApplyAsync(Backend(1, 100, [app.Endpoint]));

        var head = TrickleAsync(edge, "GET / HTTP/1.1\r\nHost: shop.example\r\nX-Slow: ");
        var body = TrickleAsync(edge, "POST /upload HTTP/1.1\r\nHost: shop.example\r\nContent-Length: 100000\r\n\r\n");

        Assert.Equal("HTTP/1.1 408 Request Timeout", await head);
        Assert.Equal("HTTP/1.1 408 Request Timeout", await body);
        await edge.DrainedAsync(1);
    }

    [Fact]
    public async Task A_connection_too_many_is_told_so_and_the_others_are_served()
    {
        await using var edge = await EdgeUnderTest.StartAsync(connectionsMax: 3);
        await using var app = await AppUnderTest.StartAsync("1");
        await edge.ApplyAsync(Backend(1, 100, [app.Endpoint]));
        var inside = new List<Socket>();
        for (var number = 0; number < 3; number++)
        {
            inside.Add(await ConnectAsync(edge));
            Assert.Equal("HTTP/1.1 200 OK", await AskAsync(inside[^1]));
        }

        using var outside = await ConnectAsync(edge);
        Assert.Equal("HTTP/1.1 503 Service Unavailable", await LineAsync(outside));
        Assert.Equal("HTTP/1.1 200 OK", await AskAsync(inside[0]));
        inside.ForEach(one => one.Dispose());
        await EdgeUnderTest.UntilAsync(async () =>
        {
            using var next = await ConnectAsync(edge);
            return await AskAsync(next) == "HTTP/1.1 200 OK";
        });
    }

    private static async Task<string> TrickleAsync(EdgeUnderTest edge, string begin)
    {
        using var socket = await ConnectAsync(edge);
        await socket.SendAsync(Encoding.ASCII.GetBytes(begin), Stop);
        var answer = LineAsync(socket);
        while (await Task.WhenAny(answer, Task.Delay(TimeSpan.FromSeconds(1), Stop)) != answer)
        {
            await socket.SendAsync("x"u8.ToArray(), Stop);
        }
        return await answer;
    }

    private static async Task<Socket> ConnectAsync(EdgeUnderTest edge)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(edge.Public, Stop);
        return socket;
    }

    private static async Task<string> AskAsync(Socket socket)
    {
        await socket.SendAsync("GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n"u8.ToArray(), Stop);
        return await LineAsync(socket);
    }

    private static async Task<string> LineAsync(Socket socket)
    {
        var buffer = new byte[8192];
        var read = await socket.ReceiveAsync(buffer, Stop);
        return Encoding.ASCII.GetString(buffer, 0, read).Split("\r\n")[0];
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;
}
