using Fairlead.Model.Apps;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Deploying.Scaling;

/// <summary>Something that a number of replicas follows, as it was measured.</summary>
/// <param name="Each">How much one replica should have.</param>
/// <param name="All">How much all that were measured have together; null when that is not known.</param>
/// <param name="Of">How many replicas were measured; null where it is of the whole service, such as what waits in a queue.</param>
/// <param name="Says">It in words: what it is and what is aimed at, or why it is not known.</param>
public sealed record Gauge(double Each, double? All, int? Of, string Says);

/// <summary>Where a service stands when it is decided how many replicas it should have.</summary>
/// <param name="Replicas">How many there are to be by now.</param>
/// <param name="RaisedAt">When some were added last; null for never.</param>
/// <param name="Track">Of the decision before.</param>
public sealed record ScaleState(int Replicas, DateTimeOffset? RaisedAt, ScaleTrack Track);

/// <summary>How many replicas there should be.</summary>
/// <param name="Reason">Why that many, and why not more or fewer.</param>
/// <param name="Track">What the next decision needs to know of this one.</param>
public sealed record Advice(int Replicas, string Reason, ScaleTrack Track);

/// <summary>How many replicas were needed lately, as far as it can still matter: the most of it decides how many may go.</summary>
/// <param name="Needs">Falling numbers with rising times.</param>
public sealed record ScaleTrack(IReadOnlyList<(DateTimeOffset At, int Replicas)> Needs)
{
    // Nobody looked for so long: what was needed meanwhile is not known.
    private static readonly TimeSpan GapMax = TimeSpan.FromSeconds(30);

    /// <summary>Nothing is known: whatever runs counts as needed.</summary>
    public static ScaleTrack None { get; } = new([]);

    /// <summary>The most that was needed.</summary>
    public int Most => Needs.Count == 0 ? 0 : Needs[0].Replicas;

    /// <summary>When fewer than <see cref="Most"/> will have been enough for the whole window.</summary>
    public DateTimeOffset? FreeAt(TimeSpan window) => Needs.Count == 0 ? null : Needs[0].At + window;

    public ScaleTrack With(int needed, int running, TimeSpan window, DateTimeOffset now)
    {
        var isContinued = Needs is [.., var last] && now >= last.At && now - last.At <= GapMax;
        var before = isContinued ? Needs : [(now, running)];
        return new([
            .. before.Where(one => one.Replicas > needed && (now - one.At < window || !isContinued)),
            (now, needed),
        ]);
    }
}

/// <summary>
/// Decides how many replicas a load asks for, by the rules of Kubernetes's autoscaler, so that the same words mean the same everywhere. Pure.
/// </summary>
/// <remarks>
/// https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#algorithm-details: the ratio of what is to what should be,
/// a tolerance around it, missing numbers taken so that they change least, and the highest need of a window before any replica goes.
/// </remarks>
public static class Scaler
{
    private const double Tolerance = 0.1;
    private const int AddedAtOnce = 4;
    private const int NeededMax = 1_000_000;

    // What is only a rounding of binary fractions is no need.
    private const double Grain = 1e-9;

    /// <param name="load">All that the rules name, known or not.</param>
    public static Advice Next(ScaleRules rules, ScaleState state, IReadOnlyList<Gauge> load, DateTimeOffset now)
    {
        var replicas = state.Replicas;
        var unknown = load.FirstOrDefault(one => NeededFor(one, replicas) is null);
        var top = load.Where(one => NeededFor(one, replicas) is not null).MaxBy(one => NeededFor(one, replicas));
        var needed = top is null ? null : NeededFor(top, replicas);
        var asked = rules.Within(needed ?? replicas);
        var isHeld = unknown is not null && asked < replicas;
        asked = isHeld ? replicas : asked;
        var says = top?.Says ?? unknown?.Says ?? "";
        var next = state.Track.With(asked, replicas, rules.Stabilization, now);
        return asked switch
        {
            _ when isHeld => new(replicas, $"{unknown!.Says}, so none is stopped", next),
            _ when asked > replicas => Added(rules, state with { Track = next }, (asked, says), now),
            _ when asked < replicas => Fewer(rules, replicas, (asked, says), next, now),
            _ => new(replicas, Limits(rules, replicas, needed, says), next),
        };
    }

    private static Advice Added(ScaleRules rules, ScaleState state, (int Asked, string Says) need, DateTimeOffset now)
    {
        var (replicas, raisedAt, track) = state;
        if (raisedAt is { } raised && now - raised < rules.Cooldown)
        {
            return new(
                replicas,
                $"{need.Says}; {need.Asked} are needed, and some were just added: the next come after {rules.Cooldown.Text}",
                track
            );
        }
        var most = Math.Max(replicas * 2, replicas + AddedAtOnce);
        return need.Asked <= most
            ? new(need.Asked, need.Says, track)
            : new(most, $"{need.Says}; {need.Asked} are needed, these are the first", track);
    }

    private static Advice Fewer(
        ScaleRules rules,
        int replicas,
        (int Asked, string Says) need,
        ScaleTrack track,
        DateTimeOffset now
    )
    {
        if (track.Most < replicas)
        {
            return new(track.Most, need.Says, track);
        }
        var left = track.FreeAt(rules.Stabilization) - now ?? rules.Stabilization;
        return new(
            replicas,
            $"{need.Says}; {need.Asked} would do, which must hold for {rules.Stabilization.Text}: "
                + $"{TimeSpan.FromSeconds(Math.Ceiling(left.TotalSeconds)).Text} more",
            track
        );
    }

    private static string Limits(ScaleRules rules, int replicas, int? needed, string says) =>
        needed > rules.Max
            ? $"{says}; {Most(needed.Value)} are needed, and {replicas} is the most that is allowed"
            : says;

    private static string Most(int needed) => needed == NeededMax ? "far more" : $"{needed}";

    /// <summary>How many replicas one measure asks for; null when that is not known.</summary>
    internal static int? NeededFor(Gauge gauge, int replicas)
    {
        if (gauge.All is not { } all || !double.IsFinite(all) || all < 0 || gauge.Of is 0)
        {
            return null;
        }
        // Replicas that were not measured change as little as can be: they need nothing when more are asked for, all of it when fewer.
        var measured = Math.Min(gauge.Of ?? replicas, replicas);
        var ratio = all / (gauge.Each * measured);
        var whole = ratio > 1 ? ratio * measured : (ratio * measured) + (replicas - measured);
        var isAsWanted = Math.Abs((whole / replicas) - 1) <= Tolerance + Grain;
        var hasTurned = ratio > 1 != whole > replicas;
        return Math.Abs(ratio - 1) <= Tolerance + Grain || isAsWanted || hasTurned
            ? replicas
            : (int)Math.Min(NeededMax, Math.Ceiling(whole - Grain));
    }
}
