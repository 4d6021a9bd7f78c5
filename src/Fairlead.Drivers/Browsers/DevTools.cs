using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Browsers;

/// <summary>
/// The part of Chromium's DevTools protocol that checks need: commands with their answers, and events, over one WebSocket. Clients that
/// can be had bring browsers or a Node of their own, of 60 to 200 MB.
/// </summary>
/// <remarks>https://chromedevtools.github.io/devtools-protocol/</remarks>
internal sealed class DevTools : IAsyncDisposable
{
    private const int MessageBytesMax = 256 * 1024 * 1024;
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(40);

    private readonly ClientWebSocket socket = new();
    private readonly ConcurrentDictionary<long, TaskCompletionSource<JsonElement>> waiting = new();
    private readonly ConcurrentDictionary<string, Action<string, JsonElement>> listeners = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource closing = new();
    private readonly SemaphoreSlim sending = new(1);
    private Task reading = Task.CompletedTask;
    private long last;

    public static async Task<DevTools> ConnectAsync(Uri address, CancellationToken stop)
    {
        var tools = new DevTools();
        await tools.socket.ConnectAsync(address, stop);
        tools.reading = Task.Run(() => tools.ReadAsync(tools.closing.Token), CancellationToken.None);
        return tools;
    }

    /// <summary>Takes the events of one page.</summary>
    public void Listen(string session, Action<string, JsonElement> take) => listeners[session] = take;

    public void Forget(string session) => listeners.TryRemove(session, out _);

    /// <param name="session">The page it is for; null for the browser itself.</param>
    /// <exception cref="ProblemException">The browser refuses, is gone, or does not answer.</exception>
    public async Task<JsonElement> AskAsync(
        string method,
        JsonObject parameters,
        string? session,
        CancellationToken stop
    )
    {
        var id = Interlocked.Increment(ref last);
        var answer = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        waiting[id] = answer;
        var message = new JsonObject
        {
            ["id"] = id,
            ["method"] = method,
            ["params"] = parameters,
        };
        if (session is not null)
        {
            message["sessionId"] = session;
        }
        try
        {
            await sending.WaitAsync(stop);
            try
            {
                await socket.SendAsync(
                    JsonSerializer.SerializeToUtf8Bytes(message),
                    WebSocketMessageType.Text,
                    endOfMessage: true,
                    stop
                );
            }
            finally
            {
                sending.Release();
            }
            return await answer.Task.WaitAsync(AnswerMax, stop);
        }
        catch (Exception caught) when (caught is TimeoutException or WebSocketException or InvalidOperationException)
        {
            throw new ProblemException(Failed(method, caught.Message), caught);
        }
        finally
        {
            _ = waiting.TryRemove(id, out _);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        await reading;
        socket.Dispose();
        closing.Dispose();
        sending.Dispose();
    }

    private async Task ReadAsync(CancellationToken stop)
    {
        try
        {
            var buffer = new byte[64 * 1024];
            using var message = new MemoryStream();
            while (true)
            {
                var part = await socket.ReceiveAsync(buffer.AsMemory(), stop);
                message.Write(buffer, 0, part.Count);
                if (part.MessageType == WebSocketMessageType.Close || message.Length > MessageBytesMax)
                {
                    break;
                }
                if (part.EndOfMessage)
                {
                    Take(message.GetBuffer().AsMemory(0, (int)message.Length));
                    message.SetLength(0);
                }
            }
        }
        catch (Exception caught) when (caught is OperationCanceledException or WebSocketException or JsonException) { }
        foreach (var one in waiting.Values)
        {
            _ = one.TrySetException(new ProblemException(Failed("The page", "The browser is gone.")));
        }
    }

    private void Take(ReadOnlyMemory<byte> bytes)
    {
        using var document = JsonDocument.Parse(bytes);
        var message = document.RootElement;
        if (message.TryGetProperty("id", out var id))
        {
            if (!waiting.TryGetValue(id.GetInt64(), out var answer))
            {
                return;
            }
            if (message.TryGetProperty("error", out var error))
            {
                _ = answer.TrySetException(
                    new ProblemException(Failed("A command", error.GetProperty("message").GetString() ?? ""))
                );
            }
            else
            {
                _ = answer.TrySetResult(message.GetProperty("result").Clone());
            }
        }
        else if (
            message.TryGetProperty("sessionId", out var session)
            && listeners.TryGetValue(session.GetString()!, out var take) // It is a text.
        )
        {
            take(message.GetProperty("method").GetString()!, message.GetProperty("params").Clone());
        }
    }

    private static Problem Failed(string what, string why) =>
        new(
            "browser.failed",
            $"{what} was not done by the browser.",
            why,
            "Run the check again; when it stays so, look at the page yourself."
        );
}
