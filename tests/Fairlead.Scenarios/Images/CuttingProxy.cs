using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Fairlead.Scenarios.Images;

/// <summary>Stands before a registry and cuts connections: in the middle of a body, or where a request begins.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly int port;
    private readonly Task work;
    private long up;

    public CuttingProxy(int port)
    {
        this.port = port;
        listener.Start();
        work = AcceptAsync();
    }

    public string Host => $"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

    /// <summary>Whether to cut, by what has been sent up on this connection and what comes next.</summary>
    public Func<long, string, bool> CutsUp { get; set; } = (_, _) => false;

    /// <summary>Whether to cut, by how much has come down on this connection.</summary>
    public Func<long, bool> CutsDown { get; set; } = _ => false;

    public int Cuts { get; private set; }

    /// <summary>All that was sent up.</summary>
    public long Up => Interlocked.Read(ref up);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await work;
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var all = new List<Task>();
        try
        {
            while (true)
            {
                all.Add(CarryAsync(await listener.AcceptTcpClientAsync(stop.Token)));
            }
        }
        catch (Exception caught) when (caught is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(all);
        }
    }

    private async Task CarryAsync(TcpClient client)
    {
        using (client)
        using (var server = new TcpClient())
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, port, stop.Token);
                await Task.WhenAny(
                    CopyAsync(
                        client,
                        server,
                        (sent, text) =>
                        {
                            Interlocked.Add(ref up, text.Length);
                            return CutsUp(sent, text);
                        }
                    ),
                    CopyAsync(server, client, (sent, _) => CutsDown(sent))
                );
                // A reset, as a broken line gives.
                client.LingerState = new(enable: true, seconds: 0);
            }
            catch (Exception caught) when (caught is IOException or SocketException or OperationCanceledException) { }
        }
    }

    private async Task CopyAsync(TcpClient from, TcpClient to, Func<long, string, bool> cuts)
    {
        try
        {
            var buffer = new byte[64 * 1024];
            var sent = 0L;
            for (int count; (count = await from.GetStream().ReadAsync(buffer, stop.Token)) > 0; sent += count)
            {
                if (cuts(sent, Encoding.Latin1.GetString(buffer, 0, count)))
                {
                    Cuts++;
                    return;
                }
                await to.GetStream().WriteAsync(buffer.AsMemory(0, count), stop.Token);
            }
        }
        catch (Exception caught)
            when (caught is IOException or SocketException or OperationCanceledException or ObjectDisposedException) { }
    }
}
