using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Fairlead.Bench.Responding;

/// <summary>Takes webhooks in Alertmanager's form and remembers when which came.</summary>
internal sealed class Sink : IDisposable
{
    private readonly HttpListener listener = new();
    private readonly ConcurrentQueue<(DateTimeOffset At, string Status)> told = new();

    public Sink()
    {
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            Url = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/";
        }
        listener.Prefixes.Add(Url);
        listener.Start();
        _ = TakeAsync();
    }

    public string Url { get; }

    public void Clear() => told.Clear();

    /// <summary>When something of this status came first; null when nothing did in time.</summary>
    public async Task<DateTimeOffset?> WaitAsync(string status, TimeSpan most)
    {
        for (var until = DateTimeOffset.UtcNow + most; DateTimeOffset.UtcNow < until; )
        {
            if (told.FirstOrDefault(one => one.Status == status) is { Status: not null } found)
            {
                return found.At;
            }
            await Task.Delay(5);
        }
        return null;
    }

    public void Dispose() => listener.Close();

    private async Task TakeAsync()
    {
        while (listener.IsListening)
        {
            try
            {
                var context = await listener.GetContextAsync();
                var at = DateTimeOffset.UtcNow;
                var body = await JsonNode.ParseAsync(context.Request.InputStream);
                told.Enqueue((at, body!["status"]!.GetValue<string>()));
                context.Response.Close();
            }
            catch (Exception caught) when (caught is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }
}
