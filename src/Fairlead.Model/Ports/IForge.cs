using Fairlead.Model.Git;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Model.Ports;

/// <summary>Where changes of a repository are discussed.</summary>
public interface IForge
{
    /// <summary>The open change of a branch of the repository itself, not of a fork; null when there is none.</summary>
    /// <exception cref="ProblemException">It cannot be reached, or refuses.</exception>
    Task<int?> ChangeOfAsync(string branch, CancellationToken stop);

    /// <summary>Whether a change is still open; false when there is none of this number.</summary>
    /// <exception cref="ProblemException">It cannot be reached, or refuses.</exception>
    Task<bool> IsOpenAsync(int change, CancellationToken stop);

    /// <summary>Writes the one comment that begins with a mark: changes it where it is there.</summary>
    /// <exception cref="ProblemException">It cannot be reached, or refuses.</exception>
    Task CommentAsync(int change, string mark, string text, CancellationToken stop);

    /// <summary>Says beside a commit how its deployment stands.</summary>
    /// <exception cref="ProblemException">It cannot be reached, or refuses.</exception>
    Task StatusAsync(string commit, ForgeStatus status, CancellationToken stop);
}

/// <summary>Opens forges by their addresses.</summary>
public interface IForges
{
    /// <param name="isInside">It may stand on this machine or in its network.</param>
    IForge Open(ForgeAddress address, bool isInside, Secret token);
}

/// <param name="State">pending, success or failure.</param>
/// <param name="Context">Which of several it is, such as <c>fairlead/production</c>.</param>
/// <param name="Text">At most 140 letters.</param>
public sealed record ForgeStatus(string State, string Context, string Text, Uri? Url);
