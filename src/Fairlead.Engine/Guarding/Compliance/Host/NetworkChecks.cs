using System.Globalization;
using System.Net;

namespace Fairlead.Engine.Guarding.Compliance.Host;

/// <summary>What others reach on the machine.</summary>
internal static class NetworkChecks
{
    private const string Listens = "0A";

    // SSH and the web: the doors of a machine that is a server.
    private static readonly int[] Doors = [22, 80, 443];

    public static Measured Redirects(HostLook look) =>
        look.All(
            look.Kernel(
                "net.ipv4.conf.all.accept_redirects",
                ["0"],
                "a neighbour may turn the machine's traffic to itself."
            ),
            look.Kernel("net.ipv4.conf.all.accept_source_route", ["0"], "a sender may choose the way around filters.")
        );

    public static Measured SynCookies(HostLook look) =>
        look.Kernel("net.ipv4.tcp_syncookies", ["1", "2"], "a flood of half-open connections keeps others out.");

    public static Measured Listening(HostLook look)
    {
        var (four, six) = (look.Sights.ReadText("/proc/net/tcp"), look.Sights.ReadText("/proc/net/tcp6"));
        if (four is null && six is null)
        {
            return new Measured.Unknown("Nothing says what listens.", "ss -tln");
        }
        int[] open =
        [
            .. Ports(four)
                .Concat(Ports(six))
                .Where(port => !Doors.Contains(port) && !look.OwnPorts.Contains(port))
                .Distinct()
                .Order(),
        ];
        return open.Length == 0
            ? look.Holds("Beyond this machine, only SSH, the web and Fairlead's own doors listen.")
            : look.Fails(
                $"Programs listen for others on {DeploymentEvidence.Named([.. open.Select(static port => port.ToString(CultureInfo.InvariantCulture))])}.",
                $"See which: ss -tlnp; bind them to 127.0.0.1 or let the firewall keep others out: nft list ruleset"
            );
    }

    // That one is set up, not that its rules are good: those are root's to read.
    public static Measured Firewall(HostLook look) =>
        look.Sights.ReadText("/etc/ufw/ufw.conf")?.Contains("ENABLED=yes", StringComparison.OrdinalIgnoreCase) ?? false
            ? look.Holds("ufw is on.")
        : look.Sights.Exists("/run/firewalld") ? look.Holds("firewalld runs.")
        : HasFilter(look.Sights.ReadText("/etc/nftables.conf"))
            ? look.Holds("/etc/nftables.conf filters what comes in.")
        : look.Sights.Exists("/etc/iptables/rules.v4") ? look.Holds("/etc/iptables/rules.v4 has rules.")
        : new Measured.Unknown(
            "No firewall is set up on the machine that can be seen; one before it may be.",
            "Let in what is meant alone: ufw default deny incoming; ufw allow 22,80,443/tcp; ufw enable"
        );

    private static bool HasFilter(string? rules) =>
        rules is not null
        && rules
            .Split('\n')
            .Any(static line =>
                line.Contains("hook input", StringComparison.Ordinal) && !line.TrimStart().StartsWith('#')
            )
        && (
            rules.Contains("policy drop", StringComparison.Ordinal)
            || rules.Contains("drop", StringComparison.Ordinal)
            || rules.Contains("reject", StringComparison.Ordinal)
        );

    // Rows such as "  0: 0100007F:1F90 00000000:0000 0A ..."; addresses are words of the machine's own order.
    private static IEnumerable<int> Ports(string? table)
    {
        foreach (var line in (table ?? "").Split('\n').Skip(1))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (
                words.Length > 3
                && words[3] == Listens
                && words[1].Split(':') is [var address, var port]
                && int.TryParse(port, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var number)
                && !IsLoopback(address)
            )
            {
                yield return number;
            }
        }
    }

    private static bool IsLoopback(string hex)
    {
        if (hex.Length is not (8 or 32) || !hex.All(char.IsAsciiHexDigit))
        {
            return false;
        }
        var bytes = Convert.FromHexString(hex);
        for (var word = 0; word < bytes.Length; word += 4)
        {
            bytes.AsSpan(word, 4).Reverse();
        }
        var address = new IPAddress(bytes);
        return IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
    }
}
