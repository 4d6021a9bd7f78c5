using Fairlead.Model.Monitoring;
using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Demo;

/// <summary>Looks at simulated apps, which have no network: they answer, some a little slowly, and seldom one does not for a while.</summary>
/// <param name="real">Whose ways it takes over.</param>
public sealed class DemoProbe(IReadOnlyList<IMonitorProbe> real, World world) : IMonitorProbe
{
    private static readonly long AwayEvery = (long)TimeSpan.FromHours(7).TotalSeconds;
    private static readonly long AwayFor = (long)TimeSpan.FromMinutes(4).TotalSeconds;

    public IReadOnlyList<string> Ways { get; } = [.. real.SelectMany(static one => one.Ways)];

    public async Task<MonitorLook> LookAsync(MonitorSpec spec, CancellationToken stop)
    {
        var took = TimeSpan.FromMilliseconds(world.Random.Next(8, 45));
        await Task.Delay(took, world.Clock, stop);
        var own = spec.Url.Sum(static letter => letter) * 97L;
        return (world.Now.ToUnixTimeSeconds() + own) % AwayEvery < AwayFor
            ? MonitorLook.Down("It answered 502.", new LookNumber("probe_http_status_code", 502)) with
            {
                Took = took,
            }
            : MonitorLook.Up("It answered 200.", new LookNumber("probe_http_status_code", 200)) with
            {
                Took = took,
            };
    }
}
