using Fairlead.Drivers.Shell;
using Fairlead.Drivers.State;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;
using Fairlead.Model.Security;
using Microsoft.Extensions.Logging;

namespace Fairlead.Drivers.Nodes;

/// <summary>
/// Runs replicas as processes that outlive it: orders are durable before anything starts, and a node opened on the same
/// state finds what runs, starts what is missing and stops what nobody ordered.
/// </summary>
public sealed class Node : ITarget, ISecretShelf, ILogs, IDisposable
{
    private static readonly TimeSpan UpkeepPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RestLook = TimeSpan.FromMilliseconds(20);

    private readonly Lock gate = new();
    private readonly Dictionary<InstanceKey, Replica> replicas = [];
    private readonly HashSet<Task> work = [];
    private readonly CancellationTokenSource closing = new();
    private readonly TaskCompletionSource broken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly LockFile lease;
    private readonly Ground ground;
    private readonly Orphans orphans;
    private NodeNote note;
    private bool isResting;

    private Node(LockFile lease, StateFolder state, World world, ILogger log)
    {
        this.lease = lease;
        note = NodeNote.Read(state, world);
        ground = new Ground(state, world, note.Id, log);
        orphans = new Orphans(ground);
    }

    /// <summary>Takes charge of the replicas of a state directory.</summary>
    /// <exception cref="ProblemException">Another node runs there, or the directory cannot be written.</exception>
    public static Node Open(StateFolder state, World world, ILogger log)
    {
        var path = Path.Combine(state.Run, "node.lock");
        var taken =
            LockFile.TryTake(path, out var holder)
            ?? throw new ProblemException(NodeProblems.AlreadyRuns(state.Root, holder));
        try
        {
            var node = new Node(taken, state, world, log);
            node.TakeUp();
            return node;
        }
        catch (Exception)
        {
            taken.Dispose();
            throw;
        }
    }

    /// <summary>Ends with the error that made the supervision of a replica impossible: the role should then be started anew.</summary>
    public Task Broken => broken.Task;

    public TargetAbilities Abilities { get; } = new(FixedPortsOverlap: false, ServesStaticFiles: true);

    public Task TakeChargeAsync(Fence fence, CancellationToken stop)
    {
        lock (gate)
        {
            note = note.Admit(fence, ground.State);
            return Task.CompletedTask;
        }
    }

    public Task<IReadOnlyList<Instance>> ObserveAsync(Site site, CancellationToken stop)
    {
        lock (gate)
        {
            return Task.FromResult<IReadOnlyList<Instance>>([
                .. replicas
                    .Values.Where(replica => replica.Order.Key.Site == site)
                    .Select(replica => replica.View())
                    .OrderBy(seen => seen.Key.ToString(), StringComparer.Ordinal),
            ]);
        }
    }

    public Task EnsureAsync(InstanceOrder order, Fence fence, CancellationToken stop)
    {
        lock (gate)
        {
            note = note.Admit(fence, ground.State);
            if (!replicas.TryGetValue(order.Key, out var known))
            {
                ground.Folder(order.Key).Write(order);
                Begin(order, new Note());
            }
            else if (known.IsStopping && order.Service.Job is null)
            {
                known.WantAgain();
            }
            return Task.CompletedTask;
        }
    }

    public Task StopAsync(InstanceKey key, Fence fence, CancellationToken stop)
    {
        lock (gate)
        {
            note = note.Admit(fence, ground.State);
            if (replicas.TryGetValue(key, out var replica))
            {
                replica.Stop();
            }
            return Task.CompletedTask;
        }
    }

    public Task<IReadOnlyList<SecretVersion>> MissingAsync(CancellationToken stop)
    {
        lock (gate)
        {
            return Task.FromResult<IReadOnlyList<SecretVersion>>([
                .. Needed().Where(version => !ground.Secrets.Has(version)),
            ]);
        }
    }

    public Task GiveAsync(IReadOnlyList<SecretValue> values, Fence fence, CancellationToken stop) =>
        GiveAsync([.. values.Select(one => new SecretGift(one.Version, one.Value.Reveal()))], fence, stop);

    /// <summary>Takes values as they came over the socket.</summary>
    public Task GiveAsync(IReadOnlyList<SecretGift> gifts, Fence fence, CancellationToken stop)
    {
        lock (gate)
        {
            note = note.Admit(fence, ground.State);
            ground.Secrets.Put(gifts);
            return Task.CompletedTask;
        }
    }

    public Task<LogPage> ReadAsync(LogQuery query, string? cursor, CancellationToken stop)
    {
        Dictionary<InstanceKey, RotatingLog> live;
        lock (gate)
        {
            live = replicas.ToDictionary(pair => pair.Key, pair => pair.Value.Output);
        }
        var all = StoppedReplicas
            .In(ground.State.Instances)
            .Where(stopped => !live.ContainsKey(stopped))
            .ToDictionary(
                stopped => stopped,
                stopped => new RotatingLog(ground.Folder(stopped).LogFile, new LogLimits())
            );
        return Task.FromResult(new LogPager(live, all).Read(query, cursor));
    }

    /// <summary>What its replicas use now.</summary>
    public void Measure(Model.Telemetry.MetricPage page) => ReplicaMeter.Measure(Programs(), page);

    /// <summary>What its replicas do on the network now.</summary>
    public IReadOnlyList<Model.Security.ReplicaSight> Sights() =>
        ReplicaSights.Of([.. Programs().Select(static one => (one.Seen, one.Note))]);

    private List<(Instance Seen, Note Note, Limits Limits)> Programs()
    {
        lock (gate)
        {
            return
            [
                .. replicas
                    .Values.Where(one => !one.Order.Service.IsStatic)
                    .Select(one => (one.View(), one.Now, one.Order.Service.Limits))
                    .OrderBy(one => one.Item1.Key.ToString(), StringComparer.Ordinal),
            ];
        }
    }

    /// <summary>Stops all programs and keeps their orders, so that the next node starts them again.</summary>
    public async Task RestAsync(CancellationToken stop)
    {
        lock (gate)
        {
            isResting = true;
            // Wanted again, so that a node killed in the midst of this leaves orders too; what was told to stop stays so.
            foreach (var replica in replicas.Values.Where(replica => !replica.IsStopping))
            {
                replica.Stop();
                replica.WantAgain();
            }
        }
        while (Count() > 0)
        {
            await Task.Delay(RestLook, ground.World.Clock, stop);
        }
        ground.Secrets.Clear();
    }

    /// <summary>Ends the supervision and leaves the programs running, for the next node to find.</summary>
    public async Task CloseAsync(CancellationToken stop)
    {
        await closing.CancelAsync();
        Task[] rest;
        lock (gate)
        {
            rest = [.. work];
        }
        await Task.WhenAll(rest).WaitAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Lets go of the state directory; to be called after <see cref="CloseAsync"/>.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            replicas.Values.ToList().ForEach(replica => replica.Dispose());
        }
        ground.Dispose();
        closing.Dispose();
        lease.Dispose();
    }

    private int Count()
    {
        lock (gate)
        {
            return replicas.Count;
        }
    }

    private void TakeUp()
    {
        lock (gate)
        {
            HashSet<string> ordered = [];
            foreach (var path in Directory.EnumerateDirectories(ground.State.Instances))
            {
                var folder = new InstanceFolder(path);
                if (folder.HasOrder)
                {
                    ordered.Add(Path.GetFileName(path));
                    TakeUp(folder);
                }
            }
            ground.Secrets.Sweep(ordered);
            orphans.Begin(ordered, closing.Token);
            orphans.Ends.ToList().ForEach(Track);
            Track(StrayContainers.RemoveAsync(ground, key => ordered.Contains(key) || IsOrdered(key), closing.Token));
            Track(UpkeepAsync(closing.Token));
        }
    }

    private bool IsOrdered(string key)
    {
        lock (gate)
        {
            return InstanceKey.TryParse(key) is { } known && replicas.ContainsKey(known);
        }
    }

    // An order that a newer Fairlead wrote and this one cannot read is still an order: its processes are left alone.
    private void TakeUp(InstanceFolder folder)
    {
        if (folder.TryReadOrder() is { } order)
        {
            Begin(order, folder.ReadNote());
        }
        else
        {
            ground.Log.Unreadable(folder.OrderFile);
        }
    }

    private void Begin(InstanceOrder order, Note from)
    {
        var replica = new Replica(order, from, ground);
        replicas[order.Key] = replica;
        Track(SuperviseAsync(replica, closing.Token));
    }

    private async Task SuperviseAsync(Replica replica, CancellationToken stop)
    {
        await Task.Yield();
        await orphans.GoneAsync(replica.Order.Key, stop);
        await replica.LiveAsync(stop);
        var name = NodeProblems.Name(replica.Order.Key);
        lock (gate)
        {
            replicas.Remove(replica.Order.Key);
            replica.Dispose();
            ground.Log.Stopped(name);
            try
            {
                PutAway(replica);
            }
            catch (Exception caught) when (caught is IOException or UnauthorizedAccessException or ProblemException)
            {
                ground.Log.DiskFailed(name, caught.Message);
            }
        }
    }

    private void PutAway(Replica replica)
    {
        var folder = ground.Folder(replica.Order.Key);
        if (replica.IsWantedAgain)
        {
            var again = new Note();
            if (replica.Order.Service.Job is null)
            {
                folder.Write(replica.Order);
            }
            else
            {
                // What was begun is not begun anew: its attempt is over, and how it ended is looked up.
                again = replica.Now with
                {
                    IsStopping = false,
                    IsWantedAgain = false,
                };
                folder.Write(again);
            }
            if (!isResting)
            {
                Begin(replica.Order, again);
            }
            return;
        }
        folder.Forget();
        var (site, part) = (replica.Order.Key.Site, replica.Order.Key.Part);
        StoppedReplicas.Prune(ground.State.Instances, site, part.Service);
    }

    private async Task UpkeepAsync(CancellationToken stop)
    {
        while (true)
        {
            await Task.Delay(UpkeepPause, ground.World.Clock, stop);
            List<Replica> all;
            lock (gate)
            {
                all = [.. replicas.Values];
            }
            foreach (var replica in all)
            {
                RotateLog(replica);
            }
            ForgetSpent();
        }
    }

    private IEnumerable<SecretVersion> Needed() =>
        replicas.Values.SelectMany(replica => SecretShelf.NeededBy(replica.Order)).Distinct();

    private void ForgetSpent()
    {
        lock (gate)
        {
            ground.Secrets.Keep(Needed().ToHashSet());
        }
    }

    private void RotateLog(Replica replica)
    {
        try
        {
            replica.Output.RotateWhenLarge();
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
        {
            var log = $"The log of {NodeProblems.Name(replica.Order.Key)}";
            ground.Log.DiskFailed(log, caught.Message);
        }
    }

    private void Track(Task task)
    {
        work.Add(task);
        _ = task.ContinueWith(
            ended =>
            {
                lock (gate)
                {
                    work.Remove(ended);
                }
                if (ended.Exception is { } bug)
                {
                    broken.TrySetException(bug.InnerExceptions);
                }
            },
            CancellationToken.None,
            TaskContinuationOptions.None,
            TaskScheduler.Default
        );
    }
}
