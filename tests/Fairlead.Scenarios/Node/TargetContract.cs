using Fairlead.Model.Ports;
using Fairlead.Model.Releases;

namespace Fairlead.Scenarios.Node;

/// <summary>What every target promises, whatever it runs replicas on.</summary>
public abstract class TargetContract
{
    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    protected abstract ITarget Target { get; }

    /// <summary>How long a replica may take to be what was asked.</summary>
    protected virtual TimeSpan Patience => NodeFixture.Patience;

    /// <summary>A replica that becomes ready; each slot is another.</summary>
    protected abstract InstanceOrder Order(int slot);

    [Fact]
    public async Task Starting_twice_is_starting_once()
    {
        var order = Order(0);
        await Target.EnsureAsync(order, new Fence(1), Stop);
        var first = await AwaitAsync(order.Key, seen => seen?.State == InstanceState.Ready);
        await Target.EnsureAsync(order, new Fence(1), Stop);

        Assert.Equal(first, Assert.Single(await Target.ObserveAsync(order.Key.Site, Stop)));
    }

    [Fact]
    public async Task A_stopped_replica_is_not_observed_any_more_and_stopping_it_again_is_success()
    {
        var order = Order(0);
        await Target.EnsureAsync(order, new Fence(1), Stop);
        await Target.StopAsync(order.Key, new Fence(1), Stop);
        await Target.StopAsync(order.Key, new Fence(1), Stop);
        await AwaitAsync(order.Key, seen => seen is null);
        await Target.StopAsync(order.Key, new Fence(1), Stop);
    }

    [Fact]
    public async Task Replicas_are_independent_and_seen_by_their_site_alone()
    {
        var (one, other) = (Order(0), Order(1));
        await Target.EnsureAsync(one, new Fence(1), Stop);
        await Target.EnsureAsync(other, new Fence(1), Stop);
        await AwaitAsync(one.Key, seen => seen?.State == InstanceState.Ready);
        await AwaitAsync(other.Key, seen => seen?.State == InstanceState.Ready);
        await Target.StopAsync(one.Key, new Fence(1), Stop);
        await AwaitAsync(one.Key, seen => seen is null);

        Assert.Equal(other.Key, Assert.Single(await Target.ObserveAsync(one.Key.Site, Stop)).Key);
        Assert.Empty(await Target.ObserveAsync(one.Key.Site with { Environment = "elsewhere" }, Stop));
    }

    [Fact]
    public async Task A_stale_server_is_refused_and_told_who_is_in_charge()
    {
        var order = Order(0);
        await Target.EnsureAsync(order, new Fence(7), Stop);

        var start = await Assert.ThrowsAsync<FencedException>(() => Target.EnsureAsync(Order(1), new Fence(6), Stop));
        var end = await Assert.ThrowsAsync<FencedException>(() => Target.StopAsync(order.Key, new Fence(6), Stop));

        Assert.Equal([new Fence(7), new Fence(7)], [start.Highest, end.Highest]);
        Assert.Equal(order.Key, Assert.Single(await Target.ObserveAsync(order.Key.Site, Stop)).Key);
    }

    private async Task<Instance?> AwaitAsync(InstanceKey key, Func<Instance?, bool> isMet)
    {
        Instance? last = null;
        await NodeFixture.UntilAsync(
            async () => isMet(last = (await Target.ObserveAsync(key.Site, Stop)).FirstOrDefault(one => one.Key == key)),
            () => $"last seen: {last} {last?.Problem}",
            Patience
        );
        return last;
    }
}
