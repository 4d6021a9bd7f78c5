using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Fairlead.Roles.Edge;

/// <summary>
/// The first half of stopping. Kestrel alone would close every connection without a request on it at once, also the one whose
/// first request is just on its way. So the doors are closed first: the parent holds the same sockets, and who knocks waits
/// there for the next edge. Who is inside is served, and told with the answer that the connection ends here.
/// </summary>
internal sealed class LameDuck(SocketTransportFactory sockets, TimeProvider clock)
    : IConnectionListenerFactory,
        IHostedLifecycleService
{
    private static readonly TimeSpan QuietMax = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    private readonly List<IConnectionListener> doors = [];
    private volatile bool isClosed;
    private int inside;

    public async ValueTask<IConnectionListener> BindAsync(
        EndPoint endpoint,
        CancellationToken cancellationToken = default
    )
    {
        var listener = await sockets.BindAsync(endpoint, cancellationToken);
        if (endpoint is FileHandleEndPoint)
        {
            doors.Add(listener);
        }
        return listener;
    }

    /// <summary>Counts a connection as long as it lives.</summary>
    public ConnectionDelegate Watch(ConnectionDelegate next) =>
        async connection =>
        {
            Interlocked.Increment(ref inside);
            try
            {
                await next(connection);
            }
            finally
            {
                Interlocked.Decrement(ref inside);
            }
        };

    /// <summary>Tells a client whose last answer this is.</summary>
    public HttpContext Mark(HttpContext http)
    {
        if (isClosed)
        {
            http.Response.Headers.Connection = "close";
        }
        return http;
    }

    /// <summary>Takes no more connections, and gives those that are open a moment for one more request.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        isClosed = true;
        foreach (var door in doors)
        {
            await door.UnbindAsync(cancellationToken);
        }
        var began = clock.GetTimestamp();
        while (Volatile.Read(ref inside) > 0 && clock.GetElapsedTime(began) < QuietMax)
        {
            await Task.Delay(Look, clock, cancellationToken);
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
