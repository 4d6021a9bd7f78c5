using System.Net;
using System.Security.Cryptography;
using System.Text;
using Fairlead.Drivers.Demo;
using Fairlead.Drivers.Monitoring;
using Fairlead.Engine.Responding.Monitors;
using Fairlead.Faces.Http;
using Fairlead.Roles;
using Fairlead.Roles.Server;
using Fairlead.Roles.Up;

namespace Fairlead;

internal static partial class Compose
{
    /// <summary>The same server, which also looks at what must answer.</summary>
    private static ServerPlatform Monitored(RoleContext context, ServerPlatform platform)
    {
        var (server, world) = (platform.Engine.Server, context.World);
        var variable = (Func<string, string?>)Environment.GetEnvironmentVariable;
        var store = platform.Conductor.Ports.Store;
        var records = new MonitorRecords(store, () => platform.Conductor.Fence);
        var probes = new AllMonitorProbes(variable, world);
        var log = context.Logs.CreateLogger<MonitorDesk>();
        var ports = new MonitorPorts(
            new(
                store,
                records,
                EdgeOf(AddressesOf(context)) with
                {
                    WatchesServices = variable("FAIRLEAD_SERVICE_MONITORS") is not ("off" or "0" or "false"),
                }
            ),
            records,
            new(platform.IsDemo ? [new DemoProbe(probes.Entries, world)] : probes.Entries, variable, world, log)
            {
                IsInsideForAll = variable("FAIRLEAD_MONITORS_INSIDE") is "on" or "1" or "true",
            },
            server.Metrics.Store,
            new NetworkReference(variable, world),
            PingIds(Convert.FromHexString(ApiToken.ReadOrMake(context.State.IntakeSecret)))
        );
        var desk = new MonitorDesk(ports, world, log);
        return platform with
        {
            Engine = platform.Engine with
            {
                Server = server with { Monitors = desk, StatusUpdates = new KeptUpdates(store) },
            },
            Connections = [probes, .. platform.Connections],
            Background = [desk, .. platform.Background],
            Measure = platform.Measure + desk.Measure,
        };
    }

    /// <summary>The id is a proof of the monitor's key, so none is stored, and 128 bits of it can be guessed by nobody.</summary>
    private static Func<string, string> PingIds(byte[] secret) =>
        key =>
            Convert.ToHexStringLower(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes("ping:" + key)).AsSpan(0, 16));

    /// <summary>Where this machine reaches its own edge, wherever that listens.</summary>
    internal static EdgePlace EdgeOf(Addresses addresses) =>
        new(Near(addresses.Public), addresses.Https is { } https ? Near(https) : null);

    private static string Near(string address)
    {
        var place = IPEndPoint.Parse(address);
        return place.Address.Equals(IPAddress.Any) ? new IPEndPoint(IPAddress.Loopback, place.Port).ToString()
            : place.Address.Equals(IPAddress.IPv6Any) ? new IPEndPoint(IPAddress.IPv6Loopback, place.Port).ToString()
            : address;
    }
}
