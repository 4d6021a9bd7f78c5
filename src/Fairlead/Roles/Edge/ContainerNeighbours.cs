using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Microsoft.AspNetCore.Connections;

namespace Fairlead.Roles.Edge;

/// <summary>
/// Tells containers of this machine from everybody else. The bridge's address is the machine's, so a neighbour in its network could send packets
/// to it, and services behind it ask nobody who calls: only who comes from a bridge without any real network card is let in.
/// </summary>
/// <param name="clusters">Networks of pods that may call as well, as somebody said who knows that nobody else is in them.</param>
internal sealed class ContainerNeighbours(World world, IReadOnlyList<IPNetwork> clusters)
{
    /// <summary>Says networks of pods: <c>10.244.0.0/16,fd00::/64</c>.</summary>
    public const string Variable = "FAIRLEAD_NEIGHBOURS";

    private const string Devices = "/sys/class/net";
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);

    // A network may be as new as its first container; strangers cannot have us look all the time.
    private static readonly TimeSpan LookPause = TimeSpan.FromMilliseconds(200);

    private readonly Lock gate = new();
    private IReadOnlyList<IPNetwork> networks = [];
    private DateTimeOffset seenAt = DateTimeOffset.MinValue;

    /// <summary>Reads what <see cref="Variable"/> says.</summary>
    /// <exception cref="ProblemException">A word of it is no network.</exception>
    public static IReadOnlyList<IPNetwork> Said(Func<string, string?> variable) =>
        [
            .. (variable(Variable) ?? "")
                .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(word =>
                    IPNetwork.TryParse(word, out var network)
                        ? network
                        : throw new ProblemException(
                            new Problem(
                                "edge.wrong-neighbours",
                                What: $"{Variable} cannot be '{word}'.",
                                Why: "It takes networks with their lengths, the first address of each.",
                                Fix: $"Write for example: {Variable}=10.244.0.0/16 fairlead up"
                            )
                            {
                                Trouble = Trouble.WrongUse,
                            }
                        )
                ),
        ];

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
        if (clusters.Any(network => network.Contains(plain)))
        {
            return true;
        }
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
