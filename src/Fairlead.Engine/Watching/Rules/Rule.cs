using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Watching.Rules;

/// <summary>Rules that are evaluated one after the other, at the same time.</summary>
/// <param name="File">Where they are written.</param>
/// <param name="Interval">How often; null for the default.</param>
public sealed record RuleGroup(string Name, string File, TimeSpan? Interval, IReadOnlyList<Rule> Rules)
{
    /// <summary>How far back rules look, so that late samples are seen.</summary>
    public TimeSpan QueryOffset { get; init; }

    /// <summary>How many series or alerts a rule may give; 0 for any number.</summary>
    public int Limit { get; init; }
}

/// <summary>A rule as it is written.</summary>
/// <param name="Name">The alert's name, or the metric that is recorded.</param>
/// <param name="Query">PromQL.</param>
public sealed record Rule(string Name, string Query)
{
    /// <summary>It raises alerts; else it records a metric.</summary>
    public bool IsAlerting { get; init; }

    /// <summary>How long the query must find a series before its alert fires.</summary>
    public TimeSpan For { get; init; }

    /// <summary>How long an alert goes on firing once the query no longer finds it.</summary>
    public TimeSpan KeepFiringFor { get; init; }

    /// <summary>Given to what is found; of an alert they are templates.</summary>
    public IReadOnlyList<Label> Labels { get; init; } = [];

    /// <summary>Texts for people, as templates.</summary>
    public IReadOnlyList<Label> Annotations { get; init; } = [];
}
