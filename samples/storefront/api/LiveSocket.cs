using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Storefront.Api;

/// <summary>A WebSocket that answers each message with who answers; the page shows the way there and back.</summary>
public static class LiveSocket
{
    private const int MessageBytesMax = 1024;
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(2);

    public static void MapLiveSocket(this WebApplication app) => app.MapGet("/api/live", AcceptAsync);

    private static async Task AcceptAsync(HttpContext context, Replica replica, IHostApplicationLifetime host)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = 426;
            return;
        }
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        using var farewell = host.ApplicationStopping.Register(() => _ = LeaveAsync(socket));
        try
        {
            await AnswerAsync(socket, replica, context.RequestAborted);
        }
        catch (WebSocketException)
        {
            // The browser went away without a farewell, which is its right.
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested) { }
    }

    private static async Task AnswerAsync(WebSocket socket, Replica replica, CancellationToken stop)
    {
        var buffer = new byte[MessageBytesMax];
        while (await socket.ReceiveAsync(buffer, stop) is { MessageType: not WebSocketMessageType.Close } message)
        {
            if (!message.EndOfMessage)
            {
                await socket.CloseOutputAsync(WebSocketCloseStatus.MessageTooBig, "at most 1 KiB", stop);
                return;
            }
            var said = Encoding.UTF8.GetString(buffer, 0, message.Count);
            var answer = JsonSerializer.SerializeToUtf8Bytes(
                new
                {
                    said,
                    replica.Release,
                    replica.Slot,
                },
                JsonSerializerOptions.Web
            );
            await socket.SendAsync(answer, WebSocketMessageType.Text, endOfMessage: true, stop);
        }
        if (socket.State is WebSocketState.CloseReceived)
        {
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, stop);
        }
    }

    /// <summary>Says goodbye, so that the browser comes back at once to another replica; a silent one is cut off.</summary>
    private static async Task LeaveAsync(WebSocket socket)
    {
        try
        {
            using var patience = new CancellationTokenSource(s_farewell);
            await socket.CloseOutputAsync(
                WebSocketCloseStatus.EndpointUnavailable,
                "this replica stops",
                patience.Token
            );
            await Task.Delay(s_farewell);
        }
        catch (Exception problem)
            when (problem is WebSocketException or OperationCanceledException or ObjectDisposedException) { }
        finally
        {
            socket.Abort();
        }
    }
}
