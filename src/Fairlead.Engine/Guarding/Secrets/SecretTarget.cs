using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Guarding.Secrets;

/// <summary>
/// A target whose programs get secrets: before one is started, its values are handed over apart from the order, which only names
/// them. So no order, plan, release or journal ever holds a value.
/// </summary>
public sealed class SecretTarget(ITarget target, ISecretShelf shelf, Vault vault) : ITarget
{
    public TargetAbilities Abilities => target.Abilities;

    public Task TakeChargeAsync(Fence fence, CancellationToken stop) => target.TakeChargeAsync(fence, stop);

    public Task<IReadOnlyList<Instance>> ObserveAsync(Site site, CancellationToken stop) =>
        target.ObserveAsync(site, stop);

    public Task StopAsync(InstanceKey key, Fence fence, CancellationToken stop) => target.StopAsync(key, fence, stop);

    public async Task EnsureAsync(InstanceOrder order, Fence fence, CancellationToken stop)
    {
        if (order.Service.Secrets is not { Count: > 0 } uses)
        {
            await target.EnsureAsync(order, fence, stop);
            return;
        }
        var given = await vault.ForStartAsync(order.Key.Site, uses, stop);
        await shelf.GiveAsync([.. given.Select(one => one.Value)], fence, stop);
        await vault.NoteAsync(
            order.Key.Site,
            Given(order.Key, [.. given.Select(one => one.Value.Version.Label)]),
            stop
        );
        var service = order.Service with { Secrets = [.. given.Select(one => one.Use)] };
        await target.EnsureAsync(order with { Service = service }, fence, stop);
    }

    private static string Given(InstanceKey key, IReadOnlyList<string> names) =>
        $"{key.Part}#{key.Slot} is started with {string.Join(", ", names)}";
}
