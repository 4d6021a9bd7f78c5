using Fairlead.Engine.Deploying;
using Fairlead.Engine.Responding.Alerts;
using Fairlead.Model.Alerting;
using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;

namespace Fairlead.Tests.Responding.Alerts;

public sealed class AlertSetTests
{
    private static readonly TimeSpan Keep = TimeSpan.FromMinutes(5);

    [Fact]
    public void What_begins_and_what_ends_is_news_and_what_goes_on_is_none()
    {
        var (first, begun) = new AlertSet("shop/production").After(
            [State("A", fires: true), State("B", fires: false)],
            Words.At(10),
            Keep
        );
        var (second, nothing) = first.After(
            [State("A", fires: true, value: 7), State("B", fires: false)],
            Words.At(20),
            Keep
        );
        var (third, moved) = second.After([State("B", fires: true)], Words.At(30), Keep);

        Assert.Equal(["A fires"], begun.Select(Text));
        Assert.Empty(nothing);
        Assert.True(first.IsSame(second));
        Assert.Equal(["B fires", "A ended 12:00:30"], moved.Select(Text));
        Assert.False(second.IsSame(third));
        Assert.Equal(["A ended 12:00:30"], third.Ended.Select(Text));
        Assert.Equal(["B fires"], third.Firing.Select(Text));
    }

    [Fact]
    public void What_ended_is_kept_for_a_time_or_until_it_fires_again()
    {
        var (set, _) = new AlertSet("x").After([State("A", true), State("B", true)], Words.At(0), Keep);
        (set, _) = set.After([], Words.At(10), Keep);
        var (again, _) = set.After([State("A", true)], Words.At(20), Keep);

        Assert.Equal(["B ended 12:00:10"], again.Ended.Select(Text));
        Assert.Equal(2, set.After([], Words.At(309.9), Keep).Next.Ended.Count);
        Assert.Empty(set.After([], Words.At(310), Keep).Next.Ended);
    }

    [Fact]
    public void Numbers_that_only_moved_are_no_change_and_states_are()
    {
        var set = new AlertSet("x") { Active = [State("A", fires: false)] };
        var alert = set.Active[0];

        AlertSet With(AlertState state) => set with { Active = [alert with { State = state }] };
        Assert.True(set.IsSame(With(alert.State with { Value = 3, Annotations = Labels.Of([new("a", "b")]) })));
        Assert.False(set.IsSame(With(alert.State with { IsFiring = true })));
        Assert.False(set.IsSame(With(alert.State with { ActiveAt = 1 })));
        Assert.False(set.IsSame(With(alert.State with { KeptSince = 1 })));
        Assert.False(set.IsSame(set with { Active = [] }));
        Assert.False(set.IsSame(set with { Active = [alert with { Rule = "B" }] }));
    }

    [Theory]
    [InlineData(0.25)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public async Task Is_read_as_it_was_kept_also_where_the_value_is_no_number(double value)
    {
        var world = new World(TimeProvider.System, new Random(1));
        var store = new WritingStore(world);
        var stop = TestContext.Current.CancellationToken;
        var (set, _) = new AlertSet("x").After([State("A", true, value), State("B", true)], Words.At(0), Keep);
        (set, _) = set.After([State("A", true, value)], Words.At(10), Keep);
        await store.CommitAsync(
            new Change(new Fence(0)) { Writes = [new Write(AlertSet.Collection, "x", Records.Body(set))] },
            stop
        );
        var read = Records.Read<AlertSet>((await store.ReadAsync(AlertSet.Collection, "x", stop))!);

        Assert.Equal(set.Active, read.Active);
        Assert.Equal(set.Ended, read.Ended);
        Assert.Equal("x", read.Key);
    }

    [Fact]
    public void Alerts_are_known_by_what_Prometheus_reckons_of_their_labels() =>
        // FNV-1a of 64 bits over alertname\xffDown\xffapp\xffshop\xff.
        Assert.Equal(Fnv("alertname\u00ffDown\u00ffapp\u00ffshop\u00ff"), Words.Fires("Down", "app=shop").Fingerprint);

    private static string Fnv(string latin)
    {
        var hash = 0xcbf29ce484222325;
        foreach (var letter in latin)
        {
            hash = (hash ^ letter) * 0x100000001b3;
        }
        return hash.ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
    }

    private static RuleAlert State(string name, bool fires, double value = 1) =>
        new(
            name,
            new(Labels.Of([new(Alert.NameLabel, name)]), Labels.None, fires, 0, value) { FiredAt = fires ? 0 : null }
        );

    private static string Text(Alert alert) =>
        $"{alert.Name} {(alert.EndsAt is { } end ? $"ended {end:HH:mm:ss}" : "fires")}";
}
