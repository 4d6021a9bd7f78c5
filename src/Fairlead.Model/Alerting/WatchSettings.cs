using System.Text.Json.Serialization;
using Fairlead.Model.Incidents;

namespace Fairlead.Model.Alerting;

/// <summary>How an app wants to be watched: rules of its own, goals, and what is done when a release turns out to be bad.</summary>
public sealed record WatchSettings
{
    /// <summary>Rules beside those that every app has.</summary>
    public IReadOnlyList<WatchedRule> Rules { get; init; } = [];

    /// <summary>Names of the usual alerts that it does not want.</summary>
    public IReadOnlyList<string> Off { get; init; } = [];

    /// <summary>What its users may expect; null where it promises nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Slo? Slo { get; init; }

    /// <summary>What people do about its incidents; null where the manifest says nothing of it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Runbook>? Runbooks { get; init; }

    /// <summary>What happens when an alert begins soon after a release went live.</summary>
    public RollbackPolicy Rollback { get; init; }
}

/// <summary>A rule as Prometheus has it, in PromQL.</summary>
/// <param name="Name">The alert's name, or the metric that is recorded.</param>
public sealed record WatchedRule(string Name, string Query)
{
    public bool IsAlerting { get; init; } = true;

    public TimeSpan For { get; init; }

    public TimeSpan KeepFiringFor { get; init; }

    public IReadOnlyDictionary<string, string> Labels { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, string> Annotations { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);
}

/// <summary>A goal of a service's users, over 30 days.</summary>
/// <param name="Availability">Part of the requests that must not fail, above 0 and below 1, such as 0.999; null for no goal.</param>
public sealed record Slo(double? Availability)
{
    /// <summary>Part of the requests that must be answered within <see cref="Within"/>, such as 0.95; null for no goal.</summary>
    public double? Fast { get; init; }

    /// <summary>How fast they must be; a bound that the edge counts.</summary>
    public TimeSpan Within { get; init; }

    /// <summary>Nothing new goes out while a goal's budget is used up.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Freezes { get; init; }
}

/// <summary>Who takes a release back that turns out to be bad after it went live.</summary>
public enum RollbackPolicy
{
    /// <summary>A person, who is asked with what speaks for it.</summary>
    [JsonStringEnumMemberName("ask")]
    Ask,

    /// <summary>Fairlead at once.</summary>
    [JsonStringEnumMemberName("auto")]
    Auto,

    /// <summary>Nobody is asked.</summary>
    [JsonStringEnumMemberName("never")]
    Never,
}
