using System.Collections.Concurrent;
using System.Collections.Frozen;
using Fairlead.Engine.Deploying;
using Fairlead.Model.Monitoring;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;
using Microsoft.Extensions.Logging;

namespace Fairlead.Engine.Responding.Monitors;

/// <summary>The watching from one begin of the desk to its end. Its methods are called by one loop; what is said otherwise may be asked by anybody.</summary>
/// <param name="at">How many looks and how many browsers at the same time.</param>
internal sealed class MonitorWatch(
    MonitorPorts ports,
    (int Looks, int Browsers) at,
    World world,
    Bell bell,
    ILogger log
)
{
    private readonly Seclusion seclusion = new();
    private readonly MonitorWriter writer = new(ports.Metrics, ports.Records, world, log);
    private readonly LookRoom looks = new(at.Looks);
    private readonly LookRoom browsers = new(at.Browsers);
    private readonly ConcurrentQueue<Action> news = new();
    private readonly HashSet<Task> work = [];
    private MonitorBoard board = null!; // OpenAsync makes it, before anything else is called.
    private Dictionary<string, KeptMonitor> kept = new(StringComparer.Ordinal);
    private DateTimeOffset? alive;
    private volatile FrozenDictionary<string, WatchedMonitor> all = FrozenDictionary<string, WatchedMonitor>.Empty;
    private volatile FrozenDictionary<string, WatchedMonitor> pings = FrozenDictionary<string, WatchedMonitor>.Empty;
    private DateTimeOffset quietAt = DateTimeOffset.MinValue;
    private long looked;
    private double lag;

    /// <summary>By anybody.</summary>
    public IReadOnlyDictionary<string, MonitorSight> Sights =>
        all.ToDictionary(one => one.Key, one => one.Value.Now, StringComparer.Ordinal);

    /// <summary>By anybody.</summary>
    public WatchedMonitor? OfPing(string id) => pings.GetValueOrDefault(id);

    /// <summary>By anybody.</summary>
    public void Measure(MetricPage page)
    {
        page.Gauge("fairlead_monitors", "Monitors that are watched.", all.Count);
        page.Counter("fairlead_monitor_looks_total", "Looks of monitors.", Interlocked.Read(ref looked));
        page.Counter(
            "fairlead_monitor_looks_missed_total",
            "Moments at which a monitor was due and was not looked at.",
            board.Missed
        );
        page.Gauge(
            "fairlead_monitor_lag_seconds",
            "How late the latest of the last looks began, since this was asked last.",
            Interlocked.Exchange(ref lag, 0)
        );
        page.Gauge(
            "fairlead_monitor_cut_off",
            "1 while Fairlead itself reaches no network, so that what monitors see says nothing; else 0.",
            seclusion.Network is NetworkState.CutOff ? 1 : 0
        );
    }

    /// <summary>Remembers what was before.</summary>
    public async Task OpenAsync(CancellationToken stop)
    {
        board = new(seclusion, writer, log);
        kept = new(await ports.Records.AllAsync(stop), StringComparer.Ordinal);
        alive = await ports.Records.AliveAsync(stop);
        await SearchAsync(isRung: true, stop);
        List<(string, KeptMonitor?)> forgotten =
        [
            .. MonitorRecords
                .Forgotten(kept, all.Keys.ToHashSet(StringComparer.Ordinal), world.Now)
                .Select(key => (key, (KeptMonitor?)null)),
        ];
        if (forgotten.Count > 0)
        {
            await ports.Records.KeepAsync(forgotten, alive: null, stop);
        }
        // From now on only what is new must be asked for.
        kept = new(StringComparer.Ordinal);
    }

    /// <summary>Looks for monitors that came, went or changed.</summary>
    public async Task SearchAsync(bool isRung, CancellationToken stop)
    {
        try
        {
            var now = world.Now;
            var found = await ports.Search.FindAsync(isRung, now, stop);
            foreach (
                var key in found
                    .Select(one => one.Monitor.Key)
                    .Where(key => !all.ContainsKey(key) && !kept.ContainsKey(key))
            )
            {
                if (await ports.Records.FindAsync(key, stop) is { } known)
                {
                    kept[key] = known;
                }
            }
            board.Settle(found, kept, alive, now);
            if (isRung || now - quietAt >= TimeSpan.FromMinutes(1))
            {
                board.Quiet(await ports.Records.PausedAsync(stop), await ports.Records.MaintenanceAsync(stop), now);
                quietAt = now;
            }
            Publish();
        }
        catch (ProblemException caught)
        {
            // What is known is watched on.
            Log.NotKept(log, caught.Problem.Code, caught.Problem.Why);
        }
    }

    /// <summary>Takes what came back and begins what is due.</summary>
    public void Turn(CancellationToken stop)
    {
        while (news.TryDequeue(out var one))
        {
            one();
        }
        work.RemoveWhere(static one => one.IsCompleted);
        foreach (var monitor in pings.Values)
        {
            if (monitor.Hear() is { } sign && !monitor.IsPaused)
            {
                SignsOfLife.Hear(board, monitor, sign, world.Now);
                Interlocked.Increment(ref looked);
            }
        }
        foreach (var (monitor, dueAt) in board.Due(world.Now))
        {
            if (monitor.Monitor.Spec.IsPush)
            {
                Interlocked.Add(ref looked, SignsOfLife.Late(board, monitor, world.Now) ? 1 : 0);
            }
            else if (monitor.IsUnderWay)
            {
                board.Miss();
            }
            else
            {
                monitor.IsUnderWay = true;
                Interlocked.Exchange(ref lag, Math.Max(lag, (world.Now - dueAt).TotalSeconds));
                var room = monitor.Monitor.Spec.Journey is null ? looks : browsers;
                if (room.Enter(monitor))
                {
                    work.Add(LookAsync(monitor, room, stop));
                }
            }
        }
        if (seclusion.MustAsk(world.Now))
        {
            work.Add(AskAsync(stop));
        }
    }

    /// <summary>Shows what changed, and writes.</summary>
    /// <exception cref="FencedException">Another server is in charge.</exception>
    public async Task TickAsync(bool isTimeToSay, CancellationToken stop)
    {
        board.Show(world.Now);
        if (isTimeToSay)
        {
            board.SayAgain(world.Now);
        }
        if (writer.Work is { IsCompleted: true, IsCompletedSuccessfully: false })
        {
            await writer.Work; // It throws what went wrong.
        }
        writer.Begin(stop);
    }

    /// <summary>How long there is nothing to do.</summary>
    public TimeSpan PauseUntil(DateTimeOffset tick)
    {
        var next = board.NextAt is { } due && due < tick ? due : tick;
        var pause = next - world.Now;
        return !news.IsEmpty || pause < TimeSpan.Zero ? TimeSpan.Zero : pause;
    }

    /// <summary>Waits for all that goes on, and writes the last of it.</summary>
    public async Task CloseAsync(CancellationToken stop)
    {
        await QuietlyAsync(Task.WhenAll(work), stop);
        await QuietlyAsync(writer.Work, stop);
        if (writer.Work.IsCompletedSuccessfully)
        {
            await QuietlyAsync(writer.EndAsync(stop), stop);
        }
    }

    private static async Task QuietlyAsync(Task task, CancellationToken stop) =>
        await task.WaitAsync(stop)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);

    private async Task LookAsync(WatchedMonitor monitor, LookRoom room, CancellationToken stop)
    {
        var definition = monitor.Monitor;
        try
        {
            var look = await ports.Looker.LookAsync(definition, stop);
            Interlocked.Increment(ref looked);
            news.Enqueue(() => Take(monitor, look, stop));
        }
        catch (OperationCanceledException)
        {
            // The desk closes.
        }
        finally
        {
            news.Enqueue(() => Leave(monitor, room, stop));
            bell.Ring();
        }
    }

    private void Leave(WatchedMonitor monitor, LookRoom room, CancellationToken stop)
    {
        monitor.IsUnderWay = false;
        if (room.Leave() is { } next)
        {
            work.Add(LookAsync(next, room, stop));
        }
    }

    private void Take(WatchedMonitor monitor, MonitorLook look, CancellationToken stop)
    {
        if (monitor.IsGone || monitor.IsPaused || stop.IsCancellationRequested)
        {
            return;
        }
        var (now, spec) = (world.Now, monitor.Monitor.Spec);
        var host = monitor.Monitor.RemoteHost;
        if (host is not null)
        {
            seclusion.Saw(host, look.Verdict, now);
        }
        var around = new Surroundings(
            now,
            host is null ? NetworkState.Fine : seclusion.Network,
            [.. spec.DependsOn.Select(name => WaypointOf(monitor, name)).OfType<Waypoint>()]
        );
        var turn = MonitorLife.After(monitor.Standing, spec, look, around);
        monitor.Take(turn.Standing, look);
        board.Say(monitor, look, now);
        if (MonitorLife.PauseOf(spec, turn.Standing.State) is var pause && pause < spec.Every && !spec.IsPush)
        {
            board.Plan(monitor, now + pause);
        }
        foreach (var asked in turn.Ask.Select(board.Find).OfType<WatchedMonitor>())
        {
            if (!asked.IsUnderWay && !asked.Monitor.Spec.IsPush && asked.Due > now.UtcTicks)
            {
                board.Plan(asked, now);
            }
        }
    }

    private Waypoint? WaypointOf(WatchedMonitor from, string name) =>
        board.Find(from, name) is { } on && on != from
            ? new(
                on.Monitor.Key,
                name,
                on.Shown is MonitorState.Paused or MonitorState.Maintenance ? on.Shown : on.Standing.State,
                on.Standing.LookedAt
            )
            : null;

    private async Task AskAsync(CancellationToken stop)
    {
        try
        {
            await Task.Yield();
            var answers = await ports.Reference.AnswersAsync(stop);
            news.Enqueue(() => Heard(answers));
        }
        catch (OperationCanceledException)
        {
            // The desk closes.
        }
        // Whoever cannot find out is not cut off by that: monitors say what they see.
        catch (Exception caught)
        {
            Log.LookFailed(log, "the network's references", caught);
            news.Enqueue(() => Heard(answers: true));
        }
        finally
        {
            bell.Ring();
        }
    }

    private void Heard(bool answers)
    {
        var now = world.Now;
        if (!seclusion.Heard(answers, now))
        {
            return;
        }
        if (answers)
        {
            Log.Reached(log);
        }
        else
        {
            Log.CutOff(log, string.Join(", ", ports.Reference.Asked));
        }
        board.Reach(answers, now);
    }

    private void Publish()
    {
        all = board.All.ToFrozenDictionary(one => one.Monitor.Key, StringComparer.Ordinal);
        pings = board
            .All.Where(one => one.Monitor.Spec.IsPush)
            .ToFrozenDictionary(one => ports.PingIdOf(one.Monitor.Key), StringComparer.Ordinal);
    }
}
