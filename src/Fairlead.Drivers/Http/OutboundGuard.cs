using System.Net;
using System.Net.Sockets;
using Fairlead.Model.Security;

namespace Fairlead.Drivers.Http;

/// <summary>
/// Connects to addresses that somebody chose, and only where they may send us. A name is looked up once and what it gave is
/// connected to, so it cannot mean another place a moment later; a redirect connects anew and is looked at anew.
/// </summary>
public static class OutboundGuard
{
    private static readonly TimeSpan ConnectMax = TimeSpan.FromSeconds(10);

    /// <summary>A handler that goes no further than it may. Redirects are followed only when its taker allows them.</summary>
    /// <param name="most">Public for addresses that anybody may set; Inside for those that an owner vouches for.</param>
    public static SocketsHttpHandler Handler(AddressKind most) =>
        new()
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            // A proxy would connect for us, to anywhere.
            UseProxy = false,
            ActivityHeadersPropagator = null,
            ConnectTimeout = ConnectMax,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectCallback = (context, stop) => ConnectAsync(context.DnsEndPoint, most, stop),
        };

    /// <exception cref="HttpRequestException">It leads nowhere, or where it may not.</exception>
    public static async ValueTask<Stream> ConnectAsync(DnsEndPoint to, AddressKind most, CancellationToken stop)
    {
        var addresses = IPAddress.TryParse(to.Host, out var literal)
            ? [literal]
            : await System.Net.Dns.GetHostAddressesAsync(to.Host, stop);
        var good = addresses.Where(one => AddressKinds.Of(one) <= most).ToArray();
        if (good.Length == 0)
        {
            throw new HttpRequestException(
                addresses.Length == 0
                    ? $"{to.Host} has no address."
                    : $"{to.Host} is {addresses[0]}, where Fairlead is not sent by this setting."
            );
        }
        // IPv4 and IPv6 alike, in the order in which the system would try them.
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(good, to.Port, stop);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (SocketException caught)
        {
            socket.Dispose();
            throw new HttpRequestException($"{to.Host}:{to.Port} does not answer: {caught.Message}", caught);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
