using Fairlead.Engine.Deploying.Strategies;
using Fairlead.Model.Apps;
using Fairlead.Model.Releases;

namespace Fairlead.Tests.Deploying;

public sealed class StrategyTests
{
    [Fact]
    public void A_canary_grows_share_by_share_and_each_share_is_watched() =>
        Assert.Equal(
            [
                "place api@42 x2",
                "shift 5% to api@42",
                "watch judge errors +0.5 points, latency +10% on api@42 for 5m",
                "shift 50% to api@42",
                "watch judge errors +0.5 points, latency +10% on api@42 for 5m",
                "shift 100% to api@42",
            ],
            Text(new Canary { Shares = [5.Percent, 50.Percent], Hold = 5.Minutes }, replicas: 2)
        );

    [Fact]
    public void Limits_are_watched_beside_the_judge_and_alone_where_it_is_off() =>
        Assert.Equal(
            [
                "watch judge errors +0.5 points, latency +10%, p95 < 300ms on api@42 for 1m",
                "watch p95 < 300ms on api@42 for 1m",
                "watch error-rate < 1% on api@42 for 1m",
                "watch judge as kayenta does on api@42 for 1m",
            ],
            new Canary[]
            {
                new() { Gates = [new Gate.Latency(95, TimeSpan.FromMilliseconds(300))] },
                new()
                {
                    Gates = [new Gate.Latency(95, TimeSpan.FromMilliseconds(300))],
                    Judge = new() { Kind = JudgeKind.Off },
                },
                new() { Judge = new() { Kind = JudgeKind.Off } },
                new() { Judge = new() { Kind = JudgeKind.Kayenta } },
            }.Select(canary =>
                Text(canary, replicas: 1).First(step => step.StartsWith("watch", StringComparison.Ordinal))
            )
        );

    [Fact]
    public void A_rolling_update_is_judged_while_both_parts_answer() =>
        Assert.Equal(
            [
                "watch judge errors +0.5 points, latency +10% on api@42 for 30s",
                "watch error-rate < 1% on api@42 for 30s",
            ],
            Text(new Rolling { Hold = 30.Seconds }, replicas: 2)
                .Where(step => step.StartsWith("watch", StringComparison.Ordinal))
        );

    [Fact]
    public void A_first_release_has_nobody_to_share_with() =>
        Assert.Equal(["place api@42 x2", "shift 100% to api@42"], Text(new Canary(), replicas: 2, isFirst: true));

    [Fact]
    public void A_rolling_update_never_runs_fewer_replicas_than_wanted_and_one_more_at_most() =>
        Assert.Equal(
            [
                "place api@42 x1",
                "shift 33% to api@42",
                "retire api@41 to x2",
                "place api@42 x2",
                "shift 66% to api@42",
                "retire api@41 to x1",
                "place api@42 x3",
                "shift 100% to api@42",
                "retire api@41",
            ],
            Text(new Rolling(), replicas: 3)
        );

    [Fact]
    public void A_rolling_update_without_surge_frees_a_place_first() =>
        Assert.Equal(
            [
                "retire api@41 to x1",
                "place api@42 x1",
                "shift 50% to api@42",
                "retire api@41",
                "place api@42 x2",
                "shift 100% to api@42",
            ],
            Text(new Rolling { MaxSurge = 0, MaxUnavailable = 1 }, replicas: 2)
        );

    [Fact]
    public void Blue_green_gives_all_traffic_in_one_step_after_a_preview() =>
        Assert.Equal(
            [
                "place api@42 x2",
                "preview api@42 at preview.shop.localhost for 10m",
                "shift 100% to api@42",
                "watch error-rate < 1% on api@42 for 30s",
            ],
            Text(new BlueGreen { Preview = 10.Minutes, Hold = 30.Seconds }, replicas: 2)
        );

    [Fact]
    public void Recreate_replaces() => Assert.Equal(["replace with api@42 x1"], Text(new Recreate(), replicas: 1));

    private static IEnumerable<string> Text(IStrategy strategy, int replicas, bool isFirst = false) =>
        strategy
            .Plan(
                new Replacement(
                    isFirst ? null : new Part("api", 41),
                    isFirst ? 0 : replicas,
                    new Part("api", 42),
                    new Service
                    {
                        Name = "api",
                        Kind = Kind.Api,
                        Path = ".",
                        Recipe = new() { Stack = "custom", Run = ["./api"] },
                        Health = new() { Http = "/healthz" },
                        Replicas = replicas,
                        Routes = ["/"],
                    },
                    "preview.shop.localhost"
                )
            )
            .Select(step => step.ToString());
}
