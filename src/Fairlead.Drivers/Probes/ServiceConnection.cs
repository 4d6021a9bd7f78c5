using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Probes;

/// <summary>A connection to a service, by TLS where its address wants it, that reads no more than it is asked to.</summary>
internal sealed class ServiceConnection : IAsyncDisposable
{
    private const int MessageBytesMax = 16 * 1024 * 1024;

    private Stream stream;

    private ServiceConnection(Socket socket) => stream = new NetworkStream(socket, ownsSocket: true);

    /// <summary>It is encrypted.</summary>
    public bool IsTls => stream is SslStream;

    /// <summary>Connects, has it asked, and turns what goes wrong into a problem.</summary>
    /// <exception cref="ProblemException">It cannot be reached, refuses us, or speaks another language.</exception>
    public static async Task<T> AskAsync<T>(
        Uri address,
        int usualPort,
        Func<ServiceConnection, Task<T>> ask,
        CancellationToken stop
    )
    {
        try
        {
            await using var connection = new ServiceConnection(await ConnectedAsync(address, usualPort, stop));
            return await ask(connection);
        }
        catch (LoginRefusedException caught)
        {
            throw new ProblemException(ProbeProblems.NotAllowed(address, caught.Message), caught);
        }
        catch (NotUnderstoodException caught)
        {
            throw new ProblemException(ProbeProblems.NotUnderstood(address, caught.Message), caught);
        }
        catch (EndOfStreamException caught)
        {
            throw new ProblemException(ProbeProblems.NotUnderstood(address, "It ended the connection."), caught);
        }
        catch (Exception caught) when (caught is SocketException or IOException or AuthenticationException)
        {
            throw new ProblemException(ProbeProblems.Unreachable(address, caught.Message), caught);
        }
    }

    /// <summary>Goes on encrypted; the certificate must be one that this machine trusts.</summary>
    public async Task UseTlsAsync(string host, CancellationToken stop)
    {
        var tls = new SslStream(stream, leaveInnerStreamOpen: false);
        stream = tls;
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = host }, stop);
    }

    public async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken stop)
    {
        await stream.WriteAsync(bytes, stop);
        await stream.FlushAsync(stop);
    }

    /// <exception cref="NotUnderstoodException">More is asked for than any answer has.</exception>
    public async Task<byte[]> ReadAsync(long count, CancellationToken stop)
    {
        if (count is < 0 or > MessageBytesMax)
        {
            throw new NotUnderstoodException($"It announces a message of {count} bytes.");
        }
        var bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes, stop);
        return bytes;
    }

    public ValueTask DisposeAsync() => stream.DisposeAsync();

    private static async Task<Socket> ConnectedAsync(Uri address, int usualPort, CancellationToken stop)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(
                address.IdnHost.Trim('[', ']'),
                address.Port > 0 ? address.Port : usualPort,
                stop
            );
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
