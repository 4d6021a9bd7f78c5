using Fairlead.Drivers.Http;
using Fairlead.Drivers.Nodes;
using Fairlead.Model.Ports;
using Fairlead.Model.Security;

namespace Fairlead.Drivers.Targets;

/// <summary>Hands values to the node of this machine, over its Unix socket.</summary>
/// <param name="node">Asks the node; see <see cref="State.StateFolder.Socket"/>.</param>
public sealed class LocalSecrets(RoleClient node) : ISecretShelf
{
    public async Task<IReadOnlyList<SecretVersion>> MissingAsync(CancellationToken stop) =>
        await node.GetAsync<List<SecretVersion>>("/secrets/missing", stop);

    public async Task GiveAsync(IReadOnlyList<SecretValue> values, Fence fence, CancellationToken stop)
    {
        // One by one, so that none of the largest makes a request too large.
        foreach (var one in values)
        {
            await node.PostAsync<object?>(
                "/secrets/give",
                new SecretGift(one.Version, one.Value.Reveal()),
                fence,
                stop
            );
        }
    }
}
