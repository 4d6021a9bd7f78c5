using System.Collections.Frozen;
using Fairlead.Engine.Deploying;
using Fairlead.Model.Monitoring;
using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;
using Microsoft.Extensions.Logging;

namespace Fairlead.Engine.Responding.Monitors;

/// <summary>What a desk works with.</summary>
/// <param name="Reference">Whom it asks whether Fairlead itself reaches the network.</param>
/// <param name="PingIdOf">The part of the address at which a monitor's sign of life is given, by its key; nobody can guess it.</param>
public sealed record MonitorPorts(
    MonitorSearch Search,
    MonitorRecords Records,
    Looker Looker,
    IMetricStore Metrics,
    INetworkReference Reference,
    Func<string, string> PingIdOf
);

/// <summary>
/// Looks at every monitor in its time. One loop owns all of their state; looks go on beside it and come back by a queue, so none waits
/// for another.
/// </summary>
public sealed class MonitorDesk(MonitorPorts ports, World world, ILogger<MonitorDesk> log) : IBackgroundWork
{
    /// <summary>Looks at the same time; those that wait for an answer cost next to nothing.</summary>
    private const int LooksMax = 500;

    /// <summary>A browser costs a core and hundreds of megabytes.</summary>
    private const int BrowsersMax = 1;

    private static readonly TimeSpan TickEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SearchEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SayEvery = TimeSpan.FromSeconds(30);

    private readonly Bell bell = new(world.Clock);
    private volatile MonitorWatch? watch;
    private volatile bool isRung;

    public string Name => "monitors";

    /// <summary>Every monitor as it is now, by key; empty until this server watches.</summary>
    public IReadOnlyDictionary<string, MonitorSight> Sights =>
        watch?.Sights ?? FrozenDictionary<string, MonitorSight>.Empty;

    /// <summary>Looks for changed monitors at once.</summary>
    public void Ring()
    {
        isRung = true;
        bell.Ring();
    }

    /// <summary>Looks once, whatever is planned; nothing is kept of it.</summary>
    public Task<MonitorLook> TryAsync(MonitorDefinition monitor, CancellationToken stop) =>
        ports.Looker.LookAsync(monitor, stop);

    /// <summary>Takes a sign of life.</summary>
    /// <returns>Whether there is a monitor of that id.</returns>
    public bool Tell(string pingId, bool isWell)
    {
        if (watch?.OfPing(pingId) is not { } monitor)
        {
            return false;
        }
        monitor.Tell(new(world.Now, isWell));
        bell.Ring();
        return true;
    }

    /// <summary>Where a monitor's sign of life is given, such as <c>/ping/…</c>; null for one that looks itself.</summary>
    public string? PingPathOf(MonitorDefinition monitor) =>
        monitor.Spec.IsPush ? $"/ping/{ports.PingIdOf(monitor.Key)}" : null;

    /// <summary>Adds what it counts.</summary>
    public void Measure(MetricPage page) => watch?.Measure(page);

    /// <exception cref="FencedException">Another server is in charge.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var mine = new MonitorWatch(ports, (LooksMax, BrowsersMax), world, bell, log);
        await mine.OpenAsync(stop);
        watch = mine;
        var (ticked, searched, said) = (DateTimeOffset.MinValue, DateTimeOffset.MinValue, world.Now);
        try
        {
            while (!stop.IsCancellationRequested)
            {
                var now = world.Now;
                if (isRung || now - searched >= SearchEvery)
                {
                    var rung = isRung;
                    isRung = false;
                    await mine.SearchAsync(rung, stop);
                    searched = now;
                }
                mine.Turn(ending.Token);
                if (now - ticked >= TickEvery)
                {
                    await mine.TickAsync(isTimeToSay: now - said >= SayEvery, ending.Token);
                    said = now - said >= SayEvery ? now : said;
                    ticked = now;
                }
                await bell.SleepAsync(mine.PauseUntil(ticked + TickEvery), stop);
            }
        }
        finally
        {
            // Here and now, as the simulation wants it: CancelAsync would do it on a thread of the pool.
            ending.Cancel();
            await mine.CloseAsync(CancellationToken.None);
        }
    }
}
