using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Fairlead.Bench.Edge;

/// <summary>Speaks WebSocket at any path and says back what it hears.</summary>
internal static class EchoServer
{
    public static async Task<WebApplication> StartAsync(int port)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls($"http://127.0.0.1:{port}");
        builder.Services.AddRoutingCore();
        var app = builder.Build();
        app.UseWebSockets();
        app.Run(EchoAsync);
        await app.StartAsync();
        return app;
    }

    private static async Task EchoAsync(HttpContext http)
    {
        if (!http.WebSockets.IsWebSocketRequest)
        {
            http.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            return;
        }
        using var socket = await http.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[256];
        while (socket.State is WebSocketState.Open)
        {
            var heard = await socket.ReceiveAsync(buffer.AsMemory(), http.RequestAborted);
            if (heard.MessageType is WebSocketMessageType.Close)
            {
                return;
            }
            await socket.SendAsync(
                buffer.AsMemory(0, heard.Count),
                heard.MessageType,
                heard.EndOfMessage,
                http.RequestAborted
            );
        }
    }
}
