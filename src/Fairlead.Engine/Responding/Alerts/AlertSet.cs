using Fairlead.Model.Alerting;

namespace Fairlead.Engine.Responding.Alerts;

/// <summary>What is known of the alerts of one group of rules, or of one sender.</summary>
/// <param name="Key">Whose they are, such as <c>shop/production</c>; its key in the store.</param>
public sealed record AlertSet(string Key)
{
    public const string Collection = "alerts";

    /// <summary>Pending and firing ones, with the names of their rules.</summary>
    public IReadOnlyList<RuleAlert> Active { get; init; } = [];

    /// <summary>Those that ended lately: whoever was told that they fire is told that they do not.</summary>
    public IReadOnlyList<Alert> Ended { get; init; } = [];

    /// <summary>Those of them that fire.</summary>
    public IEnumerable<Alert> Firing => Active.Where(static one => one.State.IsFiring).Select(static one => one.Alert);

    /// <summary>
    /// The set after its rules were evaluated, and whether anything began or ended since: numbers that only moved are no news.
    /// </summary>
    /// <param name="keep">How long those that ended are kept.</param>
    public (AlertSet Next, IReadOnlyList<Alert> News) After(
        IReadOnlyList<RuleAlert> active,
        DateTimeOffset now,
        TimeSpan keep
    )
    {
        var before = Firing.ToDictionary(static one => one.Labels);
        var firing = active.Where(static one => one.State.IsFiring).Select(static one => one.Alert).ToList();
        var begun = firing.Where(one => !before.ContainsKey(one.Labels)).ToList();
        var still = firing.Select(static one => one.Labels).ToHashSet();
        var ended = before
            .Values.Where(one => !still.Contains(one.Labels))
            .Select(one => one with { EndsAt = now })
            .ToList();
        var next = this with
        {
            Active = active,
            Ended = [.. Ended.Where(one => now - one.EndsAt < keep && !still.Contains(one.Labels)), .. ended],
        };
        return (next, [.. begun, .. ended]);
    }

    /// <summary>Whether it must be written down anew: who is in it and in which state, not what was measured last.</summary>
    public bool IsSame(AlertSet other) =>
        Ended.Count == other.Ended.Count
        && Active.Count == other.Active.Count
        && Active
            .Zip(other.Active)
            .All(static pair =>
                pair.First.Rule == pair.Second.Rule
                && pair.First.State.Labels.Equals(pair.Second.State.Labels)
                && pair.First.State.IsFiring == pair.Second.State.IsFiring
                && pair.First.State.ActiveAt == pair.Second.State.ActiveAt
                && pair.First.State.KeptSince is null == pair.Second.State.KeptSince is null
            );
}

/// <param name="Rule">Name of the rule that it is of.</param>
public sealed record RuleAlert(string Rule, AlertState State)
{
    public Alert Alert =>
        new(State.Labels, State.Annotations, DateTimeOffset.FromUnixTimeMilliseconds(State.FiredAt ?? State.ActiveAt))
        {
            Value = State.Value,
        };
}
