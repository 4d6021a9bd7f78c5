using Fairlead.Engine.Responding.Routing;
using Fairlead.Model.Alerting;

namespace Fairlead.Tests.Responding.Routing;

/// <summary>Why nobody is told of alerts that fire.</summary>
public sealed class MutingTests
{
    private static readonly InhibitRule Machine = Rule("alertname=\"HostDown\"", "severity=\"ticket\"", "instance");
    private static readonly Alert HostDown = Words.Fires("HostDown", "severity=page instance=a");

    [Fact]
    public void What_follows_from_something_graver_on_the_same_machine_is_muted()
    {
        var muting = new Muting([Machine], [HostDown], []);

        Assert.Equal(
            $"inhibited by HostDown {HostDown.Fingerprint}",
            muting.Of(Words.Fires("DiskFull", "severity=ticket instance=a"))
        );
        Assert.Null(muting.Of(Words.Fires("DiskFull", "severity=ticket instance=b")));
        Assert.Null(muting.Of(Words.Fires("DiskFull", "severity=page instance=a")));
        Assert.Null(muting.Of(HostDown));
    }

    [Fact]
    public void A_label_that_both_have_not_is_equal()
    {
        var muting = new Muting([Machine], [Words.Fires("HostDown", "severity=page")], []);

        Assert.NotNull(muting.Of(Words.Fires("DiskFull", "severity=ticket")));
        Assert.Null(muting.Of(Words.Fires("DiskFull", "severity=ticket instance=a")));
    }

    [Fact]
    public void Those_that_are_source_and_target_alike_do_not_silence_each_other()
    {
        var (first, second) = (Words.Fires("A", "severity=page"), Words.Fires("B", "severity=page"));
        var muting = new Muting([Rule("severity=\"page\"", "severity=~\"page|ticket\"")], [first, second], []);

        Assert.Equal([null, null], new[] { first, second }.Select(muting.Of));
        Assert.StartsWith("inhibited by A ", muting.Of(Words.Fires("C", "severity=ticket")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_source_that_is_no_target_silences_one_that_is_both()
    {
        var both = Words.Fires("Slow", "severity=page tier=db");
        var rule = Rule("severity=\"page\"", "tier=\"db\"");

        Assert.NotNull(new Muting([rule], [both, Words.Fires("Down", "severity=page")], []).Of(both));
        Assert.Null(new Muting([rule], [both], []).Of(both));
    }

    [Fact]
    public void Nobody_is_told_of_what_was_silenced_and_why_is_said()
    {
        var silence = new Silence(
            "1",
            Matching.TryRead("app=shop,severity!=page", out _)!,
            Words.At(0),
            Words.At(3600),
            "ana",
            "We move it."
        );
        var muting = new Muting([], [], [silence]);

        Assert.Equal(
            "silenced until 2026-11-28 13:00Z by ana: We move it.",
            muting.Of(Words.Fires("Slow", "app=shop severity=ticket"))
        );
        Assert.Null(muting.Of(Words.Fires("Slow", "app=shop severity=page")));
        Assert.Equal(
            [false, true, true, false],
            new[] { -1.0, 0, 3599, 3600 }.Select(one => silence.Holds(Words.At(one)))
        );
    }

    [Fact]
    public void Thousands_of_alerts_are_looked_up_and_not_compared_each_with_each()
    {
        var sources = Enumerable.Range(0, 20_000).Select(one => Words.Fires("HostDown", $"instance=i{one}")).ToList();
        var targets = Enumerable
            .Range(0, 20_000)
            .Select(one => Words.Fires("Slow", $"severity=ticket instance=i{one}"))
            .ToList();
        var muting = new Muting([Machine], sources, []);

        Assert.Equal([.. sources.Select(one => $"inhibited by HostDown {one.Fingerprint}")], targets.Select(muting.Of));
    }

    private static InhibitRule Rule(string source, string target, params string[] equal) =>
        new(Matching.TryRead(source, out _)!, Matching.TryRead(target, out _)!, equal);
}
