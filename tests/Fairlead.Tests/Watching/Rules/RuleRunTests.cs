using System.Globalization;
using Fairlead.Engine.Judging.PromQl;
using Fairlead.Engine.Watching.Rules;
using Fairlead.Model.Alerting;
using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;
using Fairlead.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;

namespace Fairlead.Tests.Watching.Rules;

/// <summary>A rule that goes on where it was before a restart.</summary>
public sealed class RuleRunTests
{
    private static readonly Labels Known = Labels.Of([new(Alert.NameLabel, "Wrong"), new("app", "shop")]);
    private static readonly RuleGroup Group = new("g", "x", null, []);

    private readonly MetricsInMemory metrics = new();
    private bool holds;
    private readonly RuleRun run = new(
        new("Wrong", "wrong > 0")
        {
            IsAlerting = true,
            For = TimeSpan.FromSeconds(30),
            KeepFiringFor = TimeSpan.FromSeconds(20),
        }
    );

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_fired_goes_on_firing_for_a_while_although_it_is_not_found()
    {
        run.Restore([State(isFiring: true)], until: 100_000);

        Assert.Equal(["firing since 5"], await AtAsync(10));
        Assert.Equal(["firing since 5"], await AtAsync(99));
        // From then on it is as it always is: kept firing for as long as the rule says.
        Assert.Equal(["firing since 5 kept since 100"], await AtAsync(100));
        Assert.Equal(["firing since 5 kept since 100"], await AtAsync(119));
        Assert.Empty(await AtAsync(120));
    }

    [Fact]
    public async Task What_is_found_again_is_no_new_alert()
    {
        run.Restore([State(isFiring: true)], until: 100_000);
        await MeasureAsync(10);

        Assert.Equal(["firing since 5"], await AtAsync(10));
        Assert.Equal(["firing since 5"], await AtAsync(200));
    }

    [Fact]
    public async Task What_waited_goes_on_waiting_from_where_it_began_and_is_not_held()
    {
        run.Restore([State(isFiring: false)], until: 100_000);
        await MeasureAsync(10);

        Assert.Equal(["pending"], await AtAsync(29));
        Assert.Equal(["firing since 30"], await AtAsync(30));
        run.Restore([State(isFiring: false) with { Labels = Known.With("app", "till") }], until: 100_000);
        Assert.Equal(["firing since 30"], await AtAsync(31));
    }

    [Fact]
    public async Task What_fires_when_its_numbers_are_lost_is_held_and_the_rule_says_what_it_misses()
    {
        holds = true;
        run.Restore([State(isFiring: true)], until: 0);
        await MeasureAsync(10);

        Assert.Equal(["firing since 5"], await AtAsync(200));
        // Five minutes after the last sample there is none any more.
        Assert.Equal(["firing since 5 kept since 500"], await AtAsync(500));
        Assert.Equal(["wrong"], run.State.Lost);
        Assert.Equal(["firing since 5 kept since 500"], await AtAsync(799));
        Assert.Empty(await AtAsync(800));
        Assert.Equal(["wrong"], run.State.Lost);
    }

    [Fact]
    public async Task As_Prometheus_has_it_nothing_is_held_for_want_of_numbers()
    {
        run.Restore([State(isFiring: true)], until: 0);
        await MeasureAsync(10);

        Assert.Equal(["firing since 5"], await AtAsync(200));
        Assert.Equal(["firing since 5 kept since 500"], await AtAsync(500));
        Assert.Empty(await AtAsync(520));
    }

    [Theory]
    [InlineData("wrong > 0", "wrong")]
    [InlineData("rate(wrong{app=\"shop\"}[5m]) > 0 and never > 0", "wrong{app=\"shop\"}")]
    [InlineData("absent(wrong)", "")]
    [InlineData("wrong or right", "")]
    [InlineData("wrong or wrong", "wrong")]
    [InlineData("right unless wrong", "")]
    [InlineData("sum by (app) (wrong offset 5m) / right", "wrong")]
    [InlineData("never > 0", "")]
    public async Task What_is_lost_is_what_was_there_and_is_needed(string query, string lost)
    {
        await MeasureAsync(10);
        await metrics.AppendAsync([new(Labels.Of([new(Labels.MetricName, "right")]), [new(999_000, 1)])], Stop);
        var engine = new QueryEngine(metrics, new World(new FakeTimeProvider(), new Random(1)));

        Assert.Equal(lost, string.Join(' ', await engine.LostAsync(query, 1_000_000, TimeSpan.FromDays(1), Stop)));
        Assert.Empty(await engine.LostAsync(query, 200_000, TimeSpan.FromDays(1), Stop));
    }

    private async Task<IReadOnlyList<string>> AtAsync(int second)
    {
        var world = new World(new FakeTimeProvider(), new Random(1));
        var ground = new RuleGround(metrics, new QueryEngine(metrics, world), Labels.None, "")
        {
            HoldsWhenBlind = holds,
        };
        Assert.Null(await run.EvaluateAsync(ground, (second * 1000L, Group), Stop));
        return
        [
            .. run.Alerts.Select(one =>
                (one.IsFiring ? "firing" : "pending")
                + (
                    one.FiredAt is { } fired
                        ? string.Create(CultureInfo.InvariantCulture, $" since {fired / 1000}")
                        : ""
                )
                + (
                    one.KeptSince is { } kept
                        ? string.Create(CultureInfo.InvariantCulture, $" kept since {kept / 1000}")
                        : ""
                )
            ),
        ];
    }

    private Task MeasureAsync(int second) =>
        metrics.AppendAsync(
            [
                new(
                    Labels.Of([new(Labels.MetricName, "wrong"), new("app", "shop")]),
                    [new(second * 1000L, 1), new(190_000, 1)]
                ),
            ],
            Stop
        );

    private static AlertState State(bool isFiring) =>
        new(Known, Labels.None, isFiring, ActiveAt: 0, 1) { FiredAt = isFiring ? 5000 : null };
}
