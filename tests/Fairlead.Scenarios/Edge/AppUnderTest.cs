using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Fairlead.Scenarios.Edge;

/// <summary>A replica that says which release it is. Stopping it is as abrupt as an app gets: what is in flight is lost.</summary>
internal sealed class AppUnderTest : IAsyncDisposable
{
    private const int TextMax = 1024 * 1024;

    private readonly WebApplication app;
    private int seen;

    private AppUnderTest(WebApplication app, string name) => (this.app, Name) = (app, name);

    public string Name { get; }

    public bool IsSick { get; set; }

    /// <summary>Once set, answers of /break end in the middle.</summary>
    public TaskCompletionSource Breaks { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Bytes of /download: half of them at once, the rest once it <see cref="Finishes"/>.</summary>
    public const int DownloadBytes = 2 * 1024 * 1024;

    public TaskCompletionSource Finishes { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Requests that reached the app, health probes left out.</summary>
    public int Seen => seen;

    /// <summary>Bodies that came to /upload, with what they said of themselves.</summary>
    public ConcurrentQueue<(string Text, string? Type, string? Mirror)> Uploads { get; } = [];

    public Uri Endpoint => new(app.Urls.First() + "/");

    public static async Task<AppUnderTest> StartAsync(string name, int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.Zero);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Limits.MaxRequestBodySize = null;
        });
        var replica = new AppUnderTest(builder.Build(), name);
        replica.Map();
        await replica.app.StartAsync(TestContext.Current.CancellationToken);
        return replica;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private void Map()
    {
        app.UseWebSockets();
        app.MapGet("/health", () => IsSick ? Results.StatusCode(500) : Results.Ok());
        app.Use(
            async (http, next) =>
            {
                if (http.Request.Path != "/health")
                {
                    Interlocked.Increment(ref seen);
                }
                await next(http);
            }
        );
        app.MapFallback(() => Name);
        app.MapPost("/upload", UploadAsync);
        app.MapGet("/fail", () => Results.StatusCode(503));
        app.MapGet("/slow", SlowAsync);
        app.MapGet("/hang", http => Task.Delay(Timeout.InfiniteTimeSpan, http.RequestAborted));
        app.MapGet("/break", BreakAsync);
        app.MapGet("/echo", http => http.Response.WriteAsync(Describe(http.Request)));
        app.MapGet("/events", EventsAsync);
        app.MapGet("/download", DownloadAsync);
        app.MapGet("/socket", SocketAsync);
    }

    private static async Task SlowAsync(HttpContext http)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(400), http.RequestAborted);
        await http.Response.WriteAsync("slow");
    }

    private async Task BreakAsync(HttpContext http)
    {
        http.Response.ContentLength = 100;
        await http.Response.WriteAsync("half of it");
        await http.Response.Body.FlushAsync();
        await Breaks.Task;
        http.Abort();
    }

    private async Task DownloadAsync(HttpContext http)
    {
        http.Response.ContentLength = DownloadBytes;
        var half = new byte[DownloadBytes / 2];
        await http.Response.Body.WriteAsync(half, http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
        await Finishes.Task;
        await http.Response.Body.WriteAsync(half, http.RequestAborted);
    }

    private async Task UploadAsync(HttpContext http)
    {
        var (buffer, sum, text) = (new byte[16 * 1024], 0L, new StringBuilder());
        while (await http.Request.Body.ReadAsync(buffer) is var read and > 0)
        {
            sum += read;
            if (sum <= TextMax)
            {
                text.Append(Encoding.Latin1.GetString(buffer, 0, read));
            }
        }
        Uploads.Enqueue((text.ToString(), http.Request.ContentType, http.Request.Headers["Fairlead-Mirror"]));
        await http.Response.WriteAsync(sum.ToString(CultureInfo.InvariantCulture));
    }

    private static string Describe(HttpRequest request) =>
        string.Join(
            '\n',
            request
                .Headers.Where(one =>
                    one.Key.StartsWith("X-", StringComparison.Ordinal) || one.Key is "Host" or "Forwarded"
                )
                .OrderBy(one => one.Key, StringComparer.Ordinal)
                .Select(one => $"{one.Key}: {one.Value}")
                .Prepend($"{request.Method} {request.Path}{request.QueryString}")
        );

    private async Task EventsAsync(HttpContext http)
    {
        http.Response.ContentType = "text/event-stream";
        for (var number = 0; !http.RequestAborted.IsCancellationRequested; number++)
        {
            await http.Response.WriteAsync($"data: {Name} {number}\n\n");
            await http.Response.Body.FlushAsync();
            await Task.Delay(TimeSpan.FromMilliseconds(10), http.RequestAborted);
        }
    }

    private async Task SocketAsync(HttpContext http)
    {
        using var socket = await http.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[1024];
        while (
            await socket.ReceiveAsync(buffer, CancellationToken.None) is { MessageType: WebSocketMessageType.Text } got
        )
        {
            var text = $"{Name} {Encoding.UTF8.GetString(buffer, 0, got.Count)}";
            await socket.SendAsync(
                Encoding.UTF8.GetBytes(text),
                WebSocketMessageType.Text,
                endOfMessage: true,
                CancellationToken.None
            );
        }
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", CancellationToken.None);
    }
}
