using Fairlead.Drivers.Http;
using Fairlead.Model.Ports;
using Fairlead.Model.Security;

namespace Fairlead.Drivers.Targets;

/// <summary>What replicas of this machine do on the network, told by its node.</summary>
public sealed class LocalSights(RoleClient node) : IReplicaSights
{
    /// <summary>Where the node tells it.</summary>
    public const string Path = "/sights";

    public async Task<IReadOnlyList<ReplicaSight>> LookAsync(CancellationToken stop) =>
        await node.GetAsync<List<ReplicaSight>>(Path, stop);
}
