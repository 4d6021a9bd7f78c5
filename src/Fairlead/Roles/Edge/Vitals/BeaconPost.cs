using System.Net.Sockets;
using System.Threading.Channels;
using Fairlead.Drivers.State;
using Fairlead.Faces.Http;
using Fairlead.Model.Ports;
using Fairlead.Model.Security;
using Fairlead.Model.Telemetry;

namespace Fairlead.Roles.Edge.Vitals;

/// <summary>
/// Hands what pages sent on to the server, apart from all requests: into a queue with bounds, from there in batches over the
/// server's socket. What finds no room, or a server that is away for long, is let go and counted.
/// </summary>
internal sealed class BeaconPost : IAsyncDisposable
{
    private const int WaitingMax = 5_000;
    private const long BytesMax = 8L << 20;
    private const int AtOnceMax = 200;
    private const int TriesMax = 3;
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly StateFolder state;
    private readonly World world;
    private readonly ILogger log;
    private readonly HttpClient http;
    private readonly Channel<Beacon> beacons = Channel.CreateBounded<Beacon>(
        new BoundedChannelOptions(WaitingMax) { SingleReader = true }
    );
    private readonly CancellationTokenSource ending = new();
    private readonly Task posting;
    private SourceKeys? keys;
    private long bytes;
    private long lost;

    public BeaconPost(StateFolder state, World world, ILogger log)
    {
        (this.state, this.world, this.log) = (state, world, log);
        http = new(
            new SocketsHttpHandler
            {
                ConnectTimeout = AnswerMax,
                ConnectCallback = async (_, stop) =>
                {
                    var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                    try
                    {
                        await socket.ConnectAsync(new UnixDomainSocketEndPoint(state.Socket("server")), stop);
                        return new NetworkStream(socket, ownsSocket: true);
                    }
                    catch
                    {
                        socket.Dispose();
                        throw;
                    }
                },
            }
        )
        {
            Timeout = AnswerMax,
        };
        posting = Task.Run(() => PostAllAsync(ending.Token));
    }

    /// <summary>Beacons that were let go since the edge started.</summary>
    public long Lost => Interlocked.Read(ref lost);

    /// <summary>Takes room for a body that is about to be read; counts it as lost when there is none.</summary>
    public bool HasRoom(int length)
    {
        if (Interlocked.Add(ref bytes, length) <= BytesMax)
        {
            return true;
        }
        GiveBack(length);
        return false;
    }

    public void GiveBack(int length)
    {
        Interlocked.Add(ref bytes, -length);
        Interlocked.Increment(ref lost);
    }

    /// <summary>Takes a beacon for which there is room.</summary>
    public void Send(Beacon beacon)
    {
        if (!beacons.Writer.TryWrite(beacon))
        {
            GiveBack(beacon.Body.Length);
        }
    }

    public async ValueTask DisposeAsync()
    {
        beacons.Writer.TryComplete();
        await ending.CancelAsync();
        await posting;
        http.Dispose();
        ending.Dispose();
    }

    private async Task PostAllAsync(CancellationToken stop)
    {
        try
        {
            while (await beacons.Reader.WaitToReadAsync(stop))
            {
                var batch = new List<Beacon>();
                while (batch.Count < AtOnceMax && beacons.Reader.TryRead(out var one))
                {
                    batch.Add(one);
                }
                foreach (var together in batch.GroupBy(one => (one.Kind, Source: one.Source())))
                {
                    await PostAsync(together.Key.Kind, together.Key.Source, [.. together], stop);
                }
                Interlocked.Add(ref bytes, -batch.Sum(one => (long)one.Body.Length));
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The edge ends.
        }
    }

    private async Task PostAsync(BeaconKind kind, Source source, IReadOnlyList<Beacon> batch, CancellationToken stop)
    {
        if (kind is BeaconKind.Errors)
        {
            foreach (var one in batch)
            {
                await PostAsync("/api/1/envelope/", source, one.Body, count: 1, stop);
            }
            return;
        }
        using var lines = new MemoryStream();
        // No page of ours sends a line feed: whoever does wants to be counted as many.
        foreach (var one in batch.Where(one => !one.Body.Contains((byte)'\n')))
        {
            lines.Write(one.Body);
            lines.WriteByte((byte)'\n');
        }
        await PostAsync("/vitals", source, lines.ToArray(), batch.Count, stop);
    }

    private async Task PostAsync(string path, Source source, byte[] body, int count, CancellationToken stop)
    {
        var why = "";
        for (var tries = 1; tries <= TriesMax; tries++)
        {
            try
            {
                keys ??= new SourceKeys(Convert.FromHexString(ApiToken.ReadOrMake(state.IntakeSecret)));
                using var request = new HttpRequestMessage(HttpMethod.Post, $"http://server{path}")
                {
                    Content = new ByteArrayContent(body),
                };
                request.Headers.Add("X-Fairlead-Key", keys.For(source));
                using var answer = await http.SendAsync(request, stop);
                if ((int)answer.StatusCode < StatusCodes.Status500InternalServerError)
                {
                    return; // Taken, or of no use: asking again would not change it.
                }
                why = $"it answered {answer.StatusCode}";
            }
            catch (Exception caught) when (caught is HttpRequestException or IOException or FormatException)
            {
                why = caught.Message;
            }
            catch (TaskCanceledException) when (!stop.IsCancellationRequested)
            {
                why = "it did not answer in time";
            }
            if (tries < TriesMax)
            {
                await Task.Delay(Pause, world.Clock, stop);
            }
        }
        log.BeaconsLost(Interlocked.Add(ref lost, count), why);
    }
}
