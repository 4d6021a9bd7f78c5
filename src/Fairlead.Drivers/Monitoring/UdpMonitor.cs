using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Fairlead.Model.Monitoring;
using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Monitoring;

/// <summary>Sends a datagram and waits for one that comes back: without an answer nobody can tell who is there.</summary>
internal sealed class UdpMonitor(Dialer dialer, World world) : IMonitorProbe
{
    private const int DatagramBytesMax = 65_536;

    public IReadOnlyList<string> Ways { get; } = ["udp"];

    public async Task<MonitorLook> LookAsync(MonitorSpec spec, CancellationToken stop)
    {
        var (notes, url) = (new LookNotes(world, spec), new Uri(spec.Url));
        try
        {
            var addresses = await dialer.AddressesAsync(url.Host, notes, stop);
            using var socket = new Socket(addresses[0].AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            // Connected, so that a closed port is told, and strangers are not heard.
            await socket.ConnectAsync(new IPEndPoint(addresses[0], url.Port), stop);
            await socket.SendAsync(Encoding.UTF8.GetBytes(spec.Request?.Send ?? ""), stop);
            var buffer = new byte[DatagramBytesMax];
            var count = await socket.ReceiveAsync(buffer, stop);
            return HttpJudge.TextFault(spec.Expect ?? new(), Encoding.UTF8.GetString(buffer, 0, count)) is { } fault
                ? notes.Down(fault)
                : notes.Up(string.Create(CultureInfo.InvariantCulture, $"It answered {count} bytes."));
        }
        catch (UnreachedException caught)
        {
            return notes.Down(caught.Message);
        }
        catch (SocketException caught)
        {
            return notes.Down(
                string.Create(CultureInfo.InvariantCulture, $"{url.Host}:{url.Port} does not answer: {caught.Message}.")
            );
        }
    }
}
