using Fairlead.Model.Telemetry;

namespace Fairlead.Model.Alerting;

/// <summary>Rules that are evaluated one after the other, and how the last time went. Times are milliseconds since 1970, UTC.</summary>
/// <param name="File">Where they are written.</param>
/// <param name="EvaluatedAt">0 before the first time.</param>
public sealed record RuleGroupState(
    string Name,
    string File,
    TimeSpan Interval,
    IReadOnlyList<RuleState> Rules,
    long EvaluatedAt
)
{
    /// <summary>How long the last evaluation took.</summary>
    public TimeSpan Took { get; init; }
}

/// <summary>A rule and what became of it.</summary>
/// <param name="Name">The alert's name, or the metric that is recorded.</param>
/// <param name="Labels">Given to what it finds.</param>
public sealed record RuleState(string Name, string Query, Labels Labels)
{
    /// <summary>It raises alerts; else it records a metric.</summary>
    public bool IsAlerting { get; init; }

    /// <summary>How long its condition must hold before an alert fires.</summary>
    public TimeSpan For { get; init; }

    /// <summary>How long an alert goes on firing once its condition no longer holds.</summary>
    public TimeSpan KeepFiringFor { get; init; }

    public Labels Annotations { get; init; } = Labels.None;

    public IReadOnlyList<AlertState> Alerts { get; init; } = [];

    /// <summary>Why the last evaluation failed; null when it did not.</summary>
    public string? Error { get; init; }

    /// <summary>
    /// The parts of its query that find nothing although they did within the last day: it cannot fire for want of numbers, which is not the same
    /// as all being well.
    /// </summary>
    public IReadOnlyList<string> Lost { get; init; } = [];

    /// <summary>0 before the first time.</summary>
    public long EvaluatedAt { get; init; }
}

/// <summary>An alert that is pending or fires.</summary>
/// <param name="ActiveAt">Since when its condition holds, in milliseconds since 1970, UTC.</param>
public sealed record AlertState(Labels Labels, Labels Annotations, bool IsFiring, long ActiveAt, double Value)
{
    /// <summary>Since when it fires; null while it is pending.</summary>
    public long? FiredAt { get; init; }

    /// <summary>Since when it fires although its condition no longer holds; null when it still does.</summary>
    public long? KeptSince { get; init; }
}
