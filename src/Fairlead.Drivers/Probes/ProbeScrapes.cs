using Fairlead.Drivers.Telemetry.Scraping;
using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Probes;

/// <summary>A service's figures as a target's page, so that services are collected like everything else.</summary>
/// <param name="variable">The server's environment, for <c>${NAME}</c> in addresses.</param>
public sealed class ProbeScrapes(IServiceProbe probe, World world, Func<string, string?> variable) : IScrapes
{
    public async Task<MetricPage> ScrapeAsync(ScrapeTarget target, CancellationToken stop)
    {
        var began = world.Clock.GetTimestamp();
        var page = await probe.ProbeAsync(TargetAddress.Complete(target.Url, variable), stop);
        page.Gauge(
            "fairlead_service_probe_seconds",
            "From connecting to the service's last answer.",
            world.Clock.GetElapsedTime(began).TotalSeconds
        );
        return page;
    }
}
