using System.Text.Json.Serialization;
using Fairlead.Model.Apps;
using Fairlead.Model.Problems;

namespace Fairlead.Model.Git;

/// <summary>An environment that lives as long as a branch or a change.</summary>
public sealed record Preview
{
    public required string Source { get; init; }

    public required Site Site { get; init; }

    /// <summary>The branch; for a change from a fork such as <c>change:12</c>.</summary>
    public required string Branch { get; init; }

    /// <summary>The change that was approved, from a fork; null for a branch of the repository.</summary>
    public int? Change { get; init; }

    /// <summary>The commit of the change that may be deployed; null for a branch of the repository.</summary>
    public string? Approved { get; init; }

    public required string Host { get; init; }

    /// <summary>The commit that was last handed over to be deployed, or refused.</summary>
    public string? Commit { get; init; }

    /// <summary>When that commit came.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Its deployment; null when it came to none.</summary>
    public string? Deployment { get; init; }

    /// <summary>Why its commit was not deployed.</summary>
    public Problem? Trouble { get; init; }

    /// <summary>Its data was made.</summary>
    public bool IsPrepared { get; init; }

    /// <summary>Why it ends or has ended; null while it lives.</summary>
    public string? Ending { get; init; }

    /// <summary>It is gone. It is remembered while its branch stays as it is, so that only a new commit makes it again.</summary>
    public bool IsOver { get; init; }

    /// <summary>What was last told of it where it is discussed.</summary>
    public Told? Told { get; init; }

    [JsonIgnore]
    public string Key => $"{Source}/{Site.Environment}";
}

/// <summary>What was told of a commit, so that it is told once.</summary>
/// <param name="State">pending, success, failure or gone.</param>
public sealed record Told(string Commit, string State);
