using System.Buffers.Binary;
using System.Globalization;
using System.Net;

namespace Fairlead.Drivers.Shell;

/// <summary>A TCP socket that waits for connections on this machine.</summary>
/// <param name="Inode">The socket's number, by which its process is found.</param>
public sealed record Listener(IPAddress Address, int Port, long Inode)
{
    private const string Listening = "0A";
    private const string Established = "01";
    private static readonly string[] Tables = ["/proc/net/tcp", "/proc/net/tcp6"];

    /// <summary>Whether a connection to 127.0.0.1 reaches it; one on :: takes IPv4 too, unless told not to.</summary>
    public bool IsOnLoopback =>
        Address.Equals(IPAddress.Any) || Address.Equals(IPAddress.IPv6Any) || Address.Equals(IPAddress.Loopback);

    /// <summary>Whether connections by any of the machine's addresses reach it.</summary>
    public bool IsOnAll => Address.Equals(IPAddress.Any) || Address.Equals(IPAddress.IPv6Any);

    /// <summary>What listens where a process sees the network; empty where we may not look.</summary>
    public static IReadOnlyList<Listener> InNamespaceOf(int pid)
    {
        try
        {
            string[] tables = [$"/proc/{pid}/net/tcp", $"/proc/{pid}/net/tcp6"];
            return pid > 0 ? [.. tables.Where(File.Exists).SelectMany(file => Parse(File.ReadLines(file)))] : [];
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>All there are.</summary>
    public static IReadOnlyList<Listener> All() =>
        [.. Tables.Where(File.Exists).SelectMany(file => Parse(File.ReadLines(file)))];

    /// <summary>The process that listens on a port; null when nobody does, or it is another user's and we may not know.</summary>
    public static ProcessStat? HolderOf(int port)
    {
        var inodes = All().Where(one => one.Port == port).Select(one => one.Inode).ToHashSet();
        return inodes.Count == 0
            ? null
            : Proc.All().FirstOrDefault(process => Proc.SocketInodes(process.Pid).Any(inodes.Contains));
    }

    /// <summary>What some processes listen on, by port.</summary>
    public static IReadOnlyList<Listener> Of(IEnumerable<int> pids)
    {
        var inodes = pids.SelectMany(Proc.SocketInodes).ToHashSet();
        return [.. All().Where(one => inodes.Contains(one.Inode)).OrderBy(one => one.Port)];
    }

    /// <summary>Reads <c>/proc/net/tcp</c> and <c>tcp6</c>; lines that are no listeners, or not understood, are left out.</summary>
    /// <remarks>
    /// <code>
    ///   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
    ///    0: 0100007F:4E31 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 31337 1 0000
    /// </code>
    /// </remarks>
    internal static IEnumerable<Listener> Parse(IEnumerable<string> lines) =>
        Sockets(lines, Listening).Select(one => new Listener(one.Local.Address, one.Local.Port, one.Inode));

    /// <summary>Sockets that are connected, on this machine.</summary>
    public static IReadOnlyList<(IPEndPoint Local, IPEndPoint Remote, long Inode)> Connected() =>
        [.. Tables.Where(File.Exists).SelectMany(file => Sockets(File.ReadLines(file), Established))];

    private static IEnumerable<(IPEndPoint Local, IPEndPoint Remote, long Inode)> Sockets(
        IEnumerable<string> lines,
        string state
    )
    {
        foreach (var line in lines)
        {
            if (
                line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                    is [_, var local, var remote, var its, _, _, _, _, _, var inode, ..]
                && its == state
                && TryEnd(local) is { } here
                && TryEnd(remote) is { } there
                && long.TryParse(inode, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            )
            {
                yield return (here, there, id);
            }
        }
    }

    private static IPEndPoint? TryEnd(string text) =>
        text.Split(':') is [var address, var port]
        && TryAddress(address) is { } ip
        && int.TryParse(port, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var number)
        && number <= IPEndPoint.MaxPort
            ? new(ip, number)
            : null;

    public override string ToString() => new IPEndPoint(Address, Port).ToString();

    // Words of 32 bits, each printed as the machine's own number: on the little-endian machines we run on, reversed.
    private static IPAddress? TryAddress(string hex)
    {
        if (hex.Length is not (8 or 32) || !hex.All(char.IsAsciiHexDigit))
        {
            return null;
        }
        var bytes = Convert.FromHexString(hex);
        for (var word = 0; BitConverter.IsLittleEndian && word < bytes.Length; word += 4)
        {
            var span = bytes.AsSpan(word, 4);
            BinaryPrimitives.WriteUInt32BigEndian(span, BinaryPrimitives.ReadUInt32LittleEndian(span));
        }
        return new IPAddress(bytes);
    }
}
