using System.Text.Json.Serialization;
using Fairlead.Engine.Deploying.Jobs;
using Fairlead.Model.Apps;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Deploying;

/// <summary>What must be remembered of a site, because it cannot be observed.</summary>
public sealed record SiteRecord(Site Site)
{
    /// <summary>The release that is live; null before the first is promoted.</summary>
    public int? Live { get; init; }

    /// <summary>Releases as they were promoted, newest last, at most <see cref="HistoryMax"/>.</summary>
    public IReadOnlyList<int> History { get; init; } = [];

    /// <summary>Parts that keep running without traffic, so that a rollback is one switch.</summary>
    public IReadOnlyList<WarmPart> Warm { get; init; } = [];

    /// <summary>How many replicas services have whose number follows their load; null where there are none such.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ScaledService>? Scaled { get; init; }

    /// <summary>How its jobs stand; null where it never had one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<JobState>? Jobs { get; init; }

    /// <summary>The deployment under way: never more than one.</summary>
    public string? Active { get; init; }

    /// <summary>What stood before the last deployment that was promoted: the next one meets it too, so that nobody takes rules away by deploying without them.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Protection? Protection { get; init; }

    /// <summary>Contracts of migrations that were carried out, each as <c>db/0009_end.contract.sql</c>; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Contracted { get; init; }

    /// <summary>Those that were begun, whether or not they ended; null for none. A release that does not know them is not brought back.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Contracting { get; init; }

    /// <summary>Deployments that wait for it, in order.</summary>
    public IReadOnlyList<string> Queue { get; init; } = [];

    public const int HistoryMax = 50;

    public string Key => Site.ToString();

    /// <summary>The release that a rollback without a number returns to; null when there is none.</summary>
    public int? Previous => History.LastOrDefault(number => number != Live) is > 0 and var number ? number : null;
}

/// <param name="Release">The release whose part it is, and how many replicas of it ran.</param>
/// <param name="Until">After this it is drained and stopped.</param>
public sealed record WarmPart(Part Part, int Release, int Replicas, DateTimeOffset Until);

/// <summary>How many replicas a service has, since when and why.</summary>
/// <param name="Before">How many it had before.</param>
public sealed record ScaledService(string Service, int Replicas, int Before, string Reason, DateTimeOffset At);
