using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Fairlead.Model.Ports;

namespace Fairlead.Faces.Dashboard.Live;

/// <summary>
/// One page as one person may see it, for all of its viewers: painted once when something happened, and sent to each of them only when it
/// looks otherwise than before.
/// </summary>
/// <param name="paint">Makes the page's main part as it is now, with its title.</param>
internal sealed class Scene(Func<CancellationToken, Task<(string Title, string Main)>> paint, Pulse pulse, World world)
    : IDisposable
{
    // Numbers change without an entry in the journal.
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2);

    // A page that costs much is painted more seldom, so that looking never takes the cores from deciding.
    private const int RestFactor = 3;
    private static readonly TimeSpan RestMin = TimeSpan.FromMilliseconds(100);

    private readonly Lock gate = new();
    private readonly HashSet<Channel<Sight>> viewers = [];
    private Sight? latest;
    private CancellationTokenSource? ending;

    public bool IsEmpty
    {
        get
        {
            lock (gate)
            {
                return viewers.Count == 0;
            }
        }
    }

    /// <summary>What it looks like now, if that is known, and then each time it looks otherwise; who is slow misses what lay between.</summary>
    public Channel<Sight> Join()
    {
        var mine = Channel.CreateBounded<Sight>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true }
        );
        lock (gate)
        {
            viewers.Add(mine);
            if (latest is { } known)
            {
                mine.Writer.TryWrite(known);
            }
            if (ending is null)
            {
                ending = new();
                var stop = ending.Token;
                _ = Task.Run(() => RunAsync(stop), CancellationToken.None);
            }
        }
        return mine;
    }

    public void Leave(Channel<Sight> mine)
    {
        lock (gate)
        {
            viewers.Remove(mine);
            if (viewers.Count == 0)
            {
                ending?.Cancel();
                ending?.Dispose();
                (ending, latest) = (null, null);
            }
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            ending?.Cancel();
            ending?.Dispose();
            ending = null;
        }
    }

    private async Task RunAsync(CancellationToken stop)
    {
        using var watching = pulse.Watch();
        try
        {
            while (!stop.IsCancellationRequested)
            {
                var news = pulse.Next;
                var began = world.Clock.GetTimestamp();
                Show(await paint(stop), stop);
                var rest = world.Clock.GetElapsedTime(began) * RestFactor;
                await Task.Delay(rest < RestMin ? RestMin : rest, world.Clock, stop);
                await Task.WhenAny(news, Task.Delay(Look, world.Clock, stop));
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Nobody looks on any more.
        }
        catch (Exception caught)
        {
            Fail(caught, stop);
        }
    }

    private void Show((string Title, string Main) painted, CancellationToken stop)
    {
        var digest = Painter.DigestOf(painted.Main);
        lock (gate)
        {
            if (stop.IsCancellationRequested || latest?.Digest == digest)
            {
                return;
            }
            var told = new JsonObject { ["title"] = painted.Title, ["html"] = painted.Main };
            latest = new(
                digest,
                [
                    .. "event: main\nid: "u8,
                    .. System.Text.Encoding.ASCII.GetBytes(digest),
                    .. "\ndata: "u8,
                    .. JsonSerializer.SerializeToUtf8Bytes(told),
                    .. "\n\n"u8,
                ]
            );
            foreach (var viewer in viewers)
            {
                viewer.Writer.TryWrite(latest);
            }
        }
    }

    // What went wrong ends the streams, and whoever comes again begins anew; the page itself then says what is wrong.
    private void Fail(Exception caught, CancellationToken stop)
    {
        lock (gate)
        {
            if (stop.IsCancellationRequested)
            {
                return;
            }
            foreach (var viewer in viewers)
            {
                viewer.Writer.TryComplete(caught);
            }
        }
    }
}

/// <param name="Digest">Of the page's main part.</param>
/// <param name="Event">As it goes over the line, made once for all viewers.</param>
internal sealed record Sight(string Digest, byte[] Event);
