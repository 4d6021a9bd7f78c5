using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Fairlead.Scenarios.Edge;

/// <summary>An app that answers with the very bytes it is told, to see what the edge makes of them.</summary>
internal sealed class RawApp : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource ending = new();
    private readonly Func<string, string> answer;
    private readonly Task serving;
    private int connections;

    private RawApp(Func<string, string> answer)
    {
        this.answer = answer;
        listener.Start();
        serving = ServeAsync();
    }

    public Uri Endpoint => new($"http://{listener.LocalEndpoint}/");

    /// <summary>Connections taken so far.</summary>
    public int Connections => connections;

    /// <summary>Heads of requests, and what came behind them in the same read.</summary>
    public List<string> Seen { get; } = [];

    /// <param name="answer">Gets a request's head and gives the bytes to send; closes the connection when they end with a NUL.</param>
    public static RawApp Start(Func<string, string> answer) => new(answer);

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        listener.Dispose();
        await serving;
        ending.Dispose();
    }

    private async Task ServeAsync()
    {
        var all = new List<Task>();
        try
        {
            while (true)
            {
                all.Add(TalkAsync(await listener.AcceptSocketAsync(ending.Token)));
            }
        }
        catch (Exception caught)
            when (caught is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(all);
        }
    }

    private async Task TalkAsync(Socket socket)
    {
        using var _ = socket;
        Interlocked.Increment(ref connections);
        var (buffer, text) = (new byte[64 * 1024], "");
        try
        {
            while (await socket.ReceiveAsync(buffer, ending.Token) is var read and > 0)
            {
                text += Encoding.Latin1.GetString(buffer, 0, read);
                if (!text.Contains("\r\n\r\n", StringComparison.Ordinal))
                {
                    continue;
                }
                lock (Seen)
                {
                    Seen.Add(text);
                }
                var bytes = answer(text);
                text = "";
                await socket.SendAsync(Encoding.Latin1.GetBytes(bytes.TrimEnd('\0')), ending.Token);
                if (bytes.EndsWith('\0'))
                {
                    return;
                }
            }
        }
        catch (Exception caught) when (caught is OperationCanceledException or SocketException)
        {
            // The edge hung up, or the test is over.
        }
    }
}
