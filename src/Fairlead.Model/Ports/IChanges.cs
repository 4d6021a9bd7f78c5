using Fairlead.Model.Problems;

namespace Fairlead.Model.Ports;

/// <summary>What changed in a folder, as its repository says it.</summary>
public interface IChanges
{
    /// <summary>Files that differ from where the work left another branch: by commits, by changes that are in none yet, and files that are new.</summary>
    /// <param name="reference">The other branch, a tag or a commit; null for the main branch, as the remote has it where there is one.</param>
    /// <exception cref="ProblemException">There is no repository or no git, or the two have no commit in common.</exception>
    Task<ChangedFiles> SinceAsync(string? reference, CancellationToken stop);
}

/// <param name="Since">With what it was compared.</param>
/// <param name="Paths">From the folder, sorted; also those that are gone. Of what was renamed, both names.</param>
public sealed record ChangedFiles(string Since, IReadOnlyList<string> Paths);
