using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;

namespace Fairlead.Scenarios.Voyages;

/// <summary>WebSockets and downloads that each outlive several deployments, begun again and again, and checked to their last word.</summary>
/// <param name="lasts">How long each of them stays open.</param>
internal sealed class LongCalls(Platform platform, string app, TimeSpan lasts)
{
    private const int EventsEachSecond = 5;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private readonly Lock gate = new();
    private readonly List<string> faults = [];
    private int sockets;
    private int downloads;

    public IReadOnlyList<string> Faults => faults;

    /// <summary>Whole calls: ended by this side, when it had all that it asked for.</summary>
    public (int Sockets, int Downloads) Whole => (sockets, downloads);

    /// <summary>So many of each side by side, until no more are wanted; the last ones are finished.</summary>
    public Task RunAsync(int each, CancellationToken noMore) =>
        Task.WhenAll(
            Enumerable
                .Range(0, each)
                .SelectMany(_ =>
                    new[] { AgainAsync(TalkAsync, "WebSocket", noMore), AgainAsync(DownloadAsync, "download", noMore) }
                )
        );

    private async Task AgainAsync(Func<Task> call, string what, CancellationToken noMore)
    {
        while (!noMore.IsCancellationRequested)
        {
            try
            {
                await call();
            }
            catch (Exception fault)
                when (fault is WebSocketException or HttpRequestException or IOException or InvalidDataException)
            {
                lock (gate)
                {
                    faults.Add($"{what}: {fault.Message}");
                }
            }
        }
    }

    private async Task TalkAsync()
    {
        using var socket = new ClientWebSocket();
        using var invoker = new HttpMessageInvoker(Handler());
        await socket.ConnectAsync(new Uri($"ws://{app}.localhost/ws"), invoker, Stop);
        var buffer = new byte[64];
        for (var said = 0; said < lasts / Pause; said++)
        {
            var word = Encoding.ASCII.GetBytes($"word {said}");
            await socket.SendAsync(word, WebSocketMessageType.Text, endOfMessage: true, Stop);
            var heard = await socket.ReceiveAsync(buffer, Stop);
            if (heard.MessageType is WebSocketMessageType.Close || !buffer.AsSpan(0, heard.Count).SequenceEqual(word))
            {
                throw new InvalidDataException($"{heard.MessageType} {heard.CloseStatus} after {said} words");
            }
            await Task.Delay(Pause, Stop);
        }
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", Stop);
        Interlocked.Increment(ref sockets);
    }

    private async Task DownloadAsync()
    {
        var wanted = (int)lasts.TotalSeconds * EventsEachSecond;
        using var http = new HttpClient(Handler());
        await using var body = await http.GetStreamAsync(new Uri($"http://{app}.localhost/stream?n={wanted}"), Stop);
        using var reader = new StreamReader(body);
        var (events, isWhole) = (0, false);
        while (await reader.ReadLineAsync(Stop) is { } line)
        {
            events += line.StartsWith("id: ", StringComparison.Ordinal) ? 1 : 0;
            isWhole |= line == "event: goodbye";
        }
        if (events != wanted || !isWhole)
        {
            throw new InvalidDataException($"{events} of {wanted} events");
        }
        Interlocked.Increment(ref downloads);
    }

    private SocketsHttpHandler Handler() =>
        new()
        {
            ConnectCallback = async (_, stop) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(platform.Public, stop);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;
}
