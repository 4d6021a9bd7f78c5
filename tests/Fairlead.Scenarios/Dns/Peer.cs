using System.Diagnostics;
using System.Net.Sockets;

namespace Fairlead.Scenarios.Dns;

/// <summary>A real server on loopback that goes with the test.</summary>
internal sealed class Peer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process process;

    private Peer(string program, string[] words)
    {
        process = Process.Start(
            new ProcessStartInfo(program, words)
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        // Unread pipes fill up and stop it.
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Waits until something listens on the port.</summary>
    public static async Task<Peer> StartAsync(string program, string[] words, int port, CancellationToken stop)
    {
        var peer = new Peer(program, words);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Patience);
        try
        {
            while (true)
            {
                try
                {
                    using var client = new TcpClient();
                    await client.ConnectAsync("127.0.0.1", port, limit.Token);
                    return peer;
                }
                catch (SocketException) when (!peer.process.HasExited)
                {
                    await Task.Delay(50, limit.Token);
                }
            }
        }
        catch
        {
            await peer.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
