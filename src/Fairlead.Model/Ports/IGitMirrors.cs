using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Model.Ports;

/// <summary>Bare copies of git repositories, one for each source, and folders with what a commit holds.</summary>
public interface IGitMirrors
{
    /// <summary>Makes the mirror look like the repository: new commits come, branches that are gone there are gone.</summary>
    /// <returns>The head of each branch by its name, and of each change that was asked for by <c>change:NUMBER</c>, which no branch can be called.</returns>
    /// <exception cref="ProblemException">It cannot be reached, refuses, is too large or takes too long.</exception>
    Task<IReadOnlyDictionary<string, GitHead>> FetchAsync(GitOrder order, CancellationToken stop);

    /// <summary>
    /// A folder with what a commit holds, with a small repository of its own that has the branch checked out, and its submodules in their places at the commits that it names.
    /// Finds it when it is there.
    /// </summary>
    /// <returns>Its path, absolute.</returns>
    /// <exception cref="ProblemException">The commit is not in the mirror, holds too much, names a submodule that may not be fetched, or files of Git LFS that are not to be had.</exception>
    Task<string> CheckOutAsync(GitOrder order, string branch, string commit, CancellationToken stop);

    /// <summary>A folder within one that was checked out, by no link.</summary>
    /// <exception cref="ProblemException">There is none.</exception>
    string Inside(string source, string tree, string folder);

    /// <summary>Files that differ between two commits, at most 100,000; null when one of them is not in the mirror.</summary>
    Task<IReadOnlyList<string>?> ChangedAsync(string source, string from, string to, CancellationToken stop);

    /// <summary>Whether all of the older commit is in the newer one; false also when it is not in the mirror.</summary>
    Task<bool> IsWithinAsync(string source, string older, string newer, CancellationToken stop);

    /// <summary>Commits that one has and another has not, newest first; null when one of them is not in the mirror.</summary>
    /// <param name="max">1 to 1,000.</param>
    Task<GitLog?> LogAsync(string source, (string Without, string With) between, int max, CancellationToken stop);

    /// <summary>Removes folders of commits, but those in which something is that is used.</summary>
    /// <param name="used">Paths, absolute.</param>
    void Prune(string source, IReadOnlySet<string> used);

    /// <summary>Removes a mirror with all its folders.</summary>
    void Remove(string source);
}

/// <param name="At">When it was committed, by the word of who did.</param>
public readonly record struct GitHead(string Commit, DateTimeOffset At);

/// <param name="Source">Its name, which names its folder.</param>
/// <param name="IsInside">It may stand on this machine or in its network.</param>
/// <param name="Token">With which it is read; null for none.</param>
/// <param name="Changes">Changes of others that are fetched as well, as the forge calls their references.</param>
public sealed record GitOrder(
    string Source,
    string Url,
    bool IsInside,
    Secret? Token,
    IReadOnlyDictionary<int, string> Changes
)
{
    /// <summary>Hosts beside the repository's own that its submodules may come from; they are not given the token.</summary>
    public IReadOnlyList<string> ModuleHosts { get; init; } = [];
}

/// <param name="Count">How many there are; <paramref name="Newest"/> has no more of them than was asked for.</param>
public sealed record GitLog(int Count, IReadOnlyList<GitCommit> Newest);

/// <param name="Title">The first line of its message, at most 200 letters.</param>
public sealed record GitCommit(string Id, string Author, DateTimeOffset At, string Title);
