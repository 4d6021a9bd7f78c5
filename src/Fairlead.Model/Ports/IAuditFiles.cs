using Fairlead.Model.Security;

namespace Fairlead.Model.Ports;

/// <summary>What proves the journal and is kept apart from it.</summary>
public interface IAuditFiles
{
    /// <summary>Keeps a head for ever, here and wherever copies go. It is on disk when this comes back.</summary>
    /// <exception cref="Problems.ProblemException">It cannot be written here.</exception>
    Task AppendAsync(TreeHead head, CancellationToken stop);

    /// <summary>All heads that were kept, oldest first.</summary>
    /// <exception cref="Problems.ProblemException">They cannot be read.</exception>
    Task<IReadOnlyList<TreeHead>> HeadsAsync(CancellationToken stop);

    /// <summary>Writes a file for others to check. It is whole and on disk when this comes back; one of that name is replaced.</summary>
    /// <param name="name">Letters, digits, dashes and dots; what ends in <c>.gz</c> is pressed.</param>
    /// <returns>Where it lies.</returns>
    /// <exception cref="Problems.ProblemException">It cannot be written.</exception>
    Task<string> ExportAsync(string name, IAsyncEnumerable<string> lines, CancellationToken stop);
}
