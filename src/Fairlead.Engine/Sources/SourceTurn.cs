using Fairlead.Engine.Operations;
using Fairlead.Model.Git;

namespace Fairlead.Engine.Sources;

/// <summary>What is done about a source's branch after a look. Pure.</summary>
public abstract record SourceTurn
{
    private SourceTurn() { }

    /// <summary>Nothing is new.</summary>
    public sealed record Rest : SourceTurn;

    /// <summary>The branch is gone; what is live stays.</summary>
    public sealed record Gone : SourceTurn;

    /// <summary>What is under way ends first; then the newest commit of that time is taken.</summary>
    public sealed record Wait(DeploymentPhase For) : SourceTurn;

    /// <summary>The commit changes nothing that is deployed.</summary>
    public sealed record Leave(string Commit) : SourceTurn;

    /// <summary>The commit was handed over before, and only that was forgotten.</summary>
    public sealed record Remember(string Commit, int Release) : SourceTurn;

    public sealed record Ship(string Commit) : SourceTurn;

    /// <param name="changed">Files that differ from the commit before; null when that is not known.</param>
    public static SourceTurn Of(SourceView now, IReadOnlyList<string>? changed) =>
        now.Head is not { } head ? new Gone()
        : head == now.State.Commit ? new Rest()
        : now.Latest is { } latest && latest.Commit == head ? new Remember(head, latest.Number)
        // What waits for people may wait for days; what is being built or rolled out is over soon, and one that was always overtaken
        // would never get there.
        : now.Phase is { } phase && !phase.IsOver && phase is not DeploymentPhase.AwaitingApproval ? new Wait(phase)
        : now.Source.Paths.Count > 0
        && changed is not null
        && !changed.Any(file => Patterns.Fit(now.Source.Paths, file))
            ? new Leave(head)
        : new Ship(head);
}

/// <param name="Head">The branch's commit; null when there is no such branch.</param>
/// <param name="Latest">The site's newest release; null when it has none.</param>
/// <param name="Phase">Of the deployment under way; null for none.</param>
public sealed record SourceView(
    GitSource Source,
    SourceState State,
    string? Head,
    Model.Releases.Release? Latest,
    DeploymentPhase? Phase
);
