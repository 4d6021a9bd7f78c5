using Fairlead.Model.Ports;
using Fairlead.Model.Releases;
using Fairlead.Roles.Edge;
using static Fairlead.Tests.Edge.EdgeSample;

namespace Fairlead.Tests.Edge;

public sealed class ChoiceTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(10)]
    [InlineData(33)]
    [InlineData(50)]
    public void A_share_is_kept_within_three_requests_of_any_thousand(int percent)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var service = Service(seed, Backend(41, 100 - percent, 5001), Backend(42, percent, 5002));
            for (var round = 0; round < 5; round++)
            {
                Assert.InRange(Draw(service, 1_000).GetValueOrDefault("api@42"), percent * 10 - 3, percent * 10 + 3);
            }
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(10)]
    public void A_share_holds_for_every_kind_of_request_in_a_steady_rhythm(int rhythm)
    {
        var service = Service(1, Backend(41, 90, 5001), Backend(42, 10, 5002));
        var ofOneKind = 0;
        for (var number = 0; number < 1_000 * rhythm; number++)
        {
            var isCanary = service.Choose(only: null, tried: default)!.Value.Part.Part.Since == 42;
            ofOneKind += isCanary && number % rhythm == 0 ? 1 : 0;
        }
        Assert.InRange(ofOneKind, 90, 110);
    }

    [Fact]
    public void Second_tries_take_nothing_from_the_shares_of_first_ones()
    {
        var service = Service(1, Backend(41, 50, 5001), Backend(42, 50, 5002));
        var firstTries = 0;
        for (var number = 0; number < 1_000; number++)
        {
            var first = service.Choose(only: null, tried: default)!.Value;
            if (first.Part.Part.Since == 42)
            {
                firstTries++;
                Assert.Equal(41, service.Choose(only: null, default(Tried).And(first))!.Value.Part.Part.Since);
            }
        }
        Assert.InRange(firstTries, 497, 503);
    }

    [Fact]
    public void Parts_without_a_share_get_nothing_and_three_parts_get_theirs()
    {
        var service = Service(1, Backend(40, 0, 5000), Backend(41, 20, 5001), Backend(42, 80, 5002));
        var drawn = Draw(service, 1_000);
        Assert.Equal(["api@41", "api@42"], drawn.Keys.Order());
        Assert.InRange(drawn["api@41"], 197, 203);
    }

    [Fact]
    public void All_replicas_of_a_part_get_their_turn_at_any_share()
    {
        var service = Service(1, Backend(41, 95, 5000), Backend(42, 5, 5001, 5002, 5003));
        var slots = new int[3];
        for (var number = 0; number < 20_000; number++)
        {
            if (service.Choose(only: null, tried: default) is { Part.Part.Since: 42 } chosen)
            {
                slots[chosen.Replica.Key.Slot]++;
            }
        }
        Assert.All(slots, count => Assert.InRange(count, 250, 420));
    }

    [Fact]
    public void Of_two_replicas_the_less_busy_one_is_chosen_and_a_broken_one_only_if_there_is_no_other()
    {
        var service = Service(1, Backend(41, 100, 5001, 5002));
        var (first, second) = (service.Parts[0].Replicas[0], service.Parts[0].Replicas[1]);
        first.Enter();
        Assert.All(Enumerable.Range(0, 50), _ => Assert.Same(second, Choose()));
        Assert.True(second.MarkDown());
        Assert.All(Enumerable.Range(0, 50), _ => Assert.Same(first, Choose()));
        Assert.True(first.MarkDown());
        Assert.All(Enumerable.Range(0, 50), _ => Assert.Same(second, Choose()));

        Replica Choose() => service.Choose(only: null, tried: default)!.Value.Replica;
    }

    [Fact]
    public void A_release_whose_replicas_are_all_down_keeps_its_share()
    {
        var service = Service(1, Backend(41, 90, 5001), Backend(42, 10, 5002));
        service.Parts[1].Replicas[0].MarkDown();
        Assert.InRange(Draw(service, 1_000)["api@42"], 97, 103);
    }

    [Fact]
    public void A_second_try_goes_to_the_same_release_then_to_another_with_a_share_then_to_nobody()
    {
        var service = Service(1, Backend(40, 0, 5000), Backend(41, 50, 5001), Backend(42, 50, 5002, 5003));
        var tried = default(Tried).And(new LiveReplica(service.Parts[2], service.Parts[2].Replicas[0]));
        var second = service.Choose(only: null, tried)!.Value;
        Assert.Same(service.Parts[2].Replicas[1], second.Replica);
        tried = tried.And(second);
        Assert.Same(service.Parts[1].Replicas[0], service.Choose(only: null, tried)!.Value.Replica);
        Assert.Null(service.Choose(only: service.Parts[2], tried));
    }

    [Fact]
    public void Two_failures_in_a_row_are_a_replica_down_and_one_success_is_it_up()
    {
        var replica = new Replica(Key(1), new Uri("http://127.0.0.1:1"));
        Assert.False(replica.Probed(isAlive: false));
        Assert.False(replica.Probed(isAlive: true));
        Assert.False(replica.Probed(isAlive: false));
        Assert.True(replica.IsUp);
        Assert.True(replica.Probed(isAlive: false));
        Assert.False(replica.IsUp);
        Assert.False(replica.MarkDown());
        Assert.True(replica.Probed(isAlive: true));
        Assert.True(replica.IsUp);
    }

    private static Dictionary<string, int> Draw(LiveService service, int times)
    {
        var drawn = new Dictionary<string, int>();
        for (var number = 0; number < times; number++)
        {
            var name = service.Choose(only: null, tried: default)!.Value.Part.Name;
            drawn[name] = drawn.GetValueOrDefault(name) + 1;
        }
        return drawn;
    }

    private static LiveService Service(int seed, params IReadOnlyList<Backend> backends) =>
        RouteTable
            .Build([Routing(backends)], new Ledger(new World(TimeProvider.System, new Random(seed))), before: null)
            .FindNamed("/shop.production.api")!;
}
