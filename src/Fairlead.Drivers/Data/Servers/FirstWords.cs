using System.Net;
using System.Net.Sockets;

namespace Fairlead.Drivers.Data.Servers;

/// <summary>What a server says first: whether it speaks its protocol can be known before anybody signs in.</summary>
internal static class FirstWords
{
    private const int BytesMax = 512;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <param name="greeting">Said before it is listened; empty for a server that speaks first.</param>
    /// <returns>Empty where nobody answers in time.</returns>
    public static async Task<byte[]> AskAsync(int port, ReadOnlyMemory<byte> greeting, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Patience);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), limit.Token);
            if (!greeting.IsEmpty)
            {
                await socket.SendAsync(greeting, limit.Token);
            }
            var buffer = new byte[BytesMax];
            return buffer[..await socket.ReceiveAsync(buffer, limit.Token)];
        }
        catch (SocketException)
        {
            return [];
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return [];
        }
    }
}
