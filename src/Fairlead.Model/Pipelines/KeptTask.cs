namespace Fairlead.Model.Pipelines;

/// <summary>A file or a link of a workspace.</summary>
/// <param name="Path">From the workspace, with <c>/</c>.</param>
/// <param name="Digest">SHA-256 of its bytes, 64 hex digits; of a link, where it points to.</param>
/// <param name="Size">In bytes; 0 for a link.</param>
public sealed record WorkFile(string Path, string Digest, long Size, bool IsExecutable, bool IsLink);

/// <summary>What a task made once, and of what.</summary>
/// <param name="Outputs">Sorted by path.</param>
/// <param name="Took">How long it ran.</param>
/// <param name="Scope">The branch on which it was made.</param>
public sealed record KeptTask(
    TaskKey Key,
    IReadOnlyList<WorkFile> Outputs,
    TimeSpan Took,
    DateTimeOffset Made,
    string Scope
);
