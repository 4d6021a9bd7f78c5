using System.Net;
using Fairlead.Model.Ports;

namespace Fairlead.Roles.Edge.Upstream;

/// <summary>The connections to one replica. The last one put back is the first one taken, so that the others grow old and end.</summary>
internal sealed class UpstreamPool(Uri address) : IDisposable
{
    private static readonly TimeSpan ConnectMax = TimeSpan.FromSeconds(5);

    // Shorter than what servers keep (gunicorn 2 s, node 5 s): who closes first can never meet a request on its way.
    private static readonly TimeSpan IdleMax = TimeSpan.FromMilliseconds(1_500);
    private static readonly TimeSpan SilenceMax = TimeSpan.FromMinutes(15);

    private readonly EndPoint endpoint = IPAddress.TryParse(address.DnsSafeHost, out var ip)
        ? new IPEndPoint(ip, address.Port)
        : new DnsEndPoint(address.DnsSafeHost, address.Port);

    private readonly Lock hold = new();
    private readonly List<UpstreamConnection> idle = [];
    private readonly HashSet<UpstreamConnection> open = [];
    private bool isClosed;

    /// <summary>A connection that is there already; null when there is none.</summary>
    public UpstreamConnection? TryTake()
    {
        lock (hold)
        {
            while (idle is [.., var last])
            {
                idle.RemoveAt(idle.Count - 1);
                last.IsIdle = false;
                if (!last.IsSpoiled)
                {
                    return last;
                }
                Close(last);
            }
            return null;
        }
    }

    /// <exception cref="System.Net.Sockets.SocketException">Nobody listens there.</exception>
    /// <exception cref="OperationCanceledException">Nobody took the connection in time, or the client left.</exception>
    public async ValueTask<UpstreamConnection> ConnectAsync(World world, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(ConnectMax, world.Clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        var made = await UpstreamConnection.ConnectAsync(endpoint, both.Token);
        made.QuietSince = world.Clock.GetTimestamp();
        lock (hold)
        {
            open.Add(made);
        }
        return made;
    }

    /// <summary>Puts a connection back.</summary>
    /// <param name="isWhole">Everything sent and received on it was understood, and the app takes more.</param>
    public void Return(UpstreamConnection one, bool isWhole, long now)
    {
        var rests = isWhole && one.TryRest();
        lock (hold)
        {
            if (rests && !isClosed)
            {
                one.QuietSince = now;
                one.IsIdle = true;
                idle.Add(one);
            }
            else
            {
                Close(one);
            }
        }
    }

    /// <summary>Ends what nobody used, and what nothing moved on, for too long.</summary>
    public void Sweep(TimeProvider clock)
    {
        lock (hold)
        {
            foreach (var one in open.ToArray())
            {
                var quiet = clock.GetElapsedTime(one.QuietSince);
                if (one.IsIdle && (one.IsSpoiled || quiet > IdleMax))
                {
                    idle.Remove(one);
                    Close(one);
                }
                else if (!one.IsIdle && quiet > SilenceMax)
                {
                    one.EndLate();
                }
            }
        }
    }

    /// <summary>Keeps no connection any more; those in use end with their request.</summary>
    public void Dispose()
    {
        lock (hold)
        {
            isClosed = true;
            foreach (var one in idle)
            {
                Close(one);
            }
            idle.Clear();
        }
    }

    private void Close(UpstreamConnection one)
    {
        open.Remove(one);
        one.Dispose();
    }
}
