using System.Net;
using System.Net.Sockets;

namespace Fairlead.Drivers.Monitoring;

/// <summary>
/// Looks names up as the system does. That takes a thread for as long as a name server is silent, so each name is looked up once at a
/// time for all who ask, and only so many names at once: monitors of a broken name take no threads from the rest of the server.
/// </summary>
internal sealed class NameLookups : IDisposable
{
    private const int AtOnceMax = 32;

    private readonly Lock gate = new();
    private readonly Dictionary<string, Task<IPAddress[]>> running = new(StringComparer.OrdinalIgnoreCase);
    private readonly SemaphoreSlim room = new(AtOnceMax);

    /// <exception cref="SocketException">There is no such name, or nobody says.</exception>
    public async Task<IPAddress[]> FindAsync(string host, CancellationToken stop)
    {
        if (IPAddress.TryParse(host, out var literal))
        {
            return [literal];
        }
        Task<IPAddress[]> mine;
        lock (gate)
        {
            if (!running.TryGetValue(host, out mine!))
            {
                // Others may wait for it who have more time, so it does not end with whoever began it.
                mine = LookUpAsync(host, CancellationToken.None);
                running[host] = mine;
                _ = ForgetAsync(host, mine, CancellationToken.None);
            }
        }
        return await mine.WaitAsync(stop);
    }

    public void Dispose() => room.Dispose();

    private async Task<IPAddress[]> LookUpAsync(string host, CancellationToken stop)
    {
        await room.WaitAsync(stop);
        try
        {
            return await System.Net.Dns.GetHostAddressesAsync(host, stop);
        }
        finally
        {
            room.Release();
        }
    }

    private async Task ForgetAsync(string host, Task lookup, CancellationToken stop)
    {
        await lookup.WaitAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (gate)
        {
            running.Remove(host);
        }
    }
}
