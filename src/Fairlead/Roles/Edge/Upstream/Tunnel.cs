using System.Buffers;
using System.Net.Sockets;

namespace Fairlead.Roles.Edge.Upstream;

/// <summary>Bytes both ways, after client and app agreed on another protocol.</summary>
internal sealed class Tunnel(Stream client, UpstreamConnection connection, TimeProvider clock)
{
    private const int PieceBytes = 4 * 1024;

    /// <summary>Runs until the app ends it, or the line is cut.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var there = ThereAsync(stop);
        try
        {
            await BackAsync(stop);
        }
        catch (Exception caught) when (caught is IOException or SocketException or ObjectDisposedException)
        {
            // Either end is gone: so is the tunnel.
        }
        connection.Dispose();
        await client.DisposeAsync();
        await there;
    }

    private async Task BackAsync(CancellationToken stop)
    {
        do
        {
            var length = connection.Input.Length;
            if (length > 0)
            {
                var piece = ArrayPool<byte>.Shared.Rent(length);
                try
                {
                    connection.Input.CopyTo(piece);
                    connection.Consume(length);
                    await client.WriteAsync(piece.AsMemory(0, length), stop);
                    await client.FlushAsync(stop);
                }
                finally
                {
                    ArrayPool<byte>.Shared.Return(piece);
                }
            }
            connection.QuietSince = clock.GetTimestamp();
        } while (await connection.FillAsync(stop));
    }

    private async Task ThereAsync(CancellationToken stop)
    {
        var piece = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            while (await client.ReadAsync(piece, stop) is var read and > 0)
            {
                await connection.SendAsync(piece.AsMemory(0, read), stop);
                connection.QuietSince = clock.GetTimestamp();
            }
            // The client says no more; the app may still have something to say.
            connection.ShutDownSending();
        }
        catch (Exception caught)
            when (caught is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            connection.Dispose();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }
}
