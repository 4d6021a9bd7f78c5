using Fairlead.Drivers.Http;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;

namespace Fairlead.Drivers.Targets;

/// <summary>Runs replicas as processes of this machine, through its node.</summary>
/// <param name="node">Asks the node; see <see cref="State.StateFolder.Socket"/>.</param>
public sealed class LocalTarget(RoleClient node) : ITarget
{
    public TargetAbilities Abilities { get; } = new(FixedPortsOverlap: false, ServesStaticFiles: true);

    public Task TakeChargeAsync(Fence fence, CancellationToken stop) =>
        node.PostAsync<object?>("/charge", body: null, fence, stop);

    public async Task<IReadOnlyList<Instance>> ObserveAsync(Site site, CancellationToken stop) =>
        await node.GetAsync<List<Instance>>($"/instances?site={Uri.EscapeDataString(site.ToString())}", stop);

    public Task EnsureAsync(InstanceOrder order, Fence fence, CancellationToken stop) =>
        node.PostAsync<object?>("/ensure", order, fence, stop);

    public Task StopAsync(InstanceKey key, Fence fence, CancellationToken stop) =>
        node.PostAsync<object?>($"/stop?key={Uri.EscapeDataString(key.ToString())}", body: null, fence, stop);
}
