using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Fairlead.Scenarios.Responding;

/// <summary>A receiver of webhooks on loopback that remembers what it was told and when.</summary>
public sealed class WebhookSink : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<Told> told = new();

    private WebhookSink(WebApplication app) => this.app = app;

    public string Url => $"{app.Urls.Single()}/hook";

    public IReadOnlyList<Told> All => [.. told];

    public static async Task<WebhookSink> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var host = builder.Build();
        var sink = new WebhookSink(host);
        host.MapPost(
            "/hook",
            async (HttpContext http) =>
            {
                var body = await JsonNode.ParseAsync(http.Request.Body);
                sink.told.Enqueue(new(DateTimeOffset.UtcNow, $"{http.Request.Headers["Idempotency-Key"]}", body!));
            }
        );
        await host.StartAsync();
        return sink;
    }

    /// <summary>Waits until something fits.</summary>
    public async Task<Told> WaitAsync(Func<Told, bool> fits, TimeSpan most)
    {
        var until = DateTimeOffset.UtcNow + most;
        while (true)
        {
            if (told.FirstOrDefault(fits) is { } found)
            {
                return found;
            }
            if (DateTimeOffset.UtcNow > until)
            {
                throw new TimeoutException($"Only this was told:\n{string.Join('\n', told)}");
            }
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    /// <param name="Id">The idempotency key.</param>
    public sealed record Told(DateTimeOffset At, string Id, JsonNode Body)
    {
        public bool IsFiring => Body["status"]!.GetValue<string>() == "firing";

        public string Title => Body["fairlead"]?["title"]?.GetValue<string>() ?? "";

        public IReadOnlyList<string> Alerts =>
            [.. Body["alerts"]!.AsArray().Select(static one => one!["labels"]!["alertname"]!.GetValue<string>())];

        public override string ToString() => $"{At:HH:mm:ss.fff} {Id} {Title} [{string.Join(", ", Alerts)}]";
    }
}
