using Fairlead.Model.Monitoring;
using Microsoft.Extensions.Logging;

namespace Fairlead.Engine.Responding.Monitors;

/// <summary>All monitors that are watched, and when each is looked at next. Only the desk's own loop uses it.</summary>
internal sealed class MonitorBoard(Seclusion seclusion, MonitorWriter writer, ILogger log)
{
    private const int MonitorsMax = 10_000;
    private static readonly TimeSpan NumbersEvery = TimeSpan.FromMinutes(2);

    private readonly Dictionary<string, (WatchedMonitor Monitor, string Stamp)> all = new(StringComparer.Ordinal);
    private readonly PriorityQueue<WatchedMonitor, long> due = new();
    private IReadOnlyList<Maintenance> maintenance = [];

    public IEnumerable<WatchedMonitor> All => all.Values.Select(one => one.Monitor);

    public int Count => all.Count;

    /// <summary>Moments at which nothing was looked at although it was due.</summary>
    public long Missed { get; private set; }

    /// <summary>When the next one is due; null when none is.</summary>
    public DateTimeOffset? NextAt => due.TryPeek(out _, out var at) ? new(at, TimeSpan.Zero) : null;

    /// <summary>Watches what was found, and nothing else.</summary>
    /// <param name="kept">What is known of those that are new.</param>
    /// <param name="alive">Until when they were watched before.</param>
    public void Settle(
        IReadOnlyList<FoundMonitor> found,
        IReadOnlyDictionary<string, KeptMonitor> kept,
        DateTimeOffset? alive,
        DateTimeOffset now
    )
    {
        if (found.Count > MonitorsMax)
        {
            Log.TooMany(log, found.Count, MonitorsMax);
        }
        var wanted = new Dictionary<string, FoundMonitor>(StringComparer.Ordinal);
        foreach (var one in found.Take(MonitorsMax))
        {
            wanted.TryAdd(one.Monitor.Key, one);
        }
        foreach (var (key, (monitor, _)) in all.Where(one => !wanted.ContainsKey(one.Key)).ToList())
        {
            all.Remove(key);
            monitor.Go(now);
            writer.Say(MonitorMetrics.StateOf(monitor.Monitor, MonitorState.Paused, Milliseconds(now)));
            writer.Keep(monitor);
        }
        foreach (var (key, one) in wanted)
        {
            if (!all.TryGetValue(key, out var known))
            {
                all[key] = (new(one.Monitor, kept.GetValueOrDefault(key), alive, now), one.Stamp);
                Plan(all[key].Monitor, First(all[key].Monitor, now));
            }
            else if (known.Stamp != one.Stamp)
            {
                known.Monitor.Become(one.Monitor);
                all[key] = (known.Monitor, one.Stamp);
                Plan(known.Monitor, First(known.Monitor, now));
            }
        }
        seclusion.Keep(All.Select(one => one.Monitor.RemoteHost).OfType<string>().ToHashSet(StringComparer.Ordinal));
    }

    /// <summary>Takes which monitors rest and what is worked on.</summary>
    public void Quiet(IReadOnlySet<string> paused, IReadOnlyList<Maintenance> announced, DateTimeOffset now)
    {
        maintenance = announced;
        foreach (var monitor in All)
        {
            var isPaused = paused.Contains(monitor.Monitor.Key);
            if (monitor.IsPaused != isPaused)
            {
                monitor.IsPaused = isPaused;
                // It begins anew, as one that was never looked at: what was before the pause says nothing of now.
                monitor.Take(MonitorStanding.New(now), look: null);
                Plan(monitor, isPaused ? null : First(monitor, now));
            }
        }
    }

    /// <summary>Looks at it at this moment, or at none.</summary>
    public void Plan(WatchedMonitor monitor, DateTimeOffset? at)
    {
        monitor.Due = at?.UtcTicks ?? 0;
        if (at is { } moment)
        {
            due.Enqueue(monitor, moment.UtcTicks);
        }
    }

    /// <summary>Those that are due, each with the moment at which it was; their next moments are planned.</summary>
    public IEnumerable<(WatchedMonitor Monitor, DateTimeOffset DueAt)> Due(DateTimeOffset now)
    {
        while (due.TryPeek(out var monitor, out var at) && at <= now.UtcTicks)
        {
            due.Dequeue();
            if (monitor.IsGone || monitor.IsPaused || monitor.Due != at)
            {
                continue; // It was planned anew since.
            }
            var dueAt = new DateTimeOffset(at, TimeSpan.Zero);
            var (next, missed) = MonitorSchedule.Next(dueAt, monitor.Monitor.Spec.Every, now);
            Missed += missed;
            Plan(monitor, next);
            yield return (monitor, dueAt);
        }
    }

    /// <summary>One that was due was looked at still, or waited for it.</summary>
    public void Miss() => Missed++;

    /// <summary>Finds a monitor that another depends on: of the same app, else of none.</summary>
    public WatchedMonitor? Find(WatchedMonitor from, string name) =>
        all.TryGetValue(MonitorDefinition.KeyOf(from.Monitor.Site, name), out var own) ? own.Monitor
        : all.TryGetValue(name, out var other) ? other.Monitor
        : null;

    public WatchedMonitor? Find(string key) => all.TryGetValue(key, out var one) ? one.Monitor : null;

    /// <summary>Shows each as it is now, and tells what has changed.</summary>
    public void Show(DateTimeOffset now)
    {
        List<Maintenance> on = [.. maintenance.Where(one => one.IsOn(now))];
        foreach (var monitor in All)
        {
            var (definition, was) = (monitor.Monitor, monitor.Shown);
            var isWorkedOn =
                on.Count > 0
                && on.Any(one =>
                    one.Covers(
                        definition.Site?.App ?? "",
                        definition.Site?.Environment ?? "",
                        service: "",
                        definition.Key
                    )
                );
            if (monitor.Show(isWorkedOn, now))
            {
                Tell(monitor, was);
                if (MonitorMetrics.HasNumber(was) || MonitorMetrics.HasNumber(monitor.Shown))
                {
                    writer.Say(MonitorMetrics.StateOf(definition, monitor.Shown, Milliseconds(now)));
                }
            }
            if (monitor.IsChanged)
            {
                writer.Keep(monitor);
            }
        }
    }

    /// <summary>Takes that Fairlead reaches the network again, or does not: what lies behind it is looked at soon, or unknown.</summary>
    public void Reach(bool isReached, DateTimeOffset now)
    {
        foreach (var monitor in All.Where(one => one.Monitor.RemoteHost is not null && !one.IsPaused))
        {
            if (isReached)
            {
                Plan(monitor, MonitorSchedule.First(monitor.Monitor, now));
            }
            else
            {
                monitor.Take(MonitorLife.CutOff(monitor.Standing, now), look: null);
            }
        }
    }

    /// <summary>Says all states again, and the numbers of those that are looked at so seldom that nobody would see them any more.</summary>
    public void SayAgain(DateTimeOffset now)
    {
        foreach (var monitor in All)
        {
            if (MonitorMetrics.HasNumber(monitor.Shown))
            {
                writer.Say(MonitorMetrics.StateOf(monitor.Monitor, monitor.Shown, Milliseconds(now)));
            }
            if (
                monitor is { Last: { } last, IsPaused: false }
                && monitor.Monitor.Spec.Every > NumbersEvery
                && now - monitor.NumbersAt >= NumbersEvery
            )
            {
                Say(monitor, last, now);
            }
        }
    }

    public void Say(WatchedMonitor monitor, MonitorLook look, DateTimeOffset now)
    {
        monitor.NumbersAt = now;
        foreach (var series in MonitorMetrics.Of(monitor.Monitor, look, Milliseconds(now)))
        {
            writer.Say(series);
        }
    }

    /// <summary>The first moment: by its place, or for one that others report to, when they must have done so.</summary>
    private static DateTimeOffset First(WatchedMonitor monitor, DateTimeOffset now)
    {
        var spec = monitor.Monitor.Spec;
        return !spec.IsPush ? MonitorSchedule.First(monitor.Monitor, now)
            : monitor.PingAt is { } ping && ping + spec.Every + spec.Grace is var late && late > now ? late
            : now + spec.Every + spec.Grace;
    }

    private void Tell(WatchedMonitor monitor, MonitorState was)
    {
        if (monitor.Shown is MonitorState.Down)
        {
            Log.WentDown(log, monitor.Monitor.Key, monitor.Standing.Why);
        }
        else if (monitor.Shown is MonitorState.Up && was is MonitorState.Down)
        {
            Log.WentUp(log, monitor.Monitor.Key);
        }
    }

    private static long Milliseconds(DateTimeOffset at) => at.ToUnixTimeMilliseconds();
}
