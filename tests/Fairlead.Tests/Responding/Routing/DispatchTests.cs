using System.Globalization;
using Fairlead.Engine.Responding.Routing;
using Fairlead.Model.Alerting;

namespace Fairlead.Tests.Responding.Routing;

/// <summary>Who is told of which alerts, and when.</summary>
public sealed class DispatchTests
{
    private const string File = """
        route:
          receiver: ops
          group_by: [app]
          group_wait: 10s
          group_interval: 60s
          repeat_interval: 1h
          routes:
            - { matchers: [severity="page"], receiver: pager, group_wait: 0s, continue: true }
            - { matchers: [app="night"], mute_time_intervals: [noon] }
            - { matchers: [severity=~".+"] }
        receivers: [{ name: ops }, { name: pager }]
        time_intervals:
          - { name: noon, time_intervals: [{ times: [{ start_time: '12:00', end_time: '12:05' }] }] }
        """;

    private readonly RoutingPlan plan = Words.PlanOf(File);
    private readonly List<Alert> alerts = [];
    private readonly HashSet<string> silenced = [];
    private IReadOnlyList<AlertGroup> groups = [];
    private DateTimeOffset? nextAt;

    [Fact]
    public void The_first_waits_for_others_and_what_comes_later_for_the_next_time()
    {
        alerts.Add(Words.Fires("A", "app=shop"));
        Assert.Empty(Decide(0));
        Assert.Equal(Words.At(10), nextAt);
        alerts.Add(Words.Fires("B", "app=shop", since: 5));
        Assert.Empty(Decide(9.9));
        Assert.Equal(["ops FIRING 2: A, B (shop)"], Decide(10));
        Assert.Equal(Words.At(70), nextAt);
        alerts.Add(Words.Fires("C", "app=shop", since: 20));
        Assert.Empty(Decide(20));
        Assert.Equal(["ops FIRING 3: A, B, C (shop)"], Decide(70));
        Assert.Empty(Decide(130));
    }

    [Fact]
    public void Each_group_is_told_for_itself()
    {
        alerts.AddRange([Words.Fires("A", "app=shop"), Words.Fires("A", "app=till")]);

        Decide(0);
        Assert.Equal(["ops FIRING 1: A (shop)", "ops FIRING 1: A (till)"], Decide(10));
    }

    [Fact]
    public void What_cannot_wait_does_not_and_two_receivers_are_told_of_one_alert()
    {
        alerts.Add(Words.Fires("A", "app=shop severity=page"));

        Assert.Equal(["pager FIRING 1: A (shop)"], Decide(0));
        Assert.Equal(["ops FIRING 1: A (shop)"], Decide(10));
    }

    [Fact]
    public void What_still_fires_is_told_again_after_the_time_for_it()
    {
        alerts.Add(Words.Fires("A", "app=shop"));

        Assert.Equal(
            ["10 ops FIRING 1: A (shop)", "3610 ops FIRING 1: A (shop)", "7210 ops FIRING 1: A (shop)"],
            Told(0, 9000)
        );
    }

    [Fact]
    public void The_end_is_told_once_and_what_comes_again_is_news()
    {
        alerts.Add(Words.Fires("A", "app=shop"));
        Decide(0);
        Decide(10);
        alerts[0] = alerts[0].Ended(at: 30);
        Assert.Empty(Decide(30));
        Assert.Equal(["ops RESOLVED: A (shop)"], Decide(70));
        Assert.Empty(Decide(130));
        Assert.Empty(groups);
        alerts[0] = Words.Fires("A", "app=shop", since: 200);
        Assert.Empty(Decide(200));
        Assert.Equal(["ops FIRING 1: A (shop)"], Decide(210));
    }

    [Fact]
    public void What_began_and_ended_before_anybody_was_told_is_never_told()
    {
        alerts.Add(Words.Fires("A", "app=shop"));
        Decide(0);
        alerts[0] = alerts[0].Ended(at: 5);

        Assert.Empty(Told(5, 600));
        Assert.Empty(groups);
    }

    [Fact]
    public void Some_that_end_are_told_beside_those_that_fire_on()
    {
        alerts.AddRange([Words.Fires("A", "app=shop"), Words.Fires("B", "app=shop")]);
        Decide(0);
        Decide(10);
        alerts[0] = alerts[0].Ended(at: 20);
        var told = DecideAll(70);

        Assert.Equal(["firing: B is wrong", "resolved: A is wrong"], Assert.Single(told).Lines);
    }

    [Fact]
    public void What_the_clock_mutes_is_told_when_its_time_is_over()
    {
        alerts.Add(Words.Fires("A", "app=night"));

        Assert.Equal(["310 ops FIRING 1: A (night)"], Told(0, 3000));
    }

    [Fact]
    public void What_is_silenced_is_told_once_it_is_not_and_its_end_always()
    {
        alerts.Add(Words.Fires("A", "app=shop"));
        silenced.Add("A");
        Assert.Empty(Told(0, 300));
        silenced.Clear();
        Assert.Equal(["ops FIRING 1: A (shop)"], Decide(310));
        silenced.Add("A");
        Assert.Empty(Told(311, 4000));
        alerts[0] = alerts[0].Ended(at: 4001);
        Assert.Equal(["ops RESOLVED: A (shop)"], Decide(4090));
    }

    [Fact]
    public void A_group_whose_alerts_are_gone_is_forgotten()
    {
        alerts.Add(Words.Fires("A", "app=shop"));
        Decide(0);
        Decide(10);
        alerts.Clear();

        Assert.Empty(Decide(70));
        Assert.Empty(groups);
        Assert.Null(nextAt);
    }

    [Fact]
    public void A_restart_decides_the_same_under_the_same_ids()
    {
        alerts.AddRange([Words.Fires("A", "app=shop"), Words.Fires("B", "app=till severity=page")]);
        Decide(0);
        var (kept, before) = (groups, DecideAll(10));
        groups = kept; // As it was written down last, before it was killed.

        Assert.Equal(before.Select(Known), DecideAll(25).Select(Known));
        Assert.Equal(before.Count, before.Select(one => one.Id).Distinct().Count());
    }

    [Fact]
    public void A_repetition_has_another_id_and_so_has_the_same_alert_of_another_day()
    {
        alerts.Add(Words.Fires("A", "app=shop"));
        Decide(0);
        var first = Assert.Single(DecideAll(10));
        var second = Assert.Single(DecideAll(3700));
        groups = [];
        alerts[0] = Words.Fires("A", "app=shop", since: 90_000);
        var third = Assert.Single(DecideAll(90_010));

        Assert.Equal(3, new[] { first.Id, second.Id, third.Id }.Distinct().Count());
        Assert.All(new[] { first, second, third }, one => Assert.Equal("{}:{app=\"shop\"}", one.GroupKey));
    }

    [Fact]
    public void A_storm_of_five_thousand_is_told_in_bounded_pieces_and_each_of_its_groups_is_told()
    {
        alerts.AddRange(
            Enumerable
                .Range(0, 5_000)
                .Select(one => Words.Fires("A", $"app=app{one % 10} severity=page instance=i{one}"))
        );
        var told = DecideAll(0);

        Assert.Equal(10, told.Count);
        Assert.All(told, one => Assert.Equal(200, one.Alerts.Count));
        Assert.All(told, one => Assert.Equal(["... and 300 more alerts"], one.Notes));
        Assert.Equal(5_000, groups.Where(one => one.Receiver == "pager").Sum(one => one.Firing.Count));
        // None of those that were only counted is news the next time.
        Assert.DoesNotContain(Decide(60), one => one.StartsWith("pager", StringComparison.Ordinal));
    }

    [Fact]
    public void The_gravest_come_first()
    {
        alerts.AddRange([
            Words.Fires("Old", "app=shop severity=ticket", since: -60),
            Words.Fires("Late", "app=shop severity=page", since: -5),
            Words.Fires("Soon", "app=shop severity=page", since: -9),
        ]);

        Assert.Equal(
            ["Soon", "Late", "Old"],
            Assert.Single(DecideAll(0), one => one.Receiver == "ops").Alerts.Select(one => one.Name)
        );
    }

    private IReadOnlyList<string> Decide(double second) => [.. DecideAll(second).Lines().Order(StringComparer.Ordinal)];

    private IReadOnlyList<Notification> DecideAll(double second)
    {
        var decided = Dispatch.Decide(
            plan,
            alerts,
            groups,
            (one => silenced.Contains(one.Name) ? "silenced" : null, "https://fairlead.example.com"),
            Words.At(second)
        );
        (groups, nextAt) = (decided.Groups, decided.NextAt);
        return decided.Told;
    }

    /// <summary>What is told when it is decided each time that it says, and each ten seconds.</summary>
    private IReadOnlyList<string> Told(int from, int until) =>
        [
            .. Enumerable
                .Range(0, ((until - from) / 10) + 1)
                .Select(one => from + (one * 10))
                .SelectMany(second =>
                    Decide(second).Select(one => string.Create(CultureInfo.InvariantCulture, $"{second} {one}"))
                ),
        ];

    private static string Known(Notification one) => $"{one.Id} {one.Receiver} {one.Title}";
}
