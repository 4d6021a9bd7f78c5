using Fairlead.Engine.Deploying;
using Fairlead.Engine.Operations;
using Fairlead.Model.Alerting;
using Fairlead.Model.Incidents;
using Fairlead.Model.Monitoring;

namespace Fairlead.Engine.Responding.Incidents;

/// <summary>What is known of an incident's site.</summary>
/// <param name="Record">Null for an incident of no app.</param>
/// <param name="Policy">Who takes releases back there.</param>
public sealed record Scene(
    SiteRecord? Record,
    RollbackPolicy Policy,
    IReadOnlyList<Deployment> Deployments,
    DateTimeOffset Now
)
{
    /// <summary>What people do about incidents there.</summary>
    public IReadOnlyList<Runbook> Runbooks { get; init; } = [];
}

/// <summary>What comes of looking at an incident.</summary>
/// <param name="Headline">What people are told of it beyond its alerts; null for nothing.</param>
/// <param name="TakeBack">Ask for going back to this release now.</param>
public sealed record Turned(Incident Incident, string? Headline, int? TakeBack);

/// <summary>The life of an incident: it opens with an alert, is decided about, and closes when it is calm. Pure.</summary>
public static class IncidentTurn
{
    public const string Self = "fairlead";

    /// <summary>A release that went live longer ago is not taken back by itself.</summary>
    public static readonly TimeSpan FreshFor = TimeSpan.FromMinutes(30);

    /// <summary>How long all must be quiet before it is over.</summary>
    public static readonly TimeSpan Calm = TimeSpan.FromSeconds(15);

    private const int TimelineMax = 500;

    /// <summary>A new incident of an alert.</summary>
    /// <param name="suspects">What changed before it began.</param>
    public static Turned Open(int number, Alert alert, IReadOnlyList<Suspect> suspects, Scene scene)
    {
        var opened = new Incident
        {
            Number = number,
            Site = scene.Record?.Site,
            Title = alert.Summary,
            Severity = Severity.Major,
            StartedAt = alert.StartsAt,
            DetectedAt = scene.Now,
            OpenedBy = Self,
            Alerts = [alert.Fingerprint],
            AlertNames = [alert.Name],
            Services = alert.Labels["service"] is { Length: > 0 } service ? [service] : [],
            Suspects = suspects,
            IsSecurity = alert.Labels["security"] is "true" or "yes",
            Action = alert.Annotations["action"] is { Length: > 0 } action ? action : null,
        };
        opened = opened
            .With(alert.StartsAt, "alert", $"{alert.Name} fires: {alert.Summary}", Self)
            .With(scene.Now, "state", $"Incident {number} was opened.", Self);
        foreach (var runbook in scene.Runbooks.Where(one => one.Fits(opened.AlertNames, opened.Services)).Take(3))
        {
            opened = opened.With(
                scene.Now,
                "note",
                $"What to do: fairlead incident runbook {number} {runbook.Name}",
                Self
            );
        }
        foreach (var suspect in suspects.Take(3))
        {
            opened = opened.With(scene.Now, "note", $"Suspected: {suspect.What}. {suspect.Why}", Self);
        }
        opened = opened.Told(StatusStage.Investigating, "Some requests fail. We are looking into it.", scene.Now);
        return Decide(opened, scene);
    }

    /// <summary>The incident after a look at its alerts and its site.</summary>
    /// <param name="firing">Alerts that fire and people are told of.</param>
    /// <param name="late">Suspects among what went live since it began: the first symptom may be of a release that is not all there yet.</param>
    public static Turned Next(
        Incident incident,
        IReadOnlyList<Alert> firing,
        IReadOnlyList<Alert> own,
        Scene scene,
        IReadOnlyList<Suspect>? late = null
    )
    {
        var next = incident;
        foreach (var alert in own.Where(one => !incident.Alerts.Contains(one.Fingerprint)))
        {
            next = (
                next with
                {
                    Alerts = [.. next.Alerts, alert.Fingerprint],
                    AlertNames = [.. next.AlertNames.Union([alert.Name], StringComparer.Ordinal)],
                    Services =
                    [
                        .. next.Services.Union(
                            alert.Labels["service"] is { Length: > 0 } service ? [service] : [],
                            StringComparer.Ordinal
                        ),
                    ],
                }
            ).With(scene.Now, "alert", $"{alert.Name} fires: {alert.Summary}", Self);
        }
        var again = Again(next, late ?? [], scene);
        var (followed, headline) = Follow(again.Incident, scene);
        next = followed;
        headline ??= again.Headline;
        var isQuiet = !firing.Any(one => next.Alerts.Contains(one.Fingerprint));
        if (isQuiet && next is { State: IncidentState.Open, OpenedBy: Self })
        {
            next = (next with { State = IncidentState.Mitigated, MitigatedAt = scene.Now }).With(
                scene.Now,
                "state",
                "Mitigated: none of its alerts fires any more.",
                Self
            );
            headline ??= $"Incident {next.Number} is mitigated: {next.Title}";
        }
        else if (!isQuiet && next.State is IncidentState.Mitigated)
        {
            next = (next with { State = IncidentState.Open, MitigatedAt = null }).With(
                scene.Now,
                "state",
                "Open again: an alert of it fires.",
                Self
            );
        }
        // Who opened it by hand says by hand that it is over.
        if (
            isQuiet
            && next is { State: IncidentState.Mitigated, OpenedBy: Self, MitigatedAt: { } since }
            && scene.Now - since >= Calm
            && next.Rollback?.State is not RollbackState.Running
        )
        {
            next = (next with { State = IncidentState.Resolved, ResolvedAt = scene.Now }).With(
                scene.Now,
                "state",
                $"Resolved: quiet for {Calm.TotalSeconds:0} s.",
                Self
            );
            headline = $"Incident {next.Number} is resolved: {next.Title}";
        }
        return new(next.ToldOf(incident.State, scene.Now), headline, again.TakeBack);
    }

    // Decided about once more where nothing was decided, for the sake of a release that nobody could suspect at first.
    private static Turned Again(Incident incident, IReadOnlyList<Suspect> late, Scene scene)
    {
        var fresh = late.Where(one => incident.Suspects.All(known => known.Release != one.Release)).ToList();
        if (incident.Rollback is not null || fresh.Count == 0)
        {
            return new(incident, Headline: null, TakeBack: null);
        }
        var next = incident with { Suspects = [.. fresh, .. incident.Suspects] };
        foreach (var suspect in fresh)
        {
            next = next.With(scene.Now, "note", $"Suspected: {suspect.What}. {suspect.Why}", Self);
        }
        var decided = Decide(next, scene);
        return decided.Incident.Rollback is { State: RollbackState.Asked } asked
            ? decided with
            {
                Headline = $"Incident {incident.Number}: go back to release {asked.To}? {asked.Why}",
            }
            : decided;
    }

    /// <summary>The incident with one more moment; of too many those in the middle are let go, never the first and the last.</summary>
    public static Incident With(this Incident incident, DateTimeOffset at, string kind, string text, string by)
    {
        List<IncidentEvent> timeline = [.. incident.Timeline, new(at, kind, text, by)];
        if (timeline.Count > TimelineMax)
        {
            timeline.RemoveAt(TimelineMax / 2);
        }
        return incident with { Timeline = [.. timeline.OrderBy(static one => one.At)] };
    }

    /// <summary>Whether its release is taken back, and by whom.</summary>
    private static Turned Decide(Incident incident, Scene scene)
    {
        var suspect = incident.Suspects.FirstOrDefault(static one => one.Release is not null);
        if (
            scene.Record is not { Live: { } live, Previous: { } previous } record
            || suspect is null
            || suspect.Release != live
            || scene.Deployments.FirstOrDefault(one => one.Id == suspect.Deployment) is not { IsRollback: false }
            || incident.StartedAt - suspect.At > FreshFor
        )
        {
            return new(incident, null, null);
        }
        var why = $"{suspect.What}; {suspect.Why}";
        if (record.Active is not null && scene.Policy is RollbackPolicy.Auto)
        {
            // Somebody is at it: whoever deploys now may be mending it.
            return Asked($"{why} A deployment is under way, so nothing is done by itself.");
        }
        return scene.Policy switch
        {
            RollbackPolicy.Auto => Decided(
                RollbackState.Running,
                why,
                $"Going back from release {live} to {previous}, as this environment says (rollback: auto). {why}"
            ) with
            {
                TakeBack = previous,
            },
            RollbackPolicy.Ask => Asked(why),
            _ => Decided(
                RollbackState.Declined,
                "This environment says: rollback: never.",
                $"Not going back from release {live}: this environment says rollback: never."
            ),
        };

        Turned Asked(string because) =>
            Decided(
                RollbackState.Asked,
                because,
                $"Asking whether to go back from release {live} to {previous}. {because}"
            );

        Turned Decided(RollbackState state, string because, string text) =>
            new(
                (incident with { Rollback = new(live, previous, state, because) }).With(
                    scene.Now,
                    "decision",
                    text,
                    Self
                ),
                Headline: null,
                TakeBack: null
            );
    }

    /// <summary>What became of going back.</summary>
    private static (Incident Next, string? Headline) Follow(Incident incident, Scene scene)
    {
        if (
            incident.Rollback is not { State: RollbackState.Running, Deployment: { } id } rollback
            || scene.Deployments.FirstOrDefault(one => one.Id == id) is not { EndedAt: not null } ended
        )
        {
            return (incident, null);
        }
        return ended.Phase is DeploymentPhase.Promoted
            ? (
                (incident with { Rollback = rollback with { State = RollbackState.Done } })
                    .With(ended.EndedAt ?? scene.Now, "deployment", $"Release {rollback.To} is live again.", Self)
                    .Told(StatusStage.Identified, "We found what caused it and took it back.", scene.Now),
                $"Incident {incident.Number}: release {rollback.To} is live again"
            )
            : (
                (incident with { Rollback = rollback with { State = RollbackState.Failed } }).With(
                    ended.EndedAt ?? scene.Now,
                    "deployment",
                    $"Going back to release {rollback.To} failed: {ended.Reason?.What ?? "it was taken back"}",
                    Self
                ),
                $"Incident {incident.Number}: going back to release {rollback.To} FAILED, somebody must look now"
            );
    }
}
