using Fairlead.Engine.Responding.Alerts;
using Fairlead.Engine.Watching.Rules;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;
using Fairlead.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Fairlead.Tests.Responding.Alerts;

/// <summary>Rules that are evaluated all the time, and what is known of them after a restart.</summary>
public sealed class RuleDeskTests
{
    private const string Wrong = """
        groups:
          - name: g
            interval: 10s
            rules:
              - alert: Wrong
                expr: wrong > 0
                for: 20s
                labels: { severity: page }
                annotations: { summary: '{{ $labels.app }} is wrong by {{ $value }}' }
        """;

    private static readonly Site Shop = new("shop", "production");

    private readonly FakeTimeProvider clock = new(Words.Noon);
    private readonly World world;
    private readonly WritingStore store;
    private MetricsInMemory metrics = new();
    private IReadOnlyList<WatchedGroup> groups = [];
    private RuleDesk desk;
    private int changes;

    public RuleDeskTests()
    {
        world = new(clock, new Random(1));
        store = new(world);
        desk = Started();
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_alert_waits_fires_and_ends_and_the_journal_says_so()
    {
        groups = [Of(Wrong)];
        await MeasureAsync("wrong app=shop environment=production", 3);

        Assert.Equal(["0 pending Wrong shop/production"], await TurnAsync(0));
        Assert.Equal(["10 pending Wrong shop/production"], await TurnAsync(10));
        Assert.Equal(["20 firing Wrong shop/production"], await TurnAsync(20));
        await MeasureAsync("wrong app=shop environment=production", 0);
        Assert.Equal(["30 ended Wrong shop/production"], await TurnAsync(30));
        Assert.Empty(await TurnAsync(331));
        Assert.Equal(["Wrong fires: shop is wrong by 3", "Wrong is over: shop is wrong by 3"], store.JournalTexts);
        Assert.Empty(await store.ListAsync(AlertSet.Collection, "", Stop));
        // Once when it was settled, once when it began, once when it ended.
        Assert.Equal(3, changes);
    }

    [Fact]
    public async Task A_restart_neither_forgets_an_alert_nor_raises_it_anew()
    {
        groups = [Of(Wrong)];
        await MeasureAsync("wrong app=shop environment=production", 3);
        foreach (var second in new[] { 0, 10, 20 })
        {
            await TurnAsync(second);
        }
        var before = Assert.Single(desk.Sets.SelectMany(one => one.Firing));
        desk = Started();
        await MeasureAsync("wrong app=shop environment=production", 4);

        Assert.False(desk.IsSettled);
        Assert.Equal(["23 firing Wrong shop/production"], await TurnAsync(23));
        Assert.True(desk.IsSettled);
        var after = Assert.Single(desk.Sets.SelectMany(one => one.Firing));
        Assert.Equal((before.StartsAt, 4), (after.StartsAt, after.Value));
        Assert.Equal(["Wrong fires: shop is wrong by 3"], store.JournalTexts);
    }

    [Fact]
    public async Task What_waits_goes_on_waiting_from_where_it_was()
    {
        groups = [Of(Wrong)];
        await MeasureAsync("wrong app=shop environment=production", 3);
        await TurnAsync(0);
        desk = Started();

        Assert.Equal(["19 pending Wrong shop/production"], await TurnAsync(19));
        Assert.Equal(["29 firing Wrong shop/production"], await TurnAsync(29));
    }

    [Fact]
    public async Task Nothing_is_over_while_there_are_no_numbers_yet_and_all_that_is_not_found_later()
    {
        groups = [Of(Wrong)];
        await MeasureAsync("wrong app=shop environment=production", 3);
        foreach (var second in new[] { 0, 10, 20 })
        {
            await TurnAsync(second);
        }
        desk = Started();
        metrics = new();
        desk = Started();

        Assert.Equal(["21 firing Wrong shop/production"], await TurnAsync(21));
        Assert.Equal(["41 firing Wrong shop/production"], await TurnAsync(41));
        Assert.Equal(["51 ended Wrong shop/production"], await TurnAsync(51));
    }

    [Fact]
    public async Task A_rule_of_one_site_sees_no_other_sites_numbers_and_what_it_gives_bears_its_name()
    {
        groups =
        [
            WatchedGroup.Of(
                Shop,
                "rules",
                Read(
                    """
                    groups:
                      - name: g
                        rules:
                          - { alert: Wrong, expr: sum(wrong) > 0, labels: { app: till, severity: page } }
                          - { record: all, expr: count(wrong), labels: { environment: staging } }
                          - { alert: Other, expr: 'wrong{app="till"}' }
                          - { alert: Recorded, expr: all == 1 }
                    """
                )
            ),
        ];
        await MeasureAsync("wrong app=shop environment=production", 1);
        await MeasureAsync("wrong app=shop environment=staging", 1);
        await MeasureAsync("wrong app=till environment=production", 1);

        Assert.Equal(
            ["0 firing Recorded shop/production", "0 firing Wrong shop/production"],
            (await TurnAsync(0)).Order(StringComparer.Ordinal)
        );
        Assert.Contains("all{app=\"shop\", environment=\"production\"} 1 @1795867200000", metrics.Lines);
    }

    [Fact]
    public async Task Rules_of_the_edges_numbers_are_evaluated_when_there_are_new_ones()
    {
        groups =
        [
            Of(Wrong.Replace("10s", "1s", StringComparison.Ordinal).Replace("20s", "0s", StringComparison.Ordinal)),
        ];
        Assert.Empty(await TurnAsync(0));
        await MeasureAsync("wrong app=shop environment=production", 1);
        Assert.Empty(await TurnAsync(0.2));
        desk.Arrived();
        Assert.Equal(["0.3 firing Wrong shop/production"], await TurnAsync(0.3));
        // Nobody rings: it is evaluated all the same.
        await MeasureAsync("wrong app=shop environment=production", 0);
        Assert.Equal(["2.4 ended Wrong shop/production"], await TurnAsync(2.4));
    }

    [Fact]
    public async Task Rules_that_share_a_name_each_find_their_own_alert_after_a_restart()
    {
        groups =
        [
            Of(
                """
                groups:
                  - name: g
                    rules:
                      - { alert: Burns, expr: wrong > 0, labels: { window: 1h } }
                      - { alert: Burns, expr: wrong > 1, labels: { window: 6h } }
                      - { alert: Burns, expr: wrong > 2, labels: { window: '{{ $value }}' } }
                """
            ),
        ];
        await MeasureAsync("wrong app=shop", 3);
        Assert.Equal(3, (await TurnAsync(0)).Count);
        desk = Started();
        await TurnAsync(16);

        Assert.Equal(3, (await TurnAsync(32)).Count);
        Assert.Equal(3, store.JournalTexts.Count);
    }

    [Fact]
    public async Task Two_rules_that_raise_the_same_alert_raise_it_once()
    {
        groups =
        [
            Of("groups: [{ name: g, rules: [{ alert: A, expr: wrong > 0, for: 1h }, { alert: A, expr: wrong > 1 }] }]"),
        ];
        await MeasureAsync("wrong app=shop environment=production", 3);
        await TurnAsync(0);
        await TurnAsync(16);

        Assert.Equal(["32 firing A shop/production"], await TurnAsync(32));
    }

    [Fact]
    public async Task The_alerts_of_rules_that_are_gone_end_and_whoever_was_told_can_be_told_so()
    {
        groups = [Of(Wrong)];
        await MeasureAsync("wrong app=shop environment=production", 3);
        foreach (var second in new[] { 0, 10, 20 })
        {
            await TurnAsync(second);
        }
        groups = [];

        Assert.Equal(["30 ended Wrong shop/production"], await TurnAsync(30));
        Assert.Empty(desk.States);
        desk = Started();
        Assert.Equal(["45 ended Wrong shop/production"], await TurnAsync(45));
        Assert.Empty(await TurnAsync(345));
        Assert.Empty(await store.ListAsync(AlertSet.Collection, "", Stop));
        await TurnAsync(360);
        Assert.Empty(desk.Sets);
    }

    [Fact]
    public async Task A_rule_that_was_changed_holds_nothing_that_it_no_longer_finds()
    {
        groups = [Of(Wrong)];
        await MeasureAsync("wrong app=shop environment=production", 3);
        foreach (var second in new[] { 0, 10, 20 })
        {
            await TurnAsync(second);
        }
        groups = [Of(Wrong.Replace("> 0", "> 5", StringComparison.Ordinal))];

        Assert.Equal(["30 ended Wrong shop/production"], await TurnAsync(30));
    }

    [Fact]
    public async Task A_rule_that_cannot_be_evaluated_says_why_and_what_fires_goes_on()
    {
        groups = [Of("groups: [{ name: g, interval: 10s, rules: [{ alert: A, expr: 'wrong > on(app) limit' }] }]")];
        await MeasureAsync("wrong app=shop environment=production", 3);
        await MeasureAsync("limit app=shop", 1);
        Assert.Equal(["0 firing A "], await TurnAsync(0));
        await MeasureAsync("limit app=shop copy=two", 1);

        Assert.Equal(["10 firing A "], await TurnAsync(10));
        var rule = Assert.Single(Assert.Single(desk.States).Rules);
        Assert.Contains("many-to-many", rule.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_value_that_is_no_number_is_kept_like_any_other()
    {
        groups = [Of("groups: [{ name: g, rules: [{ alert: A, expr: wrong / 0 > 1 }] }]")];
        await MeasureAsync("wrong app=shop environment=production", 1);
        await TurnAsync(0);
        desk = Started();
        await TurnAsync(16);

        Assert.Equal(double.PositiveInfinity, Assert.Single(desk.Sets.SelectMany(one => one.Firing)).Value);
    }

    [Fact]
    public async Task Of_a_storm_the_journal_counts_what_it_does_not_name()
    {
        groups = [Of("groups: [{ name: g, rules: [{ alert: A, expr: wrong > 0 }] }]")];
        for (var i = 0; i < 50; i++)
        {
            await MeasureAsync($"wrong app=shop environment=production instance=i{i}", 1);
        }
        await TurnAsync(0);

        Assert.Equal(21, store.JournalTexts.Count);
        Assert.Equal("... and 30 more alerts of g began or ended", store.JournalTexts[^1]);
    }

    private RuleDesk Started() =>
        new((metrics, store), () => new Fence(0), _ => Task.FromResult(groups), world, NullLogger.Instance)
        {
            Changed = () => changes++,
        };

    /// <summary>Evaluates what is due then, and says what is known: <c>20 firing Wrong shop/production</c>.</summary>
    private async Task<IReadOnlyList<string>> TurnAsync(double second)
    {
        var at = Words.At(second);
        if (at > clock.GetUtcNow())
        {
            clock.SetUtcNow(at);
        }
        await desk.TurnAsync(Stop);
        return
        [
            .. desk
                .Sets.SelectMany(set =>
                    set.Active.Select(one => (State: one.State.IsFiring ? "firing" : "pending", one.Alert))
                        .Concat(set.Ended.Select(one => (State: "ended", Alert: one)))
                )
                .Select(one =>
                    string.Create(
                        System.Globalization.CultureInfo.InvariantCulture,
                        $"{second} {one.State} {one.Alert.Name} {RuleDesk.SiteOf(one.Alert.Labels)}"
                    )
                ),
        ];
    }

    private Task MeasureAsync(string series, double value)
    {
        var parts = series.Split(' ', 2);
        var labels = Words.LabelsOf(parts[1]).With(Labels.MetricName, parts[0]);
        return metrics.AppendAsync([new(labels, [new(clock.GetUtcNow().ToUnixTimeMilliseconds(), value)])], Stop);
    }

    private static WatchedGroup Of(string text) => new("g", Read(text));

    private static RuleGroup Read(string text) => RuleFile.Read("rules.yml", text)[0];
}
