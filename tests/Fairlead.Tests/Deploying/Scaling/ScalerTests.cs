using CsCheck;
using Fairlead.Engine.Deploying.Scaling;
using Fairlead.Model.Apps;
using Fairlead.Model.Releases;

namespace Fairlead.Tests.Deploying.Scaling;

/// <summary>How many replicas a load asks for: by the rules of Kubernetes's autoscaler, and never to and fro.</summary>
public sealed class ScalerTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly ScaleRules Rules = new()
    {
        Min = 2,
        Max = 10,
        Requests = 50,
        Stabilization = 5.Minutes,
        Cooldown = 15.Seconds,
    };

    [Theory]
    [InlineData(100, 2, 2)] // As wanted.
    [InlineData(109, 2, 2)] // Within a tenth.
    [InlineData(110, 2, 2)]
    [InlineData(111, 2, 3)]
    [InlineData(250, 4, 5)]
    [InlineData(251, 4, 6)]
    [InlineData(92, 2, 2)]
    [InlineData(0, 2, 0)]
    public void A_whole_load_is_shared_by_as_many_as_each_should_have(double all, int replicas, int needed) =>
        Assert.Equal(needed, Scaler.NeededFor(new Gauge(50, all, Of: null, ""), replicas));

    [Theory]
    [InlineData(1.4, 2, 2, 4)] // Both at 70 % where 35 % is aimed at.
    [InlineData(0.7, 2, 2, 2)]
    [InlineData(0.3, 2, 2, 1)]
    [InlineData(1.4, 2, 4, 4)] // Two are busy, two are not measured: who starts will take its part.
    [InlineData(2.8, 2, 4, 8)] // Even when the others did nothing it would be too much.
    [InlineData(0.1, 1, 4, 4)] // One is idle, three are not known.
    [InlineData(0.1, 3, 4, 2)]
    [InlineData(0.0, 0, 4, null)]
    public void Replicas_that_were_not_measured_change_as_little_as_can_be(
        double all,
        int measured,
        int replicas,
        int? needed
    ) => Assert.Equal(needed, Scaler.NeededFor(new Gauge(0.35, all, measured, ""), replicas));

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(-1.0)]
    public void What_is_no_measure_is_not_known(double all) =>
        Assert.Null(Scaler.NeededFor(new Gauge(50, all, Of: null, ""), 3));

    [Fact]
    public void More_come_at_once_and_fewer_only_when_fewer_were_enough_for_the_whole_window()
    {
        var life = new Life(Rules, 2);

        Assert.Equal("5 at 12:00:00: 230/s", life.At(0, 230));
        Assert.Equal("5: 95/s; 2 would do, which must hold for 5m: 298s more", life.At(2, 95));
        for (var second = 4; second < 300; second += 2)
        {
            life.At(second, 95);
        }
        Assert.Equal("2 at 12:05:00: 95/s", life.At(300, 95));
    }

    [Fact]
    public void A_short_rest_and_another_rush_stop_nobody()
    {
        var life = new Life(Rules, 2);
        life.At(0, 230);
        for (var second = 2; second < 1800; second += 2)
        {
            life.At(second, second / 120 % 2 == 0 ? 20 : 230);
        }
        Assert.Equal(5, life.Replicas);
        Assert.Equal(1, life.Changes);
    }

    [Fact]
    public void A_great_rush_is_met_in_steps_with_a_cooldown_between()
    {
        var life = new Life(Rules with { Max = 100 }, 2);

        Assert.Equal("6 at 12:00:00: 2000/s; 40 are needed, these are the first", life.At(0, 2000));
        Assert.Equal("6: 2000/s; 40 are needed, and some were just added: the next come after 15s", life.At(2, 2000));
        Assert.Equal("12 at 12:00:16: 2000/s; 40 are needed, these are the first", life.At(16, 2000));
        Assert.Equal("24 at 12:00:32: 2000/s; 40 are needed, these are the first", life.At(32, 2000));
        Assert.Equal("40 at 12:00:48: 2000/s", life.At(48, 2000));
    }

    [Fact]
    public void Min_and_max_hold_and_are_said()
    {
        var life = new Life(Rules, 10);

        Assert.Equal("10: 9000/s; 180 are needed, and 10 is the most that is allowed", life.At(0, 9000));
        for (var second = 2; second < 400; second += 2)
        {
            life.At(second, 0);
        }
        Assert.Equal(2, life.Replicas);
    }

    [Fact]
    public void What_is_not_known_takes_nobody_away_and_what_is_known_may_still_add()
    {
        Gauge unknown = new(0.35, All: null, Of: 0, "cpu is not known");
        Advice Ask(int replicas, params IReadOnlyList<Gauge> load) =>
            Scaler.Next(Rules with { Stabilization = TimeSpan.Zero }, new(replicas, null, ScaleTrack.None), load, Noon);

        Assert.Equal((4, "cpu is not known, so none is stopped"), Words(Ask(4, unknown, new(50, 20, null, "20/s"))));
        Assert.Equal((6, "300/s"), Words(Ask(4, unknown, new(50, 300, null, "300/s"))));
        Assert.Equal((4, "cpu is not known"), Words(Ask(4, unknown)));
    }

    [Fact]
    public void The_most_demanding_of_several_decides() =>
        Assert.Equal(
            (8, "400/s"),
            Words(
                Scaler.Next(
                    Rules,
                    new(4, null, ScaleTrack.None),
                    [new(0.35, 1.8, 4, "cpu"), new(50, 400, null, "400/s"), new(20, 10, null, "10 wait")],
                    Noon
                )
            )
        );

    [Fact]
    public void Who_did_not_look_for_a_while_begins_its_window_anew()
    {
        var life = new Life(Rules, 5);
        life.At(0, 20);
        Assert.StartsWith("5: 20/s; 2 would do", life.At(301, 20), StringComparison.Ordinal);
        for (var second = 303; second < 600; second += 2)
        {
            Assert.StartsWith("5:", life.At(second, 20), StringComparison.Ordinal);
        }
        Assert.StartsWith("2 at", life.At(603, 20), StringComparison.Ordinal);
    }

    /// <summary>Whatever the load does, replicas are never stopped sooner after some were added than the window says, and the limits hold.</summary>
    [Fact]
    public void Whatever_the_load_does_it_never_goes_to_and_fro() =>
        Gen.Select(
                Gen.Int[1, 5],
                Gen.Int[1, 20],
                Gen.Int[0, 120],
                Gen.Int[0, 30],
                Gen.Select(Gen.Int[1, 12], Gen.Double[0, 2000], Gen.Int[0, 9]).Array[1, 200]
            )
            .Sample(
                (least, room, window, cooldown, looks) =>
                {
                    var rules = Rules with
                    {
                        Min = least,
                        Max = least + room,
                        Stabilization = window.Seconds,
                        Cooldown = cooldown.Seconds,
                    };
                    var life = new Life(rules, least);
                    var second = 0;
                    DateTimeOffset? raised = null;
                    foreach (var (pause, load, luck) in looks)
                    {
                        second += pause;
                        var before = life.Replicas;
                        life.At(second, luck == 0 ? null : load);
                        var now = Noon.AddSeconds(second);
                        Assert.InRange(life.Replicas, rules.Min, rules.Max);
                        if (life.Replicas < before)
                        {
                            Assert.True(luck > 0, "Nobody knew the load, and some were stopped.");
                            Assert.True(raised is null || now - raised >= rules.Stabilization, "To and fro.");
                        }
                        if (life.Replicas > before)
                        {
                            Assert.True(raised is null || now - raised >= rules.Cooldown, "Added too soon.");
                            Assert.True(life.Replicas <= Math.Max(before * 2, before + 4), "Added too many.");
                            raised = now;
                        }
                    }
                }
            );

    /// <summary>A day of a shop: quiet at night, a rush at noon, noise all the time.</summary>
    [Fact]
    public void A_day_of_ups_and_downs_is_followed_with_few_changes()
    {
        var chance = new Random(7);
        var life = new Life(Rules with { Max = 20 }, 2);
        double served = 0;
        double short_ = 0;
        for (var second = 0; second < 24 * 3600; second += 5)
        {
            var hour = second / 3600.0;
            var load = 20 + (700 * Math.Exp(-Math.Pow((hour - 12) / 3, 2)));
            load *= 0.9 + (0.2 * chance.NextDouble());
            life.At(second, load);
            served += load;
            short_ += Math.Max(0, load - (life.Replicas * 50 * 1.1));
        }
        Assert.InRange(life.Changes, 10, 40);
        Assert.True(short_ / served < 0.001, $"{short_ / served:P2} came while there were too few.");
        Assert.Equal(2, life.Replicas);
        TestContext.Current.TestOutputHelper?.WriteLine($"{life.Changes} changes in a day, {short_ / served:P4} short");
    }

    private static (int, string) Words(Advice advice) => (advice.Replicas, advice.Reason);

    /// <summary>One service's replicas, which are there as soon as they are asked for.</summary>
    private sealed class Life(ScaleRules rules, int replicas)
    {
        private ScaleTrack track = ScaleTrack.None;
        private DateTimeOffset? raised;

        public int Replicas { get; private set; } = replicas;

        public int Changes { get; private set; }

        /// <summary>A look at so many requests a second; null when that is not known.</summary>
        public string At(int second, double? load)
        {
            var now = Noon.AddSeconds(second);
            var advice = Scaler.Next(rules, new(Replicas, raised, track), [new(50, load, null, $"{load}/s")], now);
            track = advice.Track;
            if (advice.Replicas == Replicas)
            {
                return $"{Replicas}: {advice.Reason}";
            }
            raised = advice.Replicas > Replicas ? now : raised;
            Changes++;
            Replicas = advice.Replicas;
            return $"{Replicas} at {now:HH:mm:ss}: {advice.Reason}";
        }
    }
}
