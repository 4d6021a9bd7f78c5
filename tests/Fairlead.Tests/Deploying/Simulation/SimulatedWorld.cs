using Fairlead.Engine.Deploying;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;
using Fairlead.Model.Telemetry;

namespace Fairlead.Tests.Deploying.Simulation;

/// <summary>How a part behaves.</summary>
public enum Behaviour
{
    Healthy,
    NeverReady,
    FailsAtStart,
    Errors,
    DiesLater,
}

/// <summary>
/// Node, edge and builder that survive the engine, and check at every effect that the promises hold: a request is never sent
/// where nobody is ready, nothing that carries traffic is stopped, parts that may not meet do not.
/// </summary>
public sealed class SimulatedWorld(World world, Random random, Faults faults, int seed)
    : ITarget,
        IRouter,
        IBuilder,
        ICommands
{
    /// <summary>How long one lives that dies later.</summary>
    private static readonly TimeSpan Life = 700.Milliseconds;

    /// <summary>A turn's look and call together take less.</summary>
    private static readonly TimeSpan Unseen = 200.Milliseconds;

    private const double RequestsPerSecond = 100;
    private readonly Dictionary<InstanceKey, Replica> replicas = [];
    private readonly Dictionary<string, DateTimeOffset> builds = [];
    private readonly Dictionary<Part, Flow> flows = [];
    private readonly Dictionary<string, long> parked = [];
    private readonly HashSet<string> commands = [];
    private Routing routing = Routing.None(new Site("shop", "production"));
    private DateTimeOffset reckoned = world.Now;
    private long nodeFence;
    private long edgeFence;

    /// <summary>How a part behaves, whenever it runs. Most first releases are healthy, so that there is something to go back to.</summary>
    public Behaviour BehaviourOf(Part part)
    {
        var chance = new Random(seed * 1009 + part.Since * 31 + part.Service[^1]);
        return part.Since == 1 && chance.Next(8) > 0 ? Behaviour.Healthy : (Behaviour)Math.Max(0, chance.Next(-4, 5));
    }

    public HashSet<string> BrokenArtifacts { get; } = [];

    /// <summary>How long each service that may sleep is to be idle before it does.</summary>
    public Dictionary<string, TimeSpan> Sleepers { get; } = [];

    /// <summary>Whether sleepers are asked for from now on; null while they are asked for now and then.</summary>
    public bool? SleepersAreAsked { get; set; }

    public List<string> Violations { get; } = [];

    /// <summary>Runs of jobs, and how often each was begun.</summary>
    public Dictionary<InstanceKey, int> Begun { get; } = [];

    /// <summary>Runs of jobs that did what they were for.</summary>
    public HashSet<InstanceKey> Done { get; } = [];

    public IReadOnlyDictionary<InstanceKey, Replica> Replicas => replicas;

    public Routing Routing => routing;

    public TargetAbilities Abilities { get; } = new(FixedPortsOverlap: false, ServesStaticFiles: true);

    public sealed record Replica(
        InstanceOrder Order,
        DateTimeOffset Started,
        DateTimeOffset Ready,
        DateTimeOffset? Stops
    )
    {
        public int Port { get; init; }

        public DateTimeOffset StreamsUntil { get; set; }
    }

    private sealed class Flow
    {
        public int Window { get; init; }
        public double Requests { get; set; }
        public double Failed { get; set; }
        public double TotalRequests { get; set; }
        public double TotalFailed { get; set; }
    }

    Task ITarget.TakeChargeAsync(Fence fence, CancellationToken stop) =>
        faults.CallAsync(() => Guard(fence, ref nodeFence), stop);

    Task IRouter.TakeChargeAsync(Fence fence, CancellationToken stop) =>
        faults.CallAsync(() => Guard(fence, ref edgeFence), stop);

    public Task<IReadOnlyList<Instance>> ObserveAsync(Site site, CancellationToken stop) =>
        faults.CallAsync(
            () =>
            {
                Settle();
                return (IReadOnlyList<Instance>)[.. replicas.Select(one => View(one.Key, one.Value))];
            },
            stop
        );

    public Task EnsureAsync(InstanceOrder order, Fence fence, CancellationToken stop) =>
        faults.CallAsync(
            () =>
            {
                Guard(fence, ref nodeFence);
                Settle();
                if (!replicas.ContainsKey(order.Key))
                {
                    Start(order);
                }
                return 0;
            },
            stop
        );

    public Task StopAsync(InstanceKey key, Fence fence, CancellationToken stop) =>
        faults.CallAsync(
            () =>
            {
                Guard(fence, ref nodeFence);
                Settle();
                if (replicas.TryGetValue(key, out var replica) && replica.Stops is null)
                {
                    CheckStop(key, replica);
                    replicas[key] = replica with { Stops = world.Now + TimeSpan.FromMilliseconds(random.Next(0, 800)) };
                }
                return 0;
            },
            stop
        );

    Task<RouterView> IRouter.ObserveAsync(Site site, CancellationToken stop) =>
        faults.CallAsync(
            () =>
            {
                Settle();
                return new RouterView(
                    "epoch",
                    routing,
                    replicas
                        .Where(one => InFlight(one.Key, one.Value) > 0)
                        .ToDictionary(one => one.Key.ToString(), one => InFlight(one.Key, one.Value)),
                    [
                        .. flows
                            .Where(one => routing.Find(one.Key.Service)?.Find(one.Key) is not null)
                            .Select(one => Traffic(one.Key, one.Value)),
                    ],
                    Counts(flows.Values.Sum(one => one.TotalRequests), flows.Values.Sum(one => one.TotalFailed))
                )
                {
                    Parked = parked.ToDictionary(
                        one => one.Key,
                        one => new Parked(IsWaiting(routing.Find(one.Key)) ? 1 : 0, one.Value)
                    ),
                };
            },
            stop
        );

    public Task ApplyAsync(Routing next, Fence fence, CancellationToken stop) =>
        faults.CallAsync(
            () =>
            {
                Guard(fence, ref edgeFence);
                Settle();
                CheckApply(next);
                foreach (var backend in next.Services.SelectMany(service => service.Backends))
                {
                    var before = routing.Find(backend.Part.Service)?.Find(backend.Part)?.Share;
                    if (before != backend.Share)
                    {
                        flows[backend.Part] = new Flow
                        {
                            Window = (flows.GetValueOrDefault(backend.Part)?.Window ?? 0) + 1,
                            TotalRequests = flows.GetValueOrDefault(backend.Part)?.TotalRequests ?? 0,
                            TotalFailed = flows.GetValueOrDefault(backend.Part)?.TotalFailed ?? 0,
                        };
                    }
                }
                foreach (var left in replicas.Where(one => Routes.Has(routing, one.Key) && !Routes.Has(next, one.Key)))
                {
                    left.Value.StreamsUntil = world.Now + TimeSpan.FromMilliseconds(random.Next(0, 3000));
                }
                routing = next;
                return 0;
            },
            stop
        );

    public async Task<WakeCall> ListenAsync(long after, CancellationToken stop)
    {
        await Task.Delay(2.Seconds, world.Clock, stop);
        return await faults.CallAsync(
            () => new WakeCall(after + 1, routing.Services.Any(IsWaiting) ? [routing.Site] : []),
            stop
        );
    }

    public Task CutAsync(Site site, IReadOnlyList<InstanceKey> instances, Fence fence, CancellationToken stop) =>
        faults.CallAsync(
            () =>
            {
                Guard(fence, ref edgeFence);
                foreach (var key in instances.Where(replicas.ContainsKey))
                {
                    replicas[key].StreamsUntil = world.Now;
                }
                return 0;
            },
            stop
        );

    public Task<string> DigestAsync(BuildOrder order, CancellationToken stop) => Task.FromResult(order.Service.Name);

    public Task StartAsync(BuildOrder order, string artifact, CancellationToken stop) =>
        faults.CallAsync(
            () =>
            {
                builds.TryAdd(artifact, world.Now + TimeSpan.FromMilliseconds(random.Next(0, 1500)));
                return 0;
            },
            stop
        );

    public Task<BuildView> ObserveAsync(string artifact, CancellationToken stop) =>
        faults.CallAsync(
            () =>
                !builds.TryGetValue(artifact, out var done) ? new BuildView(BuildState.Missing)
                : done > world.Now ? new BuildView(BuildState.Running)
                : BrokenArtifacts.Contains(artifact) ? new BuildView(BuildState.Failed)
                : new BuildView(BuildState.Done),
            stop
        );

    public Task CancelAsync(string artifact, CancellationToken stop) => Task.CompletedTask;

    public Task StartAsync(CommandOrder order, CancellationToken stop)
    {
        if (Cloud is { } cloud && !cloud.IsTaken(order.Key.Split('/')[0]))
        {
            Violate($"{order.Key} began, and there was no snapshot");
        }
        commands.Add(order.Key);
        return Task.CompletedTask;
    }

    Task<CommandView?> ICommands.ObserveAsync(string key, CancellationToken stop) =>
        Task.FromResult<CommandView?>(Cloud is null || commands.Contains(key) ? new(0, null, []) : null);

    /// <summary>What takes snapshots before commands change databases; null where there are no databases.</summary>
    public SimulatedCloud? Cloud { get; init; }

    private void Start(InstanceOrder order)
    {
        var key = order.Key;
        if (order.Service.Job is not null)
        {
            Begun[key] = Begun.GetValueOrDefault(key) + 1;
            if (Begun[key] > 1)
            {
                Violate($"the run {key} was begun again");
            }
            // Until when it runs.
            var ends =
                world.Now + TimeSpan.FromMilliseconds(random.Next(5) == 0 ? random.Next(90_000) : random.Next(3_000));
            replicas[key] = new Replica(order, world.Now, ends, null);
            return;
        }
        if (
            order.Service.IsExclusive
            && replicas.Keys.Any(one => one.Part.Service == key.Part.Service && one.Part != key.Part)
        )
        {
            Violate($"{key} was started while another part of an exclusive service runs");
        }
        var ready = BehaviourOf(key.Part) switch
        {
            Behaviour.NeverReady => DateTimeOffset.MaxValue,
            _ => world.Now + TimeSpan.FromMilliseconds(random.Next(50, 1200)),
        };
        replicas[key] = new Replica(order, world.Now, ready, null) { Port = random.Next(20000, 29999) };
    }

    private void CheckStop(InstanceKey key, Replica replica)
    {
        if (Routes.Has(routing, key))
        {
            Violate($"{key} was stopped while it had a share of traffic");
        }
        if (InFlight(key, replica) > 0)
        {
            Violate($"{key} was stopped with requests in flight");
        }
    }

    private void CheckApply(Routing next)
    {
        foreach (var service in next.Services)
        {
            var sum = service.Backends.Sum(backend => backend.Share.Percent);
            if (service.IsHeld || service.IsAsleep ? service.Backends.Count > 0 : sum != 100)
            {
                Violate($"{service.Service} has shares that sum to {sum}");
            }
            if (service.Next is { } tried && service.Find(tried) is not { Destinations.Count: > 0 })
            {
                Violate($"testers are sent to {tried}, which nobody answers for");
            }
            if (service.IsAsleep && !Sleepers.ContainsKey(service.Service))
            {
                Violate($"{service.Service} was put to sleep and must not sleep");
            }
            foreach (var backend in service.Backends)
            {
                CheckCapacity(service, backend);
            }
        }
    }

    // A share that grows must be carried by ready replicas; one that stays may have lost some to a crash.
    private void CheckCapacity(ServiceRouting service, Backend backend)
    {
        var before = routing.Find(service.Service)?.Find(backend.Part)?.Share ?? Share.None;
        var ready = backend.Destinations.Count(one =>
            replicas.TryGetValue(one.Instance, out var replica) && WasReady(one.Instance, replica)
        );
        // Who slept and cannot be woken has its share all the same, so that its mend can be tried.
        var isLost =
            routing.Find(service.Service) is { IsAsleep: true }
            && backend.Destinations.All(one =>
                replicas.TryGetValue(one.Instance, out var replica)
                && StateOf(one.Instance, replica) is InstanceState.Down or InstanceState.Failed
            );
        if (backend.Share > before && ready == 0 && !isLost && AnyReady(service.Service))
        {
            Violate($"{backend.Part} was given {backend.Share} with no replica ready");
        }
    }

    // Nobody can know of a death that came between the look and the call.
    private bool WasReady(InstanceKey key, Replica replica) =>
        StateOf(key, replica) == InstanceState.Ready
        || (
            StateOf(key, replica) == InstanceState.Down
            && BehaviourOf(key.Part) == Behaviour.DiesLater
            && world.Now - (replica.Ready + Life) < Unseen
        );

    private bool AnyReady(string service) =>
        replicas.Any(one => one.Key.Part.Service == service && StateOf(one.Key, one.Value) == InstanceState.Ready);

    // Node and edge are two processes: each knows only the fences that came to it.
    private static long Guard(Fence mine, ref long highest) =>
        mine.Number < highest ? throw new FencedException(mine, new Fence(highest)) : highest = mine.Number;

    private void Violate(string what) => Violations.Add($"at {world.Now:mm:ss.fff}: {what}");

    private void Settle()
    {
        var seconds = (world.Now - reckoned).TotalSeconds;
        reckoned = world.Now;
        foreach (var service in routing.Services.Where(IsWaiting))
        {
            parked[service.Service] = parked.GetValueOrDefault(service.Service) + 1;
        }
        foreach (
            var backend in routing.Services.Where(one => IsAsked(one.Service)).SelectMany(service => service.Backends)
        )
        {
            var flow = flows.TryGetValue(backend.Part, out var known) ? known : flows[backend.Part] = new Flow();
            var requests = RequestsPerSecond * seconds * backend.Share.Percent / 100;
            var failed = BehaviourOf(backend.Part) == Behaviour.Errors ? requests * 0.3 : 0;
            flow.Requests += requests;
            flow.Failed += failed;
            flow.TotalRequests += requests;
            flow.TotalFailed += failed;
        }
        foreach (var gone in replicas.Where(one => one.Value.Stops <= world.Now).Select(one => one.Key).ToList())
        {
            replicas.Remove(gone);
        }
    }

    private int InFlight(InstanceKey key, Replica replica) =>
        Routes.Has(routing, key) && IsAsked(key.Part.Service) ? 3
        : replica.StreamsUntil > world.Now ? 1
        : 0;

    private bool IsWaiting(ServiceRouting? service) => service is { IsAsleep: true } && IsAsked(service.Service);

    // Sleepers are asked for in bursts of a few seconds, with pauses in which they fall asleep.
    private bool IsAsked(string service) =>
        !Sleepers.ContainsKey(service)
        || (
            SleepersAreAsked
            ?? new Random((seed * 31) + service[^1] + (int)(world.Now.ToUnixTimeSeconds() / 7)).Next(3) == 0
        );

    private Instance View(InstanceKey key, Replica replica) =>
        replica.Order.Service.Job is not null
            ? ViewOfRun(key, replica)
            : new()
            {
                Key = key,
                State = StateOf(key, replica),
                Endpoint = new Uri($"http://127.0.0.1:{replica.Port}"),
            };

    // One in eight fails.
    private Instance ViewOfRun(InstanceKey key, Replica replica)
    {
        var isOver = replica.Ready <= (replica.Stops ?? world.Now);
        var fails = new Random(seed + key.Slot * 7 + key.Part.Service.Length).Next(8) == 0;
        if (isOver && !fails)
        {
            Done.Add(key);
        }
        var problem = fails ? new Problem("job.failed", "It failed.", "Exit code 3.", "Mend it.") : null;
        return new()
        {
            Key = key,
            State =
                replica.Stops is not null ? InstanceState.Stopping
                : isOver ? InstanceState.Ended
                : InstanceState.Ready,
            Run = new(1, isOver ? new(fails ? 3 : 0, problem, replica.Ready, []) : null),
        };
    }

    private InstanceState StateOf(InstanceKey key, Replica replica) =>
        replica.Stops is not null ? InstanceState.Stopping
        : GivesUp(key, replica) ? InstanceState.Failed
        : replica.Ready > world.Now ? InstanceState.Starting
        : BehaviourOf(key.Part) switch
        {
            Behaviour.FailsAtStart => InstanceState.Failed,
            Behaviour.DiesLater when replica.Ready + Life < world.Now => InstanceState.Down,
            _ => InstanceState.Ready,
        };

    // A node that sees the start grace pass says so; every other one hangs, and only the step's deadline helps.
    private bool GivesUp(InstanceKey key, Replica replica) =>
        replica.Ready == DateTimeOffset.MaxValue
        && key.Part.Since % 2 == 0
        && world.Now - replica.Started > replica.Order.Service.Health.StartGrace;

    private static PartTraffic Traffic(Part part, Flow flow) =>
        new(
            part,
            Counts(flow.Requests, flow.Failed),
            [],
            new LatencyHistogram([0, (long)flow.Requests]),
            Counts(flow.TotalRequests, flow.TotalFailed)
        )
        {
            Incidents = (long)flow.Failed,
            Window = flow.Window,
        };

    private static TrafficCounts Counts(double requests, double failed) => new((long)requests, (long)failed, 0, 0, 0);
}

/// <summary>Test times.</summary>
public static class TestUnits
{
    extension(int number)
    {
        public TimeSpan Milliseconds => TimeSpan.FromMilliseconds(number);
    }
}
