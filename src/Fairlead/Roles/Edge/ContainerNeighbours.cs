using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Fairlead.Model.Ports;
using Microsoft.AspNetCore.Connections;

namespace Fairlead.Roles.Edge;

/// <summary>
/// Tells containers of this machine from everybody else. The bridge's address is the machine's, so a neighbour in its network could send packets
/// to it, and services behind it ask nobody who calls: only who comes from a bridge without any real network card is let in.
/// </summary>
internal sealed class ContainerNeighbours(World world)
{
    private const string Devices = "/sys/class/net";
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);

    // A network may be as new as its first container; strangers cannot have us look all the time.
    private static readonly TimeSpan LookPause = TimeSpan.FromMilliseconds(200);

    private readonly Lock gate = new();
    private IReadOnlyList<IPNetwork> networks = [];
    private DateTimeOffset seenAt = DateTimeOffset.MinValue;

    /// <summary>Ends connections of others before they are read.</summary>
    public ConnectionDelegate Watch(ConnectionDelegate next) =>
        async connection =>
        {
            if (connection.RemoteEndPoint is IPEndPoint { Address: var address } && IsContainer(address))
            {
                await next(connection);
            }
            else
            {
                connection.Abort(new ConnectionAbortedException("Only containers of this machine may call here."));
            }
        };

    private bool IsContainer(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        lock (gate)
        {
            var age = world.Now - seenAt;
            if (age <= Fresh && networks.Any(network => network.Contains(plain)))
            {
                return true;
            }
            if (age <= LookPause)
            {
                return false;
            }
            (networks, seenAt) = (Bridges(), world.Now);
            return networks.Any(network => network.Contains(plain));
        }
    }

    private static List<IPNetwork> Bridges() =>
        [
            .. from device in NetworkInterface.GetAllNetworkInterfaces()
            where IsBridgeAlone(Path.Combine(Devices, device.Name))
            from own in device.GetIPProperties().UnicastAddresses
            where own.Address.AddressFamily == AddressFamily.InterNetwork && own.PrefixLength is > 0 and <= 32
            select Around(own.Address, own.PrefixLength),
        ];

    // A bridge that has a real card in it, as on machines with virtual ones, is the network of others.
    private static bool IsBridgeAlone(string device) =>
        Directory.Exists(Path.Combine(device, "bridge"))
        && !Directory
            .EnumerateFileSystemEntries(Path.Combine(device, "brif"))
            .Any(port => Path.Exists(Path.Combine(Devices, Path.GetFileName(port), "device")));

    private static IPNetwork Around(IPAddress address, int length)
    {
        var bytes = address.GetAddressBytes();
        for (var bit = length; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }
        return new(new IPAddress(bytes), length);
    }
}
