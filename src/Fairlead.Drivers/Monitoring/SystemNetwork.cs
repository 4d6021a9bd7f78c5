using System.Buffers.Binary;
using System.Globalization;
using System.Net;

namespace Fairlead.Drivers.Monitoring;

/// <summary>What the system says of its own network.</summary>
internal static class SystemNetwork
{
    private const int DnsPort = 53;

    /// <summary>The name servers of /etc/resolv.conf; none where it cannot be read.</summary>
    public static IReadOnlyList<IPEndPoint> NameServers() => NameServersIn(Lines("/etc/resolv.conf"));

    /// <summary>The machine's default gateways, of IPv4; none where there are none.</summary>
    public static IReadOnlyList<IPAddress> Gateways() => GatewaysIn(Lines("/proc/net/route"));

    // nameserver 127.0.0.53
    internal static IReadOnlyList<IPEndPoint> NameServersIn(IEnumerable<string> lines) =>
        [
            .. lines
                .Select(line => line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
                .Where(words => words is ["nameserver", _, ..])
                .Select(words =>
                    IPAddress.TryParse(words[1], out var address) ? new IPEndPoint(address, DnsPort) : null
                )
                .OfType<IPEndPoint>(),
        ];

    // Iface  Destination  Gateway   Flags ...
    // eth0   00000000     0102A8C0  0003  ...    (bytes of the address from behind)
    internal static IReadOnlyList<IPAddress> GatewaysIn(IEnumerable<string> lines) =>
        [
            .. lines
                .Skip(1)
                .Select(line =>
                    line.Split('\t', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                )
                .Where(words => words is [_, "00000000", not "00000000", ..])
                .Select(words =>
                    uint.TryParse(
                        words[2],
                        NumberStyles.AllowHexSpecifier,
                        CultureInfo.InvariantCulture,
                        out var number
                    )
                        ? number
                        : 0
                )
                .Where(number => number != 0)
                .Select(AddressOf)
                .Distinct(),
        ];

    private static IPAddress AddressOf(uint number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, number);
        return new(bytes);
    }

    private static string[] Lines(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (IOException)
        {
            return [];
        }
        catch (UnauthorizedAccessException)
        {
            return [];
        }
    }
}
