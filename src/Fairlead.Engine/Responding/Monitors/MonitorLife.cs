using Fairlead.Model.Monitoring;

namespace Fairlead.Engine.Responding.Monitors;

/// <summary>How a monitor stands by what was seen of it; pauses and maintenance lie over it.</summary>
/// <param name="Since">Since when it is in this state; of one that is down the first look that failed.</param>
/// <param name="Why">A sentence for people.</param>
public sealed record MonitorStanding(MonitorState State, DateTimeOffset Since, string Why)
{
    /// <summary>Looks that failed one after the other.</summary>
    public int Failures { get; init; }

    /// <summary>When the first of them was; null when the last look did not fail.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>When it was looked at last; null before the first time.</summary>
    public DateTimeOffset? LookedAt { get; init; }

    /// <summary>One that was never looked at.</summary>
    public static MonitorStanding New(DateTimeOffset now) =>
        new(MonitorState.Unknown, now, "It was not looked at yet.");
}

/// <summary>What else is known when a look comes back.</summary>
/// <param name="At">When it came back.</param>
/// <param name="Network">Whether Fairlead itself reaches the network that the look went through.</param>
/// <param name="DependsOn">What is on the way there.</param>
public sealed record Surroundings(DateTimeOffset At, NetworkState Network, IReadOnlyList<Waypoint> DependsOn);

/// <summary>Whether a failed look says anything about what was looked at.</summary>
public enum NetworkState
{
    Fine,

    /// <summary>It is being found out.</summary>
    Doubtful,

    CutOff,
}

/// <summary>A monitor that another depends on, as it is now.</summary>
public sealed record Waypoint(string Key, string Name, MonitorState State, DateTimeOffset? LookedAt);

/// <summary>What follows from a look.</summary>
/// <param name="Ask">Keys of monitors that must be looked at now, because what they say decides.</param>
public sealed record MonitorTurn(MonitorStanding Standing, IReadOnlyList<string> Ask);

/// <summary>Decides what a look makes of a monitor. Pure.</summary>
public static class MonitorLife
{
    /// <summary>How long one that fails waits for news of what it depends on.</summary>
    public static readonly TimeSpan NewsMax = TimeSpan.FromMinutes(1);

    /// <summary>One that fails is looked at again after this, or after its own time when that is shorter.</summary>
    public static readonly TimeSpan RetryEvery = TimeSpan.FromSeconds(20);

    /// <summary>One that went down no longer before Fairlead was found to be cut off, went down by that.</summary>
    public static readonly TimeSpan Backdated = TimeSpan.FromMinutes(2);

    public static MonitorTurn After(MonitorStanding was, MonitorSpec spec, MonitorLook look, Surroundings around) =>
        look.Verdict switch
        {
            LookVerdict.Up => new(
                Stay(was, MonitorState.Up, around.At, look.Why) with
                {
                    Failures = 0,
                    FailingSince = null,
                },
                []
            ),
            LookVerdict.Unable => new(Unknown(was, around.At, look.Why), []),
            _ => Failed(was, spec, look, around),
        };

    /// <summary>What becomes of one that fails, or did a moment ago, when Fairlead is found to be cut off.</summary>
    public static MonitorStanding CutOff(MonitorStanding was, DateTimeOffset at) =>
        was.State is MonitorState.Pending || (was.State is MonitorState.Down && at - was.Since <= Backdated)
            ? Unknown(was, at, CutOffWhy)
            : was;

    /// <summary>When it is looked at next, counted from the moment at which this look was due.</summary>
    public static TimeSpan PauseOf(MonitorSpec spec, MonitorState state) =>
        state is MonitorState.Pending && spec.Every > RetryEvery ? RetryEvery : spec.Every;

    private const string CutOffWhy = "Fairlead itself is cut off from the network.";

    private static MonitorTurn Failed(MonitorStanding was, MonitorSpec spec, MonitorLook look, Surroundings around)
    {
        if (around.Network is NetworkState.CutOff)
        {
            return new(Unknown(was, around.At, CutOffWhy), []);
        }
        if (around.DependsOn.FirstOrDefault(IsBlamed) is { } blamed)
        {
            return new(Unknown(was, around.At, WhyOf(blamed)), []);
        }
        var failing = was with
        {
            Failures = was.Failures + 1,
            FailingSince = was.FailingSince ?? around.At,
            LookedAt = around.At,
            Why = look.Why,
        };
        if (was.State is MonitorState.Down)
        {
            return new(failing, []);
        }
        var since = failing.FailingSince.Value;
        string[] ask =
            around.At - since > NewsMax
                ? []
                : [.. around.DependsOn.Where(one => IsOld(one, since)).Select(one => one.Key)];
        var waits = failing.Failures <= spec.Retries || ask.Length > 0 || around.Network is NetworkState.Doubtful;
        return new(
            waits
                ? failing with
                {
                    State = MonitorState.Pending,
                    Since = was.State is MonitorState.Pending ? was.Since : around.At,
                }
                : failing with
                {
                    State = MonitorState.Down,
                    Since = since,
                },
            ask
        );
    }

    // One that nobody looks at says nothing about the way.
    private static bool IsBlamed(Waypoint one) =>
        one.State is MonitorState.Down or MonitorState.Maintenance
        || (one.State is MonitorState.Unknown && one.LookedAt is not null);

    private static bool IsOld(Waypoint one, DateTimeOffset since) =>
        one.State is not MonitorState.Paused
        && (one.State is MonitorState.Pending || one.LookedAt is null || one.LookedAt < since);

    private static string WhyOf(Waypoint one) =>
        one.State switch
        {
            MonitorState.Down => $"It cannot be told, because {one.Name} is down.",
            MonitorState.Maintenance => $"It cannot be told, because {one.Name} is in maintenance.",
            _ => $"It cannot be told, because nothing is known of {one.Name}.",
        };

    private static MonitorStanding Unknown(MonitorStanding was, DateTimeOffset at, string why) =>
        Stay(was, MonitorState.Unknown, at, why) with
        {
            Failures = 0,
            FailingSince = null,
        };

    private static MonitorStanding Stay(MonitorStanding was, MonitorState state, DateTimeOffset at, string why) =>
        was with
        {
            State = state,
            Since = was.State == state ? was.Since : at,
            LookedAt = at,
            Why = why,
        };
}
