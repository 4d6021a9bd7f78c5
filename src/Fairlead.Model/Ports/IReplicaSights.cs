using Fairlead.Model.Security;

namespace Fairlead.Model.Ports;

/// <summary>Looks at what replicas do on the network, where the target can tell.</summary>
public interface IReplicaSights
{
    /// <summary>Of every replica that runs.</summary>
    /// <exception cref="Problems.ProblemException">The place cannot be reached.</exception>
    Task<IReadOnlyList<ReplicaSight>> LookAsync(CancellationToken stop);
}
