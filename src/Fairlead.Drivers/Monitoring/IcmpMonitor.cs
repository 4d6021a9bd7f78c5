using System.Globalization;
using System.Net.Sockets;
using Fairlead.Model.Monitoring;
using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Monitoring;

/// <summary>Pings: <c>icmp://192.168.1.1</c>.</summary>
internal sealed class IcmpMonitor(Dialer dialer, World world) : IMonitorProbe
{
    public IReadOnlyList<string> Ways { get; } = ["icmp"];

    public async Task<MonitorLook> LookAsync(MonitorSpec spec, CancellationToken stop)
    {
        var (notes, url) = (new LookNotes(world, spec), new Uri(spec.Url));
        try
        {
            var addresses = await dialer.AddressesAsync(url.Host, notes, stop);
            var began = world.Clock.GetTimestamp();
            await Pinger.PingAsync(addresses[0], (ulong)world.Random.NextInt64(), stop);
            notes.Over("rtt");
            notes.Phases("probe_icmp_duration_seconds");
            var took = world.Clock.GetElapsedTime(began).TotalMilliseconds;
            return notes.Up(string.Create(CultureInfo.InvariantCulture, $"It answered after {took:0.0} ms."));
        }
        catch (UnreachedException caught)
        {
            return notes.Down(caught.Message);
        }
        catch (SocketException caught)
            when (caught.SocketErrorCode is SocketError.AccessDenied or SocketError.ProtocolNotSupported)
        {
            return MonitorLook.Unable(
                "This machine lets Fairlead send no pings: allow it by sysctl net.ipv4.ping_group_range='0 2147483647', or look at a port, tcp://HOST:PORT."
            );
        }
        catch (SocketException caught)
        {
            return notes.Down($"{url.Host} cannot be reached: {caught.Message}.");
        }
    }
}
