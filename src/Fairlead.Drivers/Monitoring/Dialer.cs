using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Fairlead.Model.Security;

namespace Fairlead.Drivers.Monitoring;

/// <summary>
/// Connects where monitors may lead: those of manifests to the internet, those that an operator added within networks of the owner's too,
/// and none to a cloud's metadata and its like. What a name gave is what is connected to.
/// </summary>
internal sealed class Dialer(NameLookups names)
{
    /// <summary>Where a name leads, of what may be gone to.</summary>
    /// <exception cref="UnreachedException">Nowhere, or only where nobody is sent.</exception>
    public Task<IPAddress[]> AddressesAsync(string host, LookNotes notes, CancellationToken stop) =>
        AddressesAsync(host, notes.Most, notes, stop);

    private async Task<IPAddress[]> AddressesAsync(
        string host,
        AddressKind most,
        LookNotes notes,
        CancellationToken stop
    )
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
        IPAddress[] good = [.. all.Where(one => AddressKinds.Of(one) <= most)];
        notes.IsForbidden |= good.Length == 0 && all.Length > 0;
        return good.Length > 0 ? good
            : all.Length == 0 ? throw new UnreachedException($"{host} has no address.")
            : all.All(one => AddressKinds.Of(one) is AddressKind.Never)
                ? throw new UnreachedException($"{host} is {all[0]}, where Fairlead is never sent.")
            : throw new UnreachedException(
                $"{host} is {all[0]}, which is inside: only a monitor that an operator added looks there, or any with FAIRLEAD_MONITORS_INSIDE=on."
            );
    }

    /// <summary>A connection.</summary>
    /// <exception cref="UnreachedException">Nobody listens there, or nobody may go there.</exception>
    public Task<NetworkStream> TcpAsync(string host, int port, LookNotes notes, CancellationToken stop) =>
        TcpAsync((host, port), notes.Most, notes, stop);

    /// <inheritdoc cref="TcpAsync(string, int, LookNotes, CancellationToken)"/>
    /// <param name="to">Host and port.</param>
    /// <param name="most">How far it may go.</param>
    public async Task<NetworkStream> TcpAsync(
        (string Host, int Port) to,
        AddressKind most,
        LookNotes notes,
        CancellationToken stop
    )
    {
        var (host, port) = to;
        var addresses = await AddressesAsync(host, most, notes, stop);
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
