using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Data.Servers;

/// <summary>What all database servers of this machine have in common.</summary>
public static class LocalDatabases
{
    private const int PasswordBytes = 24;

    /// <summary>A port of loopback at which nobody listens now.</summary>
    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    /// <summary>Of letters and digits alone: it stands in an address.</summary>
    public static string NewPassword() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(PasswordBytes));

    /// <summary>Ends all that run in folders below this one, in order, each with all of its data on the disk.</summary>
    public static async Task StopAllAsync(string root, World world, CancellationToken stop)
    {
        foreach (var path in Paths(root))
        {
            foreach (var server in AllDatabaseServers.Entries(root, world))
            {
                await server.StopAsync(new(path, Port: 0, ConnectionsMax: 0, Password: null), stop);
            }
        }
    }

    // app/environment/name; one that was put aside does not run, and is not to be touched.
    private static IEnumerable<string> Paths(string root) =>
        Directory.Exists(root)
            ? Directory
                .GetDirectories(root)
                .SelectMany(Directory.GetDirectories)
                .SelectMany(Directory.GetDirectories)
                .Where(static one => File.Exists(Path.Combine(one, "made")))
                .Select(one => Path.GetRelativePath(root, one))
            : [];
}
