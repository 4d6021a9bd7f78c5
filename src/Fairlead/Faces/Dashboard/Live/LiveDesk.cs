using System.Threading.Channels;
using Fairlead.Faces.Http;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Faces.Dashboard.Live;

/// <summary>Keeps open pages as they are now, over server-sent events.</summary>
/// <param name="stopping">The server ends: streams end too, and browsers come back to the next one.</param>
internal sealed class LiveDesk(Pulse pulse, World world, CancellationToken stopping)
{
    private const int StreamsMax = 2_000;

    // Whoever looks on shows again this often that they may: a session that was ended ends what it sees.
    private static readonly TimeSpan StreamMax = TimeSpan.FromSeconds(60);

    // So a page knows a line that is cut from a server with nothing to say.
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(5);
    private static readonly byte[] BeatEvent = [.. "event: beat\ndata: \n\n"u8];
    private static readonly byte[] Begin = [.. "retry: 700\n\n"u8];

    private readonly Lock gate = new();
    private readonly Dictionary<string, Scene> scenes = new(StringComparer.Ordinal);
    private int streams;

    /// <summary>Sends a page's main part each time it looks otherwise than the viewer has it.</summary>
    /// <param name="key">Of the page and of who looks on.</param>
    /// <exception cref="Refused">Too many look on.</exception>
    public async Task FollowAsync(
        HttpContext http,
        string key,
        Func<CancellationToken, Task<(string Title, string Main)>> paint,
        CancellationToken stop
    )
    {
        if (Interlocked.Increment(ref streams) > StreamsMax)
        {
            Interlocked.Decrement(ref streams);
            throw new Refused(StatusCodes.Status503ServiceUnavailable, TooMany());
        }
        using var limit = new CancellationTokenSource(StreamMax, world.Clock);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop, stopping, limit.Token);
        var (scene, mine) = Join(key, paint);
        try
        {
            await SendAsync(http, mine, ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // It comes again, if it still looks on.
        }
        catch (ChannelClosedException)
        {
            // The page could not be made; it comes again, and is told why.
        }
        finally
        {
            Interlocked.Decrement(ref streams);
            Leave(key, scene, mine);
        }
    }

    private async Task SendAsync(HttpContext http, Channel<Sight> mine, CancellationToken stop)
    {
        var response = http.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no";
        await response.Body.WriteAsync(Begin, stop);
        await response.Body.FlushAsync(stop);
        var has = http.Request.Headers["Last-Event-ID"].ToString() is { Length: > 0 } told
            ? told
            : http.Request.Query["seen"].ToString();
        while (true)
        {
            var waiting = mine.Reader.WaitToReadAsync(stop).AsTask();
            if (await Task.WhenAny(waiting, Task.Delay(Beat, world.Clock, stop)) != waiting)
            {
                stop.ThrowIfCancellationRequested();
                await response.Body.WriteAsync(BeatEvent, stop);
                await response.Body.FlushAsync(stop);
                continue;
            }
            await waiting;
            var sight = await mine.Reader.ReadAsync(stop);
            if (sight.Digest != has)
            {
                has = sight.Digest;
                await response.Body.WriteAsync(sight.Event, stop);
                await response.Body.FlushAsync(stop);
            }
        }
    }

    private (Scene Scene, Channel<Sight> Mine) Join(
        string key,
        Func<CancellationToken, Task<(string Title, string Main)>> paint
    )
    {
        lock (gate)
        {
            if (!scenes.TryGetValue(key, out var scene))
            {
                scenes[key] = scene = new(paint, pulse, world);
            }
            return (scene, scene.Join());
        }
    }

    private void Leave(string key, Scene scene, Channel<Sight> mine)
    {
        lock (gate)
        {
            scene.Leave(mine);
            if (scene.IsEmpty && scenes.GetValueOrDefault(key) == scene)
            {
                scenes.Remove(key);
            }
        }
    }

    private static Problem TooMany() =>
        new(
            "dashboard.too-many",
            What: "This page is not kept live.",
            Why: $"{StreamsMax} pages are already.",
            Fix: "Close some, or load it again from time to time."
        );
}
