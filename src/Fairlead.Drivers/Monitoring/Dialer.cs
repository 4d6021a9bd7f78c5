using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Fairlead.Model.Security;

namespace Fairlead.Drivers.Monitoring;

/// <summary>
/// Connects where monitors lead: anywhere, and within networks of the owner's, but never to a cloud's metadata and its like, whoever
/// wrote the address. What a name gave is what is connected to.
/// </summary>
internal sealed class Dialer(NameLookups names)
{
    private const AddressKind Most = AddressKind.Inside;

    /// <summary>Where a name leads, of what may be gone to.</summary>
    /// <exception cref="UnreachedException">Nowhere, or only where nobody is sent.</exception>
    public async Task<IPAddress[]> AddressesAsync(string host, LookNotes notes, CancellationToken stop)
    {
        IPAddress[] all;
        try
        {
            all = await names.FindAsync(host.Trim('[', ']'), stop);
        }
        catch (SocketException caught)
        {
            throw new UnreachedException($"{host} has no address: {caught.Message}.", caught);
        }
        notes.Over("resolve");
        IPAddress[] good = [.. all.Where(one => AddressKinds.Of(one) <= Most)];
        return good.Length > 0 ? good
            : all.Length == 0 ? throw new UnreachedException($"{host} has no address.")
            : throw new UnreachedException($"{host} is {all[0]}, where Fairlead is never sent.");
    }

    /// <summary>A connection.</summary>
    /// <exception cref="UnreachedException">Nobody listens there, or nobody may go there.</exception>
    public async Task<NetworkStream> TcpAsync(string host, int port, LookNotes notes, CancellationToken stop)
    {
        var addresses = await AddressesAsync(host, notes, stop);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, port, stop);
            notes.Over("connect");
            notes.Note(
                "probe_ip_protocol",
                socket.RemoteEndPoint
                    is IPEndPoint
                    {
                        Address: { IsIPv4MappedToIPv6: false, AddressFamily: AddressFamily.InterNetworkV6 }
                    }
                    ? 6
                    : 4
            );
            return new(socket, ownsSocket: true);
        }
        catch (SocketException caught)
        {
            socket.Dispose();
            throw new UnreachedException(
                string.Create(CultureInfo.InvariantCulture, $"{host}:{port} does not answer: {caught.Message}."),
                caught
            );
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Reads <c>127.0.0.1:8443</c>.</summary>
    public static (string Host, int Port) PlaceOf(string text)
    {
        var colon = text.LastIndexOf(':');
        return (text[..colon], int.Parse(text.AsSpan(colon + 1), CultureInfo.InvariantCulture));
    }
}

/// <summary>Thrown on the way to what is looked at; the message is a sentence for people.</summary>
internal sealed class UnreachedException(string why, Exception? cause = null) : Exception(why, cause);
