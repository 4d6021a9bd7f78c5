using Fairlead.Model.Problems;

namespace Fairlead.Model.Ports;

/// <summary>Files of a folder as commits of its repository have them.</summary>
public interface IRevisions
{
    /// <param name="revision">A branch, a tag or a commit.</param>
    /// <param name="path">From the folder.</param>
    /// <returns>Null when the commit has no such file.</returns>
    /// <exception cref="ProblemException">There is no repository, or no such commit in it.</exception>
    Task<byte[]?> ReadAsync(string revision, string path, CancellationToken stop);
}
