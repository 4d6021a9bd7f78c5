using System.Collections.Concurrent;
using System.Globalization;
using Fairlead.Engine.Watching;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;
using Fairlead.Model.Telemetry;
using Microsoft.Extensions.Logging;

namespace Fairlead.Engine.Deploying.Scaling;

/// <summary>What loads are measured with.</summary>
/// <param name="Node">Tells what replicas use.</param>
/// <param name="Queues">Tell what waits in them.</param>
/// <param name="AddressOf">The value of a variable or secret of a service; null when it has none.</param>
public sealed record ScalePorts(
    IScrapes Node,
    IQueueLengths Queues,
    Func<Site, Service, string, CancellationToken, Task<string?>> AddressOf
);

/// <summary>
/// Measures what services do whose number of replicas follows their load, and asks their sites' loops for more or fewer. It only asks: who
/// starts and stops is the loop, which alone knows what is under way.
/// </summary>
public sealed class ScaleKeeper(Conductor conductor, ScalePorts ports, ILogger log) : IBackgroundWork
{
    private static readonly TimeSpan LookEvery = 2.Seconds;
    private static readonly TimeSpan Patience = 2.Seconds;
    private static readonly TimeSpan QueueEvery = 5.Seconds;

    // Who does not answer shall not keep the others waiting all the time.
    private static readonly TimeSpan QueueAgain = 20.Seconds;

    private readonly Dictionary<(Site Site, string Service), Watch> watches = [];
    private readonly ConcurrentDictionary<(Site Site, string Service), string> latest = [];

    public string Name => "scaling";

    private World World => conductor.Ports.World;

    /// <summary>Why a service has as many replicas as it has, by the latest look; null before the first.</summary>
    public string? ReasonOf(Site site, string service) => latest.GetValueOrDefault((site, service));

    public async Task RunAsync(CancellationToken stop)
    {
        while (true)
        {
            await LookAsync(stop);
            await Task.Delay(LookEvery, World.Clock, stop);
        }
    }

    /// <summary>One look at all of them.</summary>
    public async Task LookAsync(CancellationToken stop)
    {
        var all = conductor.Looks().SelectMany(ScaledOf).ToList();
        foreach (
            var gone in watches.Keys.Except(all.Select(one => (one.Seen.Record.Site, one.Live.Part.Service))).ToList()
        )
        {
            watches.Remove(gone);
            latest.TryRemove(gone, out _);
        }
        var isOfUse = all.Any(one => one.Live.Service.Scale is not { Cpu: null, Memory: null });
        var used = isOfUse ? await UsedAsync(stop) : null;
        foreach (var (seen, live) in all)
        {
            await LookAsync(seen, live, used, stop);
        }
    }

    private static IEnumerable<(Snapshot Seen, ReleasedService Live)> ScaledOf(Snapshot seen) =>
        (seen.Live?.Services ?? []).Where(IsOurs).Select(live => (seen, live));

    // A cluster follows what it can by itself.
    private static bool IsOurs(ReleasedService live) =>
        live.Service is { Scale: { } scale, Container: var container }
        && (container?.Cluster is null || !scale.IsOfResources);

    private async Task LookAsync(
        Snapshot seen,
        ReleasedService live,
        IReadOnlyDictionary<InstanceKey, ReplicaUsed>? used,
        CancellationToken stop
    )
    {
        var (site, service) = (seen.Record.Site, live.Service);
        var key = (site, service.Name);
        if (!watches.TryGetValue(key, out var watch) || watch.Part != live.Part || watch.Rules != service.Scale)
        {
            watches[key] = watch = new(live.Part, service.Scale!); // IsOurs has seen that it is there.
        }
        watch.Meter.Look(seen, live.Part);
        watch.Meter.Look(used, World.Now);
        await WaitingAsync(watch, site, service, stop);
        var advice = Decide(watch, seen, service);
        watch.Track = advice.Track;
        if (!Counts.MayChange(seen.Deployment?.Phase))
        {
            latest[key] = $"as many as when the deployment began; {advice.Reason}";
            return;
        }
        latest[key] = advice.Reason;
        if (advice.Replicas != service.Replicas)
        {
            await AskAsync(site, new(service.Name, service.Replicas, advice.Replicas, advice.Reason), stop);
        }
    }

    private Advice Decide(Watch watch, Snapshot seen, Service service)
    {
        var now = World.Now;
        var known = seen.Record.Scaled?.FirstOrDefault(one => one.Service == service.Name);
        var isAsleep = seen.Seen.Router.Routing.Find(service.Name) is { IsAsleep: true };
        var ready = seen
            .Seen.Instances.Where(one =>
                one.Key.Part == watch.Part && one.Key.Slot < service.Replicas && one.State is InstanceState.Ready
            )
            .Select(one => one.Key)
            .ToList();
        return Scaler.Next(
            watch.Rules,
            new(service.Replicas, known?.Replicas > known?.Before ? known?.At : null, watch.Track),
            isAsleep ? LoadMeter.Asleep : watch.Meter.Read(service, ready, watch.Waiting, now),
            now
        );
    }

    // One request for each service, whatever is waiting: the newest need replaces what was not heard yet.
    private async Task AskAsync(Site site, ScaleOrder order, CancellationToken stop)
    {
        var request = new Request
        {
            Id = $"scale-{order.Service}",
            Site = site,
            Kind = RequestKind.Scale,
            Scale = order,
        };
        var change = new Change(conductor.Fence)
        {
            Writes = [new Write(Records.Requests, request.Key, Records.Body(request))],
        };
        try
        {
            await conductor.Ports.Store.CommitAsync(change, stop);
        }
        catch (ProblemException caught)
        {
            Log.NotScaled(log, site, order.Service, caught.Problem.Code, caught.Problem.What);
            return; // The next look asks again.
        }
        conductor.Wake(site);
    }

    private async Task<IReadOnlyDictionary<InstanceKey, ReplicaUsed>?> UsedAsync(CancellationToken stop)
    {
        try
        {
            return ReplicaUses.Of(await PatientlyAsync(token => ports.Node.ScrapeAsync(OwnTargets.Node, token), stop));
        }
        catch (ProblemException)
        {
            return null; // What is not known takes nobody away; it is said with the advice.
        }
    }

    private async Task WaitingAsync(Watch watch, Site site, Service service, CancellationToken stop)
    {
        if (watch.Rules.Queue is not { } queue || World.Now < watch.AskAgainAt)
        {
            return;
        }
        watch.AskAgainAt = World.Now + QueueEvery;
        try
        {
            var address =
                await ports.AddressOf(site, service, queue.Url, stop)
                ?? throw new ProblemException(ScaleProblems.NoAddress(site, service.Name, queue));
            watch.Waiting = await PatientlyAsync(token => ports.Queues.CountAsync(address, queue, token), stop);
            watch.Trouble = null;
        }
        catch (ProblemException caught)
        {
            watch.Waiting = null;
            watch.AskAgainAt = World.Now + QueueAgain;
            if (watch.Trouble != caught.Problem.Code)
            {
                watch.Trouble = caught.Problem.Code;
                Log.QueueNotCounted(log, site, service.Name, $"{caught.Problem.What} {caught.Problem.Why}");
            }
        }
    }

    private async Task<T> PatientlyAsync<T>(Func<CancellationToken, Task<T>> ask, CancellationToken stop)
    {
        using var patience = new CancellationTokenSource(Patience, World.Clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stop, patience.Token);
        try
        {
            return await ask(both.Token);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            throw new ProblemException(ScaleProblems.TooSlow(Patience));
        }
    }

    /// <summary>What is known of one service's load.</summary>
    private sealed class Watch(Part part, ScaleRules rules)
    {
        public Part Part => part;
        public ScaleRules Rules => rules;
        public LoadMeter Meter { get; } = new(rules);
        public ScaleTrack Track { get; set; } = ScaleTrack.None;
        public double? Waiting { get; set; }
        public DateTimeOffset AskAgainAt { get; set; }
        public string? Trouble { get; set; }
    }
}

/// <summary>Reads what replicas used from the numbers that the node shows of them.</summary>
internal static class ReplicaUses
{
    private const string Cpu = "fairlead_replica_cpu_seconds_total";
    private const string Memory = "fairlead_replica_resident_memory_bytes";

    public static IReadOnlyDictionary<InstanceKey, ReplicaUsed> Of(MetricPage page)
    {
        var all = new Dictionary<InstanceKey, ReplicaUsed>();
        foreach (var sample in page.Samples.Where(one => one.Labels.Name is Cpu or Memory))
        {
            if (KeyOf(sample.Labels) is not { } key)
            {
                continue;
            }
            var known = all.GetValueOrDefault(key) ?? new(0, 0);
            all[key] =
                sample.Labels.Name is Cpu
                    ? known with
                    {
                        CpuSeconds = sample.Value,
                    }
                    : known with
                    {
                        MemoryBytes = sample.Value,
                    };
        }
        return all;
    }

    private static InstanceKey? KeyOf(Labels labels) =>
        Site.TryParse($"{labels[Source.AppLabel]}/{labels[Source.EnvironmentLabel]}") is { } site
        && int.TryParse(labels[Source.ReleaseLabel], NumberStyles.None, CultureInfo.InvariantCulture, out var since)
        && int.TryParse(labels[Source.ReplicaLabel], NumberStyles.None, CultureInfo.InvariantCulture, out var slot)
            ? new(site, new(labels[Source.ServiceLabel], since), slot)
            : null;
}
