using Fairlead.Drivers.Browsers;
using Fairlead.Drivers.Containers;
using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Monitoring;

/// <summary>Every way of looking. To add one: write its file, add its line here and its scheme in <c>MonitorWays</c>.</summary>
public sealed class AllMonitorProbes : IDisposable
{
    private readonly NameLookups names = new();
    private readonly ContainerEngine engine;

    /// <param name="variable">The server's environment.</param>
    public AllMonitorProbes(Func<string, string?> variable, World world)
    {
        var dialer = new Dialer(names);
        engine = ContainerEngine.OfEnvironment(world);
        Entries =
        [
            new BrowserMonitor(new Chromium(world, variable), dialer, world),
            new DnsMonitor(dialer, SystemNetwork.NameServers, world),
            new DockerMonitor(engine, world),
            new GrpcMonitor(dialer, world),
            new HttpMonitor(dialer, world),
            new IcmpMonitor(dialer, world),
            new ServiceMonitor(dialer, world),
            new SmtpMonitor(dialer, world),
            new TcpMonitor(dialer, world),
            new TlsMonitor(dialer, world),
            new UdpMonitor(dialer, world),
            new WebSocketMonitor(dialer, world),
        ];
    }

    public IReadOnlyList<IMonitorProbe> Entries { get; }

    public void Dispose()
    {
        engine.Dispose();
        names.Dispose();
    }
}
