using System.Text.Json;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Deploying.Scaling;
using Fairlead.Engine.Deploying.Strategies;
using Fairlead.Engine.Operations;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;

namespace Fairlead.Tests.Deploying.Scaling;

/// <summary>The number of replicas is the site's, not a release's: it goes over to the next one and comes back with a rollback.</summary>
public sealed class CountsTests
{
    private static readonly Site Shop = new("shop", "production");
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly ScaleRules Two10 = new()
    {
        Min = 2,
        Max = 10,
        Cpu = 0.7,
    };

    [Fact]
    public void What_runs_is_what_the_next_release_begins_with_within_its_own_limits()
    {
        var record = new SiteRecord(Shop) { Live = 1, Scaled = [Scaled(6)] };
        var live = ReleaseOf(1, part: 1, Two10);

        Assert.Equal(6, RunningOf(Counts.Of(live, record, live)));
        Assert.Equal(6, RunningOf(Counts.Of(ReleaseOf(2, part: 2, Two10), record, live)));
        Assert.Equal(5, RunningOf(Counts.Of(ReleaseOf(2, part: 2, Two10 with { Max = 5 }), record, live)));
        Assert.Equal(8, RunningOf(Counts.Of(ReleaseOf(2, part: 2, Two10 with { Min = 8 }), record, live)));
        Assert.Equal(3, RunningOf(Counts.Of(ReleaseOf(2, part: 2, scale: null, replicas: 3), record, live)));
    }

    [Fact]
    public void Who_only_now_begins_to_follow_its_load_begins_with_what_runs()
    {
        var record = new SiteRecord(Shop) { Live = 1 };
        var live = ReleaseOf(1, part: 1, scale: null, replicas: 6);

        Assert.Equal(6, RunningOf(Counts.Of(ReleaseOf(2, part: 1, Two10), record, live)));
        Assert.Equal(2, RunningOf(Counts.Of(ReleaseOf(1, part: 1, Two10), new SiteRecord(Shop), live: null)));
    }

    [Fact]
    public void A_rollout_places_as_many_as_run_and_a_rollback_too()
    {
        var record = new SiteRecord(Shop) { Live = 1, Scaled = [Scaled(6)] };
        var released = ReleaseOf(1, part: 1, Two10);
        var live = Counts.Of(released, record, released)!;
        var next = Counts.Of(ReleaseOf(2, part: 2, Two10), record, released)!;

        Assert.Equal(
            ["place api@2 x6", "shift 100% to api@2", "promote release 2"],
            Planner.Deploy(live, next).Select(step => step.ToString())
        );
        Assert.Equal(
            ["place api@2 x6", "switch to api@2", "promote release 2"],
            Planner.Rollback(live, next).Select(step => step.ToString())
        );
    }

    [Fact]
    public void A_plan_is_the_same_plan_however_many_run()
    {
        var live = ReleaseOf(1, part: 1, Two10);
        var next = ReleaseOf(2, part: 2, Two10);
        var record = new SiteRecord(Shop) { Live = 1, Scaled = [Scaled(6)] };

        Assert.Equal(PlanDigest.Of(live, next), PlanDigest.Of(live, Counts.Of(next, record, live)!));
    }

    [Fact]
    public void A_change_is_remembered_with_its_reason()
    {
        var note = Counts.Change(Now(6), new("api", Before: 6, Replicas: 8, "cpu is 93%, 70% is aimed at"));

        Assert.Equal([new ScaledService("api", 8, 6, "cpu is 93%, 70% is aimed at", Noon)], note.Record.Scaled!);
        Assert.Equal(
            "scaled: api: from 6 to 8 replicas, cpu is 93%, 70% is aimed at",
            string.Join('\n', note.Entries.Select(one => $"{one.Kind}: {one.Text}"))
        );
    }

    [Theory]
    [InlineData("another number by now", 5, 8, DeploymentPhase.Promoted)]
    [InlineData("a rollout", 6, 8, DeploymentPhase.RollingOut)]
    [InlineData("being taken back", 6, 8, DeploymentPhase.RollingBack)]
    public void What_was_decided_for_another_time_changes_nothing(
        string why,
        int before,
        int replicas,
        DeploymentPhase phase
    )
    {
        var now = Now(6) with
        {
            Deployment = new()
            {
                Id = "d",
                Site = Shop,
                Release = 2,
                RequestedAt = Noon,
                Deadline = Noon,
                Phase = phase,
            },
        };

        var note = Counts.Change(now, new("api", before, replicas, why));

        Assert.Same(now.Record, note.Record);
        Assert.Empty(note.Entries);
    }

    [Theory]
    [InlineData(99, 10)]
    [InlineData(0, 2)]
    public void Nobody_asks_for_more_or_fewer_than_the_manifest_allows(int asked, int got) =>
        Assert.Equal(got, Counts.Change(Now(6), new("api", 6, asked, "")).Record.Scaled!.Single().Replicas);

    [Fact]
    public void Once_live_a_release_keeps_the_number_and_says_where_it_changed_it()
    {
        var record = new SiteRecord(Shop) { Live = 1, Scaled = [Scaled(6), Scaled(3) with { Service = "gone" }] };
        var live = ReleaseOf(1, part: 1, Two10);
        var now = Now(6) with { Record = record };

        Assert.Equal([Scaled(6)], Counts.Kept(now, Counts.Of(ReleaseOf(2, 2, Two10), record, live)!)!);
        Assert.Equal(
            [new ScaledService("api", 4, 6, "as release 2 says", Noon)],
            Counts.Kept(now, Counts.Of(ReleaseOf(2, 2, Two10 with { Max = 4 }), record, live)!)!
        );
        Assert.Null(Counts.Kept(now, ReleaseOf(2, 2, scale: null)));
    }

    [Theory]
    [InlineData(4, true, 4)]
    [InlineData(6, true, null)] // As it is.
    [InlineData(12, true, 10)]
    [InlineData(4, false, null)] // Some are on their way, and the number is ours.
    [InlineData(0, true, null)]
    public void Where_the_place_decides_the_site_follows(int there, bool isScaledByTarget, int? follows)
    {
        var now = Now(6);
        var seen = now.Seen with
        {
            Instances =
            [
                .. Enumerable
                    .Range(0, there)
                    .Select(slot => new Instance
                    {
                        Key = new(Shop, new("api", 1), slot),
                        State = InstanceState.Ready,
                        IsScaledByTarget = isScaledByTarget,
                    }),
                new() { Key = new(Shop, new("api", 1), there), State = InstanceState.Stopping },
            ],
        };

        Assert.Equal(follows, Counts.Followed(now with { Seen = seen })?.Record.Scaled!.Single().Replicas);
    }

    private static ScaledService Scaled(int replicas) => new("api", replicas, 2, "240 requests/s", Noon.AddHours(-1));

    private static int RunningOf(Release? release) => Shape.Of(release).Services.Single().Holdings.Single().Replicas;

    private static Situation Now(int replicas)
    {
        var record = new SiteRecord(Shop) { Live = 1, Scaled = [Scaled(replicas)] };
        var live = ReleaseOf(1, part: 1, Two10);
        return new()
        {
            Record = record,
            Live = Counts.Of(live, record, live),
            Seen = new(
                [],
                new("", Routing.None(Shop), new Dictionary<string, int>(), [], new(0, 0, 0, 0, 0)),
                new Dictionary<string, BuildView>(),
                new Dictionary<string, CommandView>()
            ),
            Now = Noon,
            InternalUrl = "",
            Abilities = new(FixedPortsOverlap: false, ServesStaticFiles: true),
        };
    }

    private static Release ReleaseOf(int number, int part, ScaleRules? scale, int replicas = 1) =>
        new()
        {
            Site = Shop,
            Number = number,
            Hosts = [],
            Source = "",
            At = Noon,
            Services =
            [
                new(
                    new()
                    {
                        Name = "api",
                        Kind = Kind.Api,
                        Path = "api",
                        Recipe = new() { Stack = "custom", Run = ["./run"] },
                        Health = new(),
                        Replicas = scale?.Min ?? replicas,
                        Scale = scale,
                        Routes = ["/"],
                    },
                    new("api", part),
                    $"artifact-{part}",
                    new StrategyChoice(BlueGreen.Kind, JsonSerializer.SerializeToElement(new { }))
                ),
            ],
        };
}
