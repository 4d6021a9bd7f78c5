using Fairlead.Drivers.Probes;
using Fairlead.Model.Monitoring;
using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Monitoring;

/// <summary>Asks a database or a broker in its own language, by the probes that collect their figures: it is up when it lets us in and answers.</summary>
internal sealed class ServiceMonitor(Dialer dialer, World world) : IMonitorProbe
{
    private static readonly IReadOnlyList<IServiceProbe> Probes = AllProbes.Entries;

    public IReadOnlyList<string> Ways { get; } = [.. Probes.SelectMany(one => one.Schemes)];

    public async Task<MonitorLook> LookAsync(MonitorSpec spec, CancellationToken stop)
    {
        var (notes, url) = (new LookNotes(world, spec), new Uri(spec.Url));
        try
        {
            // The probe looks the name up again; where it leads is judged before.
            _ = await dialer.AddressesAsync(url.Host, notes, stop);
        }
        catch (UnreachedException caught)
        {
            return notes.Down(caught.Message);
        }
        var page = await Probes.First(one => one.Schemes.Contains(url.Scheme)).ProbeAsync(url, stop);
        var about = page.Samples.FirstOrDefault(one => one.Labels?.Name is "fairlead_service_info").Labels;
        return notes.Up(about is null ? "It answered." : $"It is {about["kind"]} {about["version"]}.");
    }
}
