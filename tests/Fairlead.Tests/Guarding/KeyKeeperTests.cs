using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Security;
using Fairlead.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Fairlead.Tests.Guarding;

public sealed class KeyKeeperTests
{
    private static readonly Site Shop = new("shop", "production");

    private readonly MemoryStore store;
    private readonly Edge edge = new();
    private readonly KeyKeeper keeper;

    public KeyKeeperTests()
    {
        var world = new World(new FakeTimeProvider(), new Random(1));
        store = new MemoryStore(world);
        keeper = new KeyKeeper(store, edge, world, NullLogger<KeyKeeper>.Instance);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_edge_gets_what_it_has_not_and_nothing_twice()
    {
        var fence = await store.TakeChargeAsync("test", Stop);
        await WriteAsync(fence, "aaaaaaaaaaaa");
        await keeper.SettleAsync(fence, Stop);
        await keeper.SettleAsync(fence, Stop);
        await WriteAsync(fence, "bbbbbbbbbbbb");
        await keeper.SettleAsync(fence, Stop);
        await RemoveAsync(fence, "aaaaaaaaaaaa");
        await RemoveAsync(fence, "bbbbbbbbbbbb");
        await keeper.SettleAsync(fence, Stop);
        await keeper.SettleAsync(fence, Stop);
        Assert.Equal(
            ["shop/production aaaaaaaaaaaa", "shop/production aaaaaaaaaaaa bbbbbbbbbbbb", "shop/production "],
            edge.Orders
        );
    }

    [Fact]
    public async Task An_edge_that_lost_its_keys_gets_them_again()
    {
        var fence = await store.TakeChargeAsync("test", Stop);
        await WriteAsync(fence, "aaaaaaaaaaaa");
        await keeper.SettleAsync(fence, Stop);
        edge.Rings.Clear();
        await keeper.SettleAsync(fence, Stop);
        Assert.Equal(2, edge.Orders.Count);
    }

    private Task WriteAsync(Fence fence, string id)
    {
        var key = new ApiKey
        {
            Id = id,
            Name = "acme",
            Site = Shop,
            Hash = ApiKey.HashOf(id),
            CreatedAt = DateTimeOffset.UnixEpoch,
        };
        return store.CommitAsync(
            new Change(fence)
            {
                Writes = [new Write(KeyKeeper.Collection, KeyKeeper.KeyOf(Shop, id), Records.Body(key))],
            },
            Stop
        );
    }

    private Task RemoveAsync(Fence fence, string id) =>
        store.CommitAsync(
            new Change(fence) { Writes = [new Write(KeyKeeper.Collection, KeyKeeper.KeyOf(Shop, id), Body: null)] },
            Stop
        );

    private sealed class Edge : IKeyRings
    {
        public Dictionary<Site, KeyRing> Rings { get; } = [];

        public List<string> Orders { get; } = [];

        public Task<IReadOnlyDictionary<string, string>> DigestsAsync(CancellationToken stop) =>
            Task.FromResult<IReadOnlyDictionary<string, string>>(
                Rings.Values.ToDictionary(ring => ring.Site.ToString(), ring => ring.Digest)
            );

        public Task ApplyAsync(KeyRing ring, Fence fence, CancellationToken stop)
        {
            Orders.Add($"{ring.Site} {string.Join(' ', ring.Keys.Select(key => key.Id))}");
            Rings.Remove(ring.Site);
            if (ring.Keys.Count > 0)
            {
                Rings.Add(ring.Site, ring);
            }
            return Task.CompletedTask;
        }
    }
}
