using Fairlead.Model.Monitoring;

namespace Fairlead.Engine.Responding.Monitors;

/// <summary>A monitor as others may see it at any moment.</summary>
/// <param name="Shown">With pauses and maintenance over it.</param>
/// <param name="Since">Since when it is shown so.</param>
/// <param name="Last">The last look; null before the first.</param>
public sealed record MonitorSight(
    MonitorDefinition Monitor,
    MonitorState Shown,
    DateTimeOffset Since,
    MonitorStanding Standing,
    UptimeBook Book,
    MonitorLook? Last
)
{
    /// <summary>When the last sign of life came; null before the first, and for monitors that look themselves.</summary>
    public DateTimeOffset? PingAt { get; init; }

    /// <summary>How long it was up until now.</summary>
    public UptimeBook BookAt(DateTimeOffset now) => Book.Count(Shown, now);
}

/// <summary>One monitor while it is watched. Only the desk's own loop changes it; others take its sight.</summary>
internal sealed class WatchedMonitor
{
    // Seldom enough to be written each time, and too long to be waited for anew after a restart.
    private static readonly TimeSpan PingKeptFrom = TimeSpan.FromMinutes(5);

    private volatile MonitorSight sight;
    private SignOfLife? sign;
    private UptimeBook book;
    private DateTimeOffset shownSince;

    public WatchedMonitor(MonitorDefinition monitor, KeptMonitor? kept, DateTimeOffset? alive, DateTimeOffset now)
    {
        Monitor = monitor;
        if (kept is null)
        {
            (Standing, Shown, book, shownSince) = (
                MonitorStanding.New(now),
                MonitorState.Unknown,
                UptimeBook.New(now),
                now
            );
        }
        else
        {
            Standing = new(kept.State, kept.Since, kept.Why) { LookedAt = null };
            Shown = kept.Shown;
            PingAt = kept.PingAt;
            // What it was until the last sign of the server before; of a longer silence nothing is known.
            var until = alive is { } at && at > kept.Book.Until ? at : kept.Book.Until;
            book = kept.Book.Count(kept.Shown, until);
            if (now - until > SilenceMax)
            {
                book = book.Count(kept.Shown is MonitorState.Paused ? MonitorState.Paused : MonitorState.Unknown, now);
            }
            shownSince = kept.Since;
        }
        sight = Sight();
    }

    /// <summary>A restart that takes no longer is no hole.</summary>
    internal static readonly TimeSpan SilenceMax = TimeSpan.FromMinutes(2);

    public MonitorDefinition Monitor { get; private set; }

    public MonitorStanding Standing { get; private set; }

    public MonitorState Shown { get; private set; }

    public MonitorLook? Last { get; private set; }

    /// <summary>When its last look's numbers were last given to the store.</summary>
    public DateTimeOffset NumbersAt { get; set; } = DateTimeOffset.MinValue;

    public bool IsPaused { get; set; }

    /// <summary>It is looked at now, or is the next that is.</summary>
    public bool IsUnderWay { get; set; }

    /// <summary>It is watched no more.</summary>
    public bool IsGone { get; private set; }

    /// <summary>It changed since it was kept.</summary>
    public bool IsChanged { get; set; }

    /// <summary>When it is looked at next, in ticks; 0 for never.</summary>
    public long Due { get; set; }

    public DateTimeOffset? PingAt { get; private set; }

    /// <summary>How others see it.</summary>
    public MonitorSight Now => sight;

    public KeptMonitor Kept =>
        new(
            Standing.State is MonitorState.Pending ? MonitorState.Up : Standing.State,
            Standing.Since,
            Standing.Why,
            Shown,
            book
        )
        {
            PingAt = PingAt,
        };

    /// <summary>Takes another definition of the same monitor.</summary>
    public void Become(MonitorDefinition monitor)
    {
        Monitor = monitor;
        sight = Sight();
    }

    /// <summary>Takes a standing, by a look where there was one.</summary>
    public void Take(MonitorStanding standing, MonitorLook? look)
    {
        Standing = standing;
        Last = look ?? Last;
        sight = Sight();
    }

    /// <summary>Shows it as it is now, and counts the time until then as it was shown before.</summary>
    /// <returns>Whether that is another state.</returns>
    public bool Show(bool isInMaintenance, DateTimeOffset now)
    {
        var state =
            IsPaused ? MonitorState.Paused
            : isInMaintenance ? MonitorState.Maintenance
            : Standing.State;
        if (state == Shown)
        {
            return false;
        }
        // It was down from the first look that failed, although some were forgiven first.
        var since = state is MonitorState.Down && Shown is MonitorState.Pending ? Standing.Since : now;
        IsChanged |= Class(state) != Class(Shown);
        book = book.Count(Shown, since);
        (Shown, shownSince) = (state, state is MonitorState.Down or MonitorState.Pending ? Standing.Since : since);
        sight = Sight();
        return true;
    }

    /// <summary>Somebody says that it is well, or that it is not. Whoever says so more often than the desk listens is heard once.</summary>
    public void Tell(SignOfLife one) => Interlocked.Exchange(ref sign, one);

    /// <summary>What was said since the last time; null when nothing was.</summary>
    public SignOfLife? Hear()
    {
        if (Interlocked.Exchange(ref sign, null) is not { } heard)
        {
            return null;
        }
        PingAt = heard.At;
        IsChanged |= Monitor.Spec.Every >= PingKeptFrom;
        return heard;
    }

    /// <summary>Ends the watching: the time until it is watched again counts nowhere.</summary>
    public void Go(DateTimeOffset now)
    {
        IsGone = true;
        book = book.Count(Shown, now);
        Shown = MonitorState.Paused;
        IsChanged = true;
    }

    private static MonitorState Class(MonitorState state) => state is MonitorState.Pending ? MonitorState.Up : state;

    private MonitorSight Sight() => new(Monitor, Shown, shownSince, Standing, book, Last) { PingAt = PingAt };
}

/// <summary>That somebody who was to tell so is well, or is not.</summary>
public sealed record SignOfLife(DateTimeOffset At, bool IsWell);
