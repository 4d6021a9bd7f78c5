using System.Globalization;
using Fairlead.Model.Monitoring;
using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Monitoring;

/// <summary>Shakes hands by TLS and looks at the certificates that are shown.</summary>
internal sealed class TlsMonitor(Dialer dialer, World world) : IMonitorProbe
{
    private const int UsualPort = 443;

    public IReadOnlyList<string> Ways { get; } = ["tls"];

    public async Task<MonitorLook> LookAsync(MonitorSpec spec, CancellationToken stop)
    {
        var (notes, url, sight) = (new LookNotes(world, spec), new Uri(spec.Url), new TlsSight(spec.Verify));
        try
        {
            var port = url.Port > 0 ? url.Port : UsualPort;
            await using var tcp = await dialer.TcpAsync(url.Host, port, notes, stop);
            await using var tls = await sight.SecureAsync(tcp, url.Host, notes, stop);
            return sight.TooNear(spec.Expect?.TlsDays, world.Now) is { } fault ? notes.Down(fault)
                : sight.EarliestEnd is { } end
                    ? notes.Up(
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"Its certificate is good until {end.UtcDateTime:yyyy-MM-dd}."
                        )
                    )
                : notes.Up("It speaks TLS.");
        }
        catch (Exception caught) when (caught is UnreachedException or IOException)
        {
            return notes.Down(caught.Message);
        }
    }
}
