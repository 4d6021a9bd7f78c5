using System.Text.Json;
using Fairlead.Drivers.Http;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;
using static Fairlead.Tests.Edge.EdgeSample;

namespace Fairlead.Tests.Edge;

/// <summary>What every router promises.</summary>
public abstract class RouterContract
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>The router; at first one that routes nothing.</summary>
    protected abstract Task<IRouter> OpenAsync();

    /// <summary>The same router after it was killed and started again.</summary>
    protected abstract Task<IRouter> ReopenAsync();

    [Fact]
    public async Task A_site_nobody_spoke_of_routes_nothing()
    {
        var router = await OpenAsync();
        AssertSame(Model.Releases.Routing.None(Shop), (await router.ObserveAsync(Shop, Stop)).Routing);
    }

    [Fact]
    public async Task What_is_applied_is_observed_and_may_be_applied_again()
    {
        var router = await OpenAsync();
        var routing = Routing(Backend(41, 90, 5001, 5002), Backend(42, 10, 5003) with { PreviewHost = "next.example" });
        await router.ApplyAsync(routing, new Fence(3), Stop);
        await router.ApplyAsync(routing, new Fence(3), Stop);
        var view = await router.ObserveAsync(Shop, Stop);
        AssertSame(routing, view.Routing);
        Assert.Equal(["api@41", "api@42"], view.Traffic.Select(one => one.Part.ToString()));
        Assert.Equal(0, view.InFlightOf(Key(41)));
    }

    [Fact]
    public async Task A_routing_replaces_the_whole_of_its_site_and_nothing_of_others()
    {
        var router = await OpenAsync();
        var blog = new Routing(new Site("blog", "production"), ["blog.example"], []);
        await router.ApplyAsync(Routing(Backend(41, 100, 5001)), new Fence(1), Stop);
        await router.ApplyAsync(blog, new Fence(1), Stop);
        await router.ApplyAsync(Routing(Backend(42, 100, 5002)), new Fence(1), Stop);
        AssertSame(Routing(Backend(42, 100, 5002)), (await router.ObserveAsync(Shop, Stop)).Routing);
        AssertSame(blog, (await router.ObserveAsync(blog.Site, Stop)).Routing);
    }

    [Fact]
    public async Task A_server_that_is_no_longer_in_charge_is_refused_even_after_a_restart()
    {
        var router = await OpenAsync();
        await router.ApplyAsync(Routing(Backend(41, 100, 5001)), new Fence(7), Stop);
        await RefusesAsync(router);
        await RefusesAsync(await ReopenAsync());

        static async Task RefusesAsync(IRouter router)
        {
            var apply = await Assert.ThrowsAsync<FencedException>(() =>
                router.ApplyAsync(Routing(Backend(42, 100, 5002)), new Fence(6), Stop)
            );
            var cut = await Assert.ThrowsAsync<FencedException>(() =>
                router.CutAsync(Shop, [Key(41)], new Fence(6), Stop)
            );
            Assert.Equal(
                [(6L, 7L), (6L, 7L)],
                new[] { apply, cut }.Select(one => (one.Mine.Number, one.Highest.Number))
            );
            AssertSame(Routing(Backend(41, 100, 5001)), (await router.ObserveAsync(Shop, Stop)).Routing);
        }
    }

    [Fact]
    public async Task The_fence_of_a_cut_and_of_a_routing_already_known_is_remembered_too()
    {
        var router = await OpenAsync();
        await router.ApplyAsync(Routing(Backend(41, 100, 5001)), new Fence(1), Stop);
        await router.CutAsync(Shop, [Key(41)], new Fence(2), Stop);
        await router.ApplyAsync(Routing(Backend(41, 100, 5001)), new Fence(3), Stop);
        router = await ReopenAsync();
        await Assert.ThrowsAsync<FencedException>(() => router.CutAsync(Shop, [], new Fence(2), Stop));
    }

    [Fact]
    public async Task Who_takes_charge_is_obeyed_from_then_on_and_the_one_before_is_not()
    {
        var router = await OpenAsync();
        await router.TakeChargeAsync(new Fence(5), Stop);
        await router.TakeChargeAsync(new Fence(5), Stop);
        await Assert.ThrowsAsync<FencedException>(() => router.TakeChargeAsync(new Fence(4), Stop));
        router = await ReopenAsync();
        await Assert.ThrowsAsync<FencedException>(() => router.CutAsync(Shop, [], new Fence(4), Stop));
        await router.ApplyAsync(Routing(Backend(41, 100, 5001)), new Fence(5), Stop);
    }

    [Fact]
    public async Task Routings_outlive_the_router_and_its_counters_begin_anew()
    {
        var router = await OpenAsync();
        await router.ApplyAsync(Routing(Backend(41, 100, 5001)), new Fence(1), Stop);
        var before = await router.ObserveAsync(Shop, Stop);
        var after = await (await ReopenAsync()).ObserveAsync(Shop, Stop);
        AssertSame(before.Routing, after.Routing);
        Assert.NotEqual(before.Epoch, after.Epoch);
    }

    [Fact]
    public async Task A_replica_that_is_not_there_has_nothing_to_cut()
    {
        var router = await OpenAsync();
        await router.CutAsync(Shop, [Key(41)], new Fence(1), Stop);
    }

    [Fact]
    public async Task A_routing_that_makes_no_sense_is_refused_and_the_old_one_stays()
    {
        var router = await OpenAsync();
        await router.ApplyAsync(Routing(Backend(41, 100, 5001)), new Fence(1), Stop);
        var caught = await Assert.ThrowsAsync<ProblemException>(() =>
            router.ApplyAsync(Routing(Backend(41, 50, 5001), Backend(42, 40, 5002)), new Fence(1), Stop)
        );
        Assert.Equal(
            ["edge.routing-refused: api: shares sum to 90 %, not to 100 %."],
            caught.Problems.Select(one => $"{one.Code}: {one.Why}")
        );
        AssertSame(Routing(Backend(41, 100, 5001)), (await router.ObserveAsync(Shop, Stop)).Routing);
    }

    private static void AssertSame(Routing expected, Routing actual) =>
        Assert.Equal(JsonSerializer.Serialize(expected, Wire.Json), JsonSerializer.Serialize(actual, Wire.Json));
}
