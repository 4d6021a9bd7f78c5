using Fairlead.Model.Problems;

namespace Fairlead.Model.Git;

/// <summary>What is remembered of a source beside what was said of it.</summary>
public sealed record SourceState(string Name)
{
    /// <summary>The latest look at the repository that succeeded.</summary>
    public DateTimeOffset? LookedAt { get; init; }

    /// <summary>The commit of the branch that was last handed over to be deployed, refused or left out.</summary>
    public string? Commit { get; init; }

    /// <summary>What became of it, in words.</summary>
    public string? Outcome { get; init; }

    public string? Deployment { get; init; }

    /// <summary>Why the latest look failed, or the commit was not deployed.</summary>
    public Problem? Trouble { get; init; }

    /// <summary>What was last told of the commit.</summary>
    public Told? Told { get; init; }
}
