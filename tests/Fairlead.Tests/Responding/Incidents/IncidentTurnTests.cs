using Fairlead.Engine.Deploying;
using Fairlead.Engine.Operations;
using Fairlead.Engine.Responding.Incidents;
using Fairlead.Model.Alerting;
using Fairlead.Model.Apps;
using Fairlead.Model.Incidents;
using Fairlead.Model.Problems;

namespace Fairlead.Tests.Responding.Incidents;

/// <summary>The life of an incident, from its alert to its end.</summary>
public sealed class IncidentTurnTests
{
    private static readonly Site Shop = new("shop", "production");
    private static readonly Alert Errors = Words.Fires("ServiceErrors", "severity=page service=api", since: 0);

    [Fact]
    public void A_bad_release_is_taken_back_where_its_environment_says_so()
    {
        var turned = IncidentTurn.Open(7, Errors, [Suspect()], SceneOf(RollbackPolicy.Auto));

        Assert.Equal(41, turned.TakeBack);
        Assert.Equal(
            new RollbackDecision(
                42,
                41,
                RollbackState.Running,
                "release 42 went live; It brought a new version of api, 60 s before it began."
            ),
            turned.Incident.Rollback
        );
        Assert.Equal(
            [
                "12:00:00 alert ServiceErrors fires: ServiceErrors is wrong",
                "12:00:05 state Incident 7 was opened.",
                "12:00:05 note Suspected: release 42 went live. It brought a new version of api, 60 s before it began.",
                "12:00:05 decision Going back from release 42 to 41, as this environment says (rollback: auto). release 42 went live; It brought a new version of api, 60 s before it began.",
            ],
            Lines(turned.Incident)
        );
    }

    [Fact]
    public void People_are_asked_or_nobody_is_as_the_environment_says()
    {
        var asked = IncidentTurn.Open(7, Errors, [Suspect()], SceneOf(RollbackPolicy.Ask));
        var never = IncidentTurn.Open(7, Errors, [Suspect()], SceneOf(RollbackPolicy.Never));

        Assert.Equal((null, RollbackState.Asked), (asked.TakeBack, asked.Incident.Rollback?.State));
        Assert.Equal((null, RollbackState.Declined), (never.TakeBack, never.Incident.Rollback?.State));
        Assert.EndsWith(
            "Not going back from release 42: this environment says rollback: never.",
            Lines(never.Incident)[^1],
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void While_somebody_deploys_nothing_is_done_by_itself()
    {
        var scene = SceneOf(RollbackPolicy.Auto);
        var turned = IncidentTurn.Open(
            7,
            Errors,
            [Suspect()],
            scene with
            {
                Record = scene.Record! with { Active = "d43" },
            }
        );

        Assert.Equal((null, RollbackState.Asked), (turned.TakeBack, turned.Incident.Rollback?.State));
        Assert.EndsWith("so nothing is done by itself.", turned.Incident.Rollback?.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_decided_where_nothing_can_be_taken_back()
    {
        var scene = SceneOf(RollbackPolicy.Auto);
        var (record, suspect) = (scene.Record!, Suspect());
        var rollback = scene.Deployments[0] with { IsRollback = true };

        Undecided([], scene);
        Undecided([suspect with { Release = null }], scene);
        Undecided([suspect with { Release = 40 }], scene); // Another one is live by now.
        Undecided([suspect with { At = Words.At(-1801) }], scene); // It was well for too long.
        Undecided([suspect], scene with { Record = null });
        Undecided([suspect], scene with { Record = record with { History = [42] } });
        Undecided([suspect], scene with { Record = record with { Live = null } });
        Undecided([suspect], scene with { Deployments = [] });
        Undecided([suspect], scene with { Deployments = [rollback] }); // Back and forth without end.

        static void Undecided(IReadOnlyList<Suspect> suspects, Scene scene)
        {
            var turned = IncidentTurn.Open(7, Errors, suspects, scene);
            Assert.Equal((null, null), (turned.TakeBack, turned.Incident.Rollback));
        }
    }

    [Fact]
    public void It_is_mitigated_when_its_alerts_are_quiet_and_resolved_when_they_stay_so()
    {
        var scene = SceneOf(RollbackPolicy.Ask);
        var incident = IncidentTurn.Open(7, Errors, [], scene).Incident;
        var fires = IncidentTurn.Next(incident, [Errors], [Errors], scene with { Now = Words.At(20) });
        var quiet = IncidentTurn.Next(fires.Incident, [], [], scene with { Now = Words.At(30) });
        var again = IncidentTurn.Next(quiet.Incident, [Errors], [Errors], scene with { Now = Words.At(40) });
        var calm = IncidentTurn.Next(quiet.Incident, [], [], scene with { Now = Words.At(44) });
        var over = IncidentTurn.Next(calm.Incident, [], [], scene with { Now = Words.At(45) });

        Assert.Same(incident, fires.Incident);
        Assert.Equal(
            [
                (IncidentState.Mitigated, "Incident 7 is mitigated: ServiceErrors is wrong"),
                (IncidentState.Open, null),
                (IncidentState.Mitigated, null),
                (IncidentState.Resolved, "Incident 7 is resolved: ServiceErrors is wrong"),
            ],
            new[] { quiet, again, calm, over }.Select(one => (one.Incident.State, one.Headline))
        );
        Assert.Equal(
            (Words.At(30), Words.At(45), false),
            (over.Incident.MitigatedAt, over.Incident.ResolvedAt, over.Incident.IsOpen)
        );
        Assert.Null(again.Incident.MitigatedAt);
        Assert.Equal("12:00:40 state Open again: an alert of it fires.", Lines(again.Incident)[^1]);
    }

    [Fact]
    public void What_people_opened_people_close()
    {
        var incident = IncidentTurn.Open(7, Errors, [], SceneOf(RollbackPolicy.Ask)).Incident with { OpenedBy = "ana" };
        var turned = IncidentTurn.Next(incident, [], [], SceneOf(RollbackPolicy.Ask) with { Now = Words.At(9999) });

        Assert.Equal((IncidentState.Open, null), (turned.Incident.State, turned.Headline));
    }

    [Fact]
    public void Other_alerts_of_the_site_join_it_once()
    {
        var scene = SceneOf(RollbackPolicy.Ask);
        var down = Words.Fires("ServiceDown", "severity=page service=pay", since: 10);
        var joined = IncidentTurn
            .Next(IncidentTurn.Open(7, Errors, [], scene).Incident, [Errors, down], [Errors, down], scene)
            .Incident;

        Assert.Equal([Errors.Fingerprint, down.Fingerprint], joined.Alerts);
        Assert.Equal(["api", "pay"], joined.Services);
        Assert.Same(joined, IncidentTurn.Next(joined, [Errors, down], [Errors, down], scene).Incident);
    }

    [Fact]
    public void A_release_that_went_live_after_the_first_symptom_is_decided_about_then_and_once()
    {
        var opened = IncidentTurn.Open(7, Errors, [], SceneOf(RollbackPolicy.Auto)).Incident;
        var next = IncidentTurn.Next(opened, [Errors], [Errors], SceneOf(RollbackPolicy.Auto), [Suspect()]);
        var again = IncidentTurn.Next(next.Incident, [Errors], [Errors], SceneOf(RollbackPolicy.Auto), [Suspect()]);
        var asked = IncidentTurn.Next(opened, [Errors], [Errors], SceneOf(RollbackPolicy.Ask), [Suspect()]);

        Assert.Equal((null, 41, null), (opened.Rollback, next.TakeBack, again.TakeBack));
        Assert.Equal(RollbackState.Running, next.Incident.Rollback?.State);
        Assert.Equal(Lines(next.Incident), Lines(again.Incident));
        Assert.Equal(
            "Incident 7: go back to release 41? release 42 went live; It brought a new version of api, 60 s before it began.",
            asked.Headline
        );
    }

    [Fact]
    public void It_is_not_over_before_going_back_is_and_says_what_became_of_it()
    {
        var scene = SceneOf(RollbackPolicy.Auto);
        var incident = IncidentTurn.Open(7, Errors, [Suspect()], scene).Incident;
        incident = incident with { Rollback = incident.Rollback! with { Deployment = "d43" } };
        var running = Deployed("d43", 41, endedAt: null) with { IsRollback = true, Phase = DeploymentPhase.RollingOut };
        var quiet = Turn(incident, running, 30).Incident;

        Assert.Equal(IncidentState.Mitigated, Turn(quiet, running, 600).Incident.State);
        var done = running with { Phase = DeploymentPhase.Promoted, EndedAt = Words.At(50) };
        var live = Turn(incident, done, 51);
        Assert.Equal(RollbackState.Done, live.Incident.Rollback?.State);
        Assert.Contains("12:00:50 deployment Release 41 is live again.", Lines(live.Incident));
        var failed = running with
        {
            Phase = DeploymentPhase.Failed,
            EndedAt = Words.At(50),
            Reason = new Problem("x.y", "Nothing started.", "w", "f"),
        };
        var sad = IncidentTurn.Next(
            incident,
            [Errors],
            [Errors],
            scene with
            {
                Deployments = [failed],
                Now = Words.At(51),
            }
        );
        Assert.Equal(
            (RollbackState.Failed, "Incident 7: going back to release 41 FAILED, somebody must look now"),
            (sad.Incident.Rollback!.State, sad.Headline)
        );

        Turned Turn(Incident one, Deployment deployment, double second) =>
            IncidentTurn.Next(one, [], [], scene with { Deployments = [deployment], Now = Words.At(second) });
    }

    [Fact]
    public void A_long_timeline_keeps_its_beginning_and_its_end()
    {
        var incident = IncidentTurn.Open(7, Errors, [], SceneOf(RollbackPolicy.Ask)).Incident;
        for (var i = 0; i < 1000; i++)
        {
            incident = incident.With(Words.At(10 + i), "note", $"{i}", "ana");
        }

        Assert.Equal(500, incident.Timeline.Count);
        Assert.Equal("ServiceErrors fires: ServiceErrors is wrong", incident.Timeline[0].Text);
        Assert.Equal("999", incident.Timeline[^1].Text);
        Assert.Equal(incident.Timeline.OrderBy(one => one.At), incident.Timeline);
    }

    private static Suspect Suspect() =>
        new(Words.At(-60), "release 42 went live", "It brought a new version of api, 60 s before it began.", 99)
        {
            Deployment = "d42",
            Release = 42,
        };

    private static Scene SceneOf(RollbackPolicy policy) =>
        new(
            new SiteRecord(Shop) { Live = 42, History = [40, 41, 42] },
            policy,
            [Deployed("d42", 42, Words.At(-60))],
            Words.At(5)
        );

    private static Deployment Deployed(string id, int release, DateTimeOffset? endedAt) =>
        new()
        {
            Id = id,
            Site = Shop,
            Release = release,
            RequestedAt = Words.At(-120),
            Deadline = Words.At(900),
            Phase = DeploymentPhase.Promoted,
            EndedAt = endedAt,
        };

    private static IReadOnlyList<string> Lines(Incident incident) =>
        [.. incident.Timeline.Select(one => $"{one.At:HH:mm:ss} {one.Kind} {one.Text}")];
}
