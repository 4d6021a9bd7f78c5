using System.Collections.Concurrent;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Fairlead.Tests.Drivers.Channels;

/// <summary>A server that answers as it is told to, and remembers what it was asked.</summary>
internal sealed class PlayedHttp : IPlayed
{
    private static readonly JsonSerializerOptions Pretty = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly JsonSerializerOptions Brief = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly WebApplication app;
    private readonly TaskCompletionSource met = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<(string Head, string Body)> seen = new();

    private PlayedHttp(WebApplication app) => this.app = app;

    /// <summary>Answers; the body that came is given along.</summary>
    public required Func<HttpContext, string, Task> Answer { get; init; }

    public Uri Url => new(app.Urls.First());

    public int Port => Url.Port;

    public Task Met => met.Task;

    public IReadOnlyList<string> Seen => [.. seen.Select(static one => $"{one.Head}\n{Readable(one.Body)}")];

    /// <summary>As it came.</summary>
    public IReadOnlyList<string> Bodies => [.. seen.Select(static one => one.Body)];

    public static Task<PlayedHttp> StartAsync(Play play, string takes = "{}") =>
        StartAsync((http, body) => PlayAsync(http, body, play, takes));

    public static async Task<PlayedHttp> StartAsync(Func<HttpContext, string, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var played = new PlayedHttp(builder.Build()) { Answer = answer };
        played.app.Run(played.HearAsync);
        await played.app.StartAsync(TestContext.Current.CancellationToken);
        return played;
    }

    public async ValueTask DisposeAsync()
    {
        // What is silent is not waited for.
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await app.StopAsync(now.Token);
        await app.DisposeAsync();
    }

    private async Task HearAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync(http.RequestAborted);
        var head = new StringBuilder(
            $"{http.Request.Method} {http.Request.Path.ToUriComponent()}{http.Request.QueryString}\n"
        );
        foreach (var (name, value) in http.Request.Headers.OrderBy(static one => one.Key, StringComparer.Ordinal))
        {
            if (name is not ("Host" or "User-Agent" or "Content-Length"))
            {
                head.Append(System.Globalization.CultureInfo.InvariantCulture, $"{name}: {value}\n");
            }
        }
        seen.Enqueue((head.ToString(), body));
        met.TrySetResult();
        await Answer(http, body);
    }

    private static async Task PlayAsync(HttpContext http, string body, Play play, string takes)
    {
        var forget = http.RequestAborted;
        switch (play)
        {
            case Play.Takes:
                await http.Response.WriteAsync(takes, forget);
                break;
            case Play.Refuses:
                http.Response.StatusCode = 400;
                await http.Response.WriteAsync($"no: {http.Request.Path}{http.Request.QueryString} {body}", forget);
                foreach (var (_, value) in http.Request.Headers)
                {
                    await http.Response.WriteAsync($" {value}", forget);
                }
                break;
            case Play.IsBusy:
                http.Response.StatusCode = 429;
                http.Response.Headers.RetryAfter = "7";
                break;
            case Play.IsSilent:
                await WaitAsync(forget);
                break;
            case Play.HangsUp:
                http.Abort();
                break;
            default:
                await SpeakAsync(http.Response, forget);
                break;
        }
    }

    /// <summary>Gigabytes, for as long as anybody listens.</summary>
    public static async Task SpeakAsync(HttpResponse response, CancellationToken forget)
    {
        var much = new byte[64 << 10];
        Array.Fill(much, (byte)'[');
        try
        {
            while (!forget.IsCancellationRequested)
            {
                await response.Body.WriteAsync(much, forget);
            }
        }
        catch (OperationCanceledException)
        {
            // Nobody listens any more.
        }
    }

    private static async Task WaitAsync(CancellationToken forget)
    {
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, forget);
        }
        catch (OperationCanceledException)
        {
            // Nobody waits any more.
        }
    }

    private static string Readable(string body)
    {
        if (body.StartsWith('{'))
        {
            var json = JsonNode.Parse(body)!;
            return (body.Length > 12_000 ? json.ToJsonString(Brief) : json.ToJsonString(Pretty)) + "\n";
        }
        return body.Contains('&', StringComparison.Ordinal)
            ? string.Concat(body.Split('&').Select(static one => Uri.UnescapeDataString(one) + "\n"))
            : body;
    }
}
