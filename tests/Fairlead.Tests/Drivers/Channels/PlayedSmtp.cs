using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Fairlead.Tests.Drivers.Channels;

/// <summary>A server of mail that answers as it is told to, and remembers what it was told. It speaks no TLS: real servers do, in scenarios.</summary>
internal sealed class PlayedSmtp : IPlayed
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource ending = new();
    private readonly TaskCompletionSource met = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<string> seen = new();
    private readonly Func<string, string?> answer;
    private readonly Play play;
    private readonly Task serving;

    /// <param name="answer">What it says to a line; null for what it would say anyway.</param>
    public PlayedSmtp(Play play, Func<string, string?>? answer = null)
    {
        (this.play, this.answer) = (play, answer ?? (static _ => null));
        listener.Start();
        serving = ServeAsync(ending.Token);
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public IReadOnlyList<string> Seen => [.. seen];

    public Task Met => met.Task;

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        listener.Dispose();
        await serving;
        ending.Dispose();
    }

    private async Task ServeAsync(CancellationToken stop)
    {
        try
        {
            while (!stop.IsCancellationRequested)
            {
                using var client = await listener.AcceptTcpClientAsync(stop);
                await using var stream = client.GetStream();
                met.TrySetResult();
                await HearAsync(stream, stop);
            }
        }
        catch (Exception caught)
            when (caught is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task HearAsync(NetworkStream stream, CancellationToken stop)
    {
        try
        {
            switch (play)
            {
                case Play.IsSilent:
                    await stream.ReadExactlyAsync(new byte[1], stop);
                    break;
                case Play.IsEndless:
                    var much = Encoding.ASCII.GetBytes(new string('2', 64 << 10));
                    while (!stop.IsCancellationRequested)
                    {
                        await stream.WriteAsync(much, stop);
                    }
                    break;
                default:
                    await TalkAsync(stream, stop);
                    break;
            }
        }
        catch (Exception caught) when (caught is IOException)
        {
            // Whoever was there has gone.
        }
    }

    private async Task TalkAsync(NetworkStream stream, CancellationToken stop)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8, leaveOpen: true);
        await using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true)
        {
            NewLine = "\r\n",
            AutoFlush = true,
        };
        await writer.WriteLineAsync("220 sink".AsMemory(), stop);
        var told = new StringBuilder();
        while (await reader.ReadLineAsync(stop) is { } line)
        {
            if (line.StartsWith("EHLO", StringComparison.Ordinal))
            {
                if (play is Play.HangsUp)
                {
                    return;
                }
                await writer.WriteLineAsync(
                    "250-sink\r\n250-AUTH PLAIN LOGIN\r\n250-8BITMIME\r\n250 SMTPUTF8".AsMemory(),
                    stop
                );
                continue;
            }
            told.Append(line).Append('\n');
            await writer.WriteLineAsync((answer(line) ?? Said(line, told.ToString())).AsMemory(), stop);
            if (line == "DATA")
            {
                while (await reader.ReadLineAsync(stop) is { } data and not ".")
                {
                    told.Append(data).Append('\n');
                }
                seen.Enqueue(told.ToString());
                await writer.WriteLineAsync("250 taken".AsMemory(), stop);
            }
            else if (line == "QUIT")
            {
                return;
            }
        }
    }

    private string Said(string line, string told) =>
        line.Split(' ')[0] switch
        {
            "AUTH" => "235 come in",
            "MAIL" when play is Play.IsBusy => "451 later",
            "MAIL" => "250 go on",
            "RCPT" when play is Play.Refuses => $"550 no: {told.ReplaceLineEndings(" ")}",
            "RCPT" => "250 go on",
            "DATA" => "354 say it",
            "QUIT" => "221 bye",
            "RSET" => "250 again",
            _ => "500 what?",
        };
}
