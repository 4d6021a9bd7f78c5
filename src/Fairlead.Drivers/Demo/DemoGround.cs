using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Demo;

/// <summary>
/// A node and an edge that are not there: replicas become ready after a moment, and carry simulated traffic by their shares. The engine cannot
/// tell; so what it decides for a demo is what it would decide for apps. Nothing of it outlives the server.
/// </summary>
/// <param name="mannerOf">How what was built as this artifact answers.</param>
public sealed class DemoGround(World world, Func<string, DemoManner> mannerOf) : ITarget, IRouter
{
    private static readonly TimeSpan ListenMax = TimeSpan.FromSeconds(2);

    private readonly Lock gate = new();
    private readonly Dictionary<InstanceKey, Replica> replicas = [];
    private readonly Dictionary<Site, Routing> routings = [];
    private readonly Dictionary<(Site Site, Part Part), DemoFlow> flows = [];
    private readonly string epoch = world.NewId();
    private DateTimeOffset settled = world.Now;
    private int port = 20_000;

    public TargetAbilities Abilities { get; } = new(FixedPortsOverlap: false, ServesStaticFiles: true);

    private sealed record Replica(InstanceOrder Order, DateTimeOffset ReadyAt, int Port)
    {
        public DateTimeOffset? StopsAt { get; init; }
    }

    Task ITarget.TakeChargeAsync(Fence fence, CancellationToken stop) => Task.CompletedTask;

    Task IRouter.TakeChargeAsync(Fence fence, CancellationToken stop) => Task.CompletedTask;

    Task<IReadOnlyList<Instance>> ITarget.ObserveAsync(Site site, CancellationToken stop)
    {
        lock (gate)
        {
            Settle();
            return Task.FromResult<IReadOnlyList<Instance>>([
                .. replicas.Where(one => one.Key.Site == site).Select(one => View(one.Key, one.Value)),
            ]);
        }
    }

    public Task EnsureAsync(InstanceOrder order, Fence fence, CancellationToken stop)
    {
        lock (gate)
        {
            if (!replicas.ContainsKey(order.Key))
            {
                var ready = world.Now + TimeSpan.FromMilliseconds(world.Random.Next(900, 3_500));
                replicas[order.Key] = new(order, ready, ++port);
            }
        }
        return Task.CompletedTask;
    }

    public Task StopAsync(InstanceKey key, Fence fence, CancellationToken stop)
    {
        lock (gate)
        {
            if (replicas.TryGetValue(key, out var replica) && replica.StopsAt is null)
            {
                replicas[key] = replica with { StopsAt = world.Now + TimeSpan.FromMilliseconds(600) };
            }
        }
        return Task.CompletedTask;
    }

    Task<RouterView> IRouter.ObserveAsync(Site site, CancellationToken stop)
    {
        lock (gate)
        {
            Settle();
            var own = flows.Where(one => one.Key.Site == site).Select(static one => one.Value).ToList();
            var total = own.Aggregate(TrafficCounts.Zero, static (sum, one) => sum + one.Total);
            return Task.FromResult(
                new RouterView(
                    epoch,
                    RoutingOf(site),
                    new Dictionary<string, int>(),
                    [
                        .. own.Where(one => RoutingOf(site).Find(one.Part.Service)?.Find(one.Part) is not null)
                            .Select(static one => one.Read()),
                    ],
                    total
                )
            );
        }
    }

    public Task ApplyAsync(Routing routing, Fence fence, CancellationToken stop)
    {
        lock (gate)
        {
            Settle();
            var before = RoutingOf(routing.Site);
            foreach (var backend in routing.Services.SelectMany(static one => one.Backends))
            {
                if (before.Find(backend.Part.Service)?.Find(backend.Part)?.Share != backend.Share)
                {
                    FlowOf(routing.Site, backend.Part).Begin();
                }
            }
            routings[routing.Site] = routing;
        }
        return Task.CompletedTask;
    }

    public async Task<WakeCall> ListenAsync(long after, CancellationToken stop)
    {
        await Task.Delay(ListenMax, world.Clock, stop);
        return new(after, []);
    }

    public Task CutAsync(Site site, IReadOnlyList<InstanceKey> instances, Fence fence, CancellationToken stop) =>
        Task.CompletedTask;

    /// <summary>What an edge would have counted, by part.</summary>
    internal IReadOnlyList<(Site Site, DemoFlow Flow, bool IsRouted)> Flows()
    {
        lock (gate)
        {
            Settle();
            return
            [
                .. flows.Select(one =>
                    (
                        one.Key.Site,
                        one.Value,
                        RoutingOf(one.Key.Site).Find(one.Key.Part.Service)?.Find(one.Key.Part) is not null
                    )
                ),
            ];
        }
    }

    private void Settle()
    {
        var (now, seconds) = (world.Now, (world.Now - settled).TotalSeconds);
        settled = now;
        foreach (var gone in replicas.Where(one => one.Value.StopsAt <= now).Select(static one => one.Key).ToList())
        {
            replicas.Remove(gone);
        }
        foreach (var (site, routing) in routings)
        {
            var rate = DemoLoad.RateOf(site, now);
            foreach (var backend in routing.Services.SelectMany(static one => one.Backends))
            {
                FlowOf(site, backend.Part).Add(rate * Math.Min(seconds, 60) * backend.Share.Percent / 100);
            }
        }
    }

    private DemoFlow FlowOf(Site site, Part part)
    {
        if (!flows.TryGetValue((site, part), out var flow))
        {
            var artifact = replicas
                .FirstOrDefault(one => one.Key.Site == site && one.Key.Part == part)
                .Value?.Order.Artifact;
            var manner = artifact is null ? DemoManner.Well : mannerOf(artifact);
            flows[(site, part)] = flow = new(part, manner, world.Random);
        }
        return flow;
    }

    private Routing RoutingOf(Site site) => routings.GetValueOrDefault(site) ?? Routing.None(site);

    private Instance View(InstanceKey key, Replica replica) =>
        new()
        {
            Key = key,
            State =
                replica.StopsAt is not null ? InstanceState.Stopping
                : replica.ReadyAt > world.Now ? InstanceState.Starting
                : InstanceState.Ready,
            Endpoint = new Uri($"http://127.0.0.1:{replica.Port}"),
            Pid = replica.Port,
        };
}
