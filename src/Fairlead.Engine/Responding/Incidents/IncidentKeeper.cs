using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Operations;
using Fairlead.Engine.Responding.Alerts;
using Fairlead.Engine.Responding.OnCall;
using Fairlead.Engine.Responding.Telling;
using Fairlead.Model.Alerting;
using Fairlead.Model.Apps;
using Fairlead.Model.Incidents;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;
using Fairlead.Model.Telemetry;
using Microsoft.Extensions.Logging;

namespace Fairlead.Engine.Responding.Incidents;

/// <summary>
/// Opens an incident for each alert that pages, takes a bad release back where its environment says so, follows what comes of it and
/// closes it once it is calm. Everything is decided by <see cref="IncidentTurn"/> from what is in the store, so a restart goes on where it was.
/// </summary>
public sealed class IncidentKeeper(
    (AlertView Alerts, IncidentBook Book, Scenes Scenes) what,
    (Conductor Conductor, Announcer Announcer, Pager Pager) ways,
    Func<string, CancellationToken, Task<double?>> number,
    (World World, ILogger Log) own
) : IBackgroundWork
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LookOften = TimeSpan.FromSeconds(1);

    /// <summary>Storms open one incident for each site, and no more than that many at a time.</summary>
    private const int OpenMax = 200;

    private static readonly Principal Self = new(PrincipalKind.Service, "fairlead-incidents", "fairlead");

    private readonly Bell bell = new(own.World.Clock);

    public string Name => "incidents";

    public void Ring() => bell.Ring();

    public async Task RunAsync(CancellationToken stop)
    {
        while (true)
        {
            var isBusy = what.Alerts.IsSettled && await TurnAsync(stop);
            await bell.SleepAsync(isBusy ? LookOften : LookEvery, stop);
        }
    }

    /// <summary>One look at all.</summary>
    /// <returns>Whether any is open.</returns>
    internal async Task<bool> TurnAsync(CancellationToken stop)
    {
        var muting = await what.Alerts.MutingAsync(stop);
        var paging = what.Alerts.Firing.Where(one => one.Severity == Alert.Page && muting.Of(one) is null).ToList();
        var open = (await what.Book.AllAsync(stop)).Where(static one => one.IsOpen).ToList();
        foreach (var group in paging.GroupBy(static one => (Site: RuleDesk.SiteOf(one.Labels), Name: NameOf(one))))
        {
            if (open.Exists(one => IsAbout(one, group.First())) || open.Count >= OpenMax)
            {
                continue;
            }
            open.Add(await OpenAsync(group.Key.Site, group.OrderBy(static one => one.StartsAt).First(), stop));
        }
        var isBusy = false;
        foreach (var incident in open)
        {
            try
            {
                isBusy |= await FollowAsync(incident, paging, stop);
            }
            catch (ProblemException caught)
            {
                Log.IncidentNotFollowed(own.Log, $"{incident}", caught.Problem.Code, caught.Problem.Why);
                isBusy = true;
            }
        }
        return isBusy;
    }

    // One for each site; what is about no site has one for each name of an alert: ten full disks are one incident, a certificate is another.
    private static bool IsAbout(Incident incident, Alert alert) =>
        RuleDesk.SiteOf(alert.Labels) is { } site
            ? incident.Site == site
            : incident.Site is null
                && (incident.Alerts.Contains(alert.Fingerprint) || incident.AlertNames.Contains(alert.Name));

    private static string? NameOf(Alert alert) => RuleDesk.SiteOf(alert.Labels) is null ? alert.Name : null;

    private async Task<Incident> OpenAsync(Site? site, Alert alert, CancellationToken stop)
    {
        var scene = await what.Scenes.OfAsync(site, stop);
        var services = alert.Labels[Source.ServiceLabel] is { Length: > 0 } service ? new[] { service } : [];
        var suspects = site is null ? [] : await what.Scenes.SuspectsAsync(site, scene, services, alert.StartsAt, stop);
        int? takeBack = null;
        IReadOnlyList<Delivery> told = [];
        await ways.Pager.LoadAsync(stop);
        var incident = await what.Book.OpenAsync(
            next =>
            {
                var turned = IncidentTurn.Open(next, alert, suspects, scene);
                takeBack = turned.TakeBack;
                return turned.Incident;
            },
            async opened =>
            {
                told = opened.Rollback is { State: RollbackState.Asked } asked
                    ? await ways.Announcer.DeliveriesOfAsync(
                        opened,
                        $"Incident {opened.Number}: go back to release {asked.To}? {asked.Why}",
                        stop
                    )
                    : [];
                return [.. ways.Pager.BeginningOf(opened, alert), .. Delivery.Writes(told)];
            },
            stop
        );
        ways.Announcer.Take(told);
        ways.Pager.Ring();
        return takeBack is { } release ? await TakeBackAsync(incident, release, stop) : incident;
    }

    /// <summary>Asks for going back, once: the deployment's id is written down with the decision.</summary>
    public async Task<Incident> TakeBackAsync(Incident incident, int release, CancellationToken stop)
    {
        // Killed between the two, it finds the running rollback by what it is for, and asks for no second one.
        var running = (await what.Scenes.DeploymentsAsync(incident.Site!, stop)).FirstOrDefault(one =>
            one.IsRollback && one.Release == release && one.RequestedAt >= incident.DetectedAt
        );
        var deployment =
            running
            ?? await new FrontDoor(ways.Conductor, Self, Reach.Everything).RollbackAsync(incident.Site!, release, stop);
        return await what.Book.ChangeAsync(
            incident,
            now =>
                (
                    now with
                    {
                        Rollback = (now.Rollback ?? new(0, release, RollbackState.Running, "")) with
                        {
                            Deployment = deployment.Id,
                            State = RollbackState.Running,
                        },
                    }
                ).With(
                    own.World.Now,
                    "deployment",
                    $"Going back to release {release}: deployment {deployment.Id}.",
                    IncidentTurn.Self
                ),
            stop
        );
    }

    private async Task<bool> FollowAsync(Incident incident, IReadOnlyList<Alert> paging, CancellationToken stop)
    {
        var scene = await what.Scenes.OfAsync(incident.Site, stop);
        if (incident.Rollback is { State: RollbackState.Running, Deployment: null } lost)
        {
            incident = await TakeBackAsync(incident, lost.To, stop);
        }
        var mine = paging.Where(one => IsAbout(incident, one)).ToList();
        var late = await LateAsync(incident, scene, mine, stop);
        string? headline = null;
        int? takeBack = null;
        IReadOnlyList<Delivery> told = [];
        var before = incident;
        (incident, var isChanged) = await what.Book.ChangeAsync(
            incident,
            now =>
            {
                var turned = IncidentTurn.Next(now, paging, mine, scene, late);
                (headline, takeBack) = (turned.Headline, turned.TakeBack);
                return turned.Incident;
            },
            async after =>
            {
                told = headline is null ? [] : await ways.Announcer.DeliveriesOfAsync(after, headline, stop);
                return Delivery.Writes(told);
            },
            stop
        );
        if (isChanged)
        {
            ways.Announcer.Take(told);
        }
        if (takeBack is { } release)
        {
            incident = await TakeBackAsync(incident, release, stop);
        }
        if (before.State != incident.State || headline is not null)
        {
            incident = await MeasureAsync(incident, stop);
        }
        if (!incident.IsOpen)
        {
            await ways.Pager.EndAsync(incident, stop);
        }
        return incident.IsOpen;
    }

    /// <summary>Who is suspected of what went live since the incident began, while it is not decided about and alerts fire.</summary>
    private async Task<IReadOnlyList<Model.Incidents.Suspect>> LateAsync(
        Incident incident,
        Scene scene,
        List<Alert> mine,
        CancellationToken stop
    ) =>
        incident is { Rollback: null, Site: { } site, OpenedBy: IncidentTurn.Self }
        && mine.Count > 0
        && scene.Deployments.Any(one =>
            one is { Phase: DeploymentPhase.Promoted, IsRollback: false }
            && one.EndedAt > incident.StartedAt
            && incident.Suspects.All(known => known.Release != one.Release)
        )
            ?
            [
                .. (
                    await what.Scenes.SuspectsAsync(
                        site,
                        scene,
                        incident.Services,
                        mine.Max(static one => one.StartsAt),
                        stop
                    )
                ).Where(one => one.Release is not null && one.At > incident.StartedAt),
            ]
            : [];

    private async Task<Incident> MeasureAsync(Incident incident, CancellationToken stop)
    {
        if (incident.Site is not { } site)
        {
            return incident;
        }
        var seconds = (long)Math.Ceiling((own.World.Now - incident.StartedAt).TotalSeconds) + 15;
        var scope = $"{{app=\"{site.App}\",environment=\"{site.Environment}\"}}[{seconds}s]";
        try
        {
            var all = await number($"sum(increase(fairlead_requests_ended_total{scope}))", stop) ?? 0;
            var failed =
                (await number($"sum(increase(fairlead_requests_failed_total{scope}))", stop) ?? 0)
                + (await number($"sum(increase(fairlead_requests_lost_total{scope}))", stop) ?? 0);
            var impact = new Impact((long)Math.Round(all), (long)Math.Round(failed));
            return await what.Book.ChangeAsync(
                incident,
                now => now.Impact == impact ? null : now with { Impact = impact },
                stop
            );
        }
        catch (ProblemException caught)
        {
            // What cannot be counted stays unknown; an incident is not held up by it.
            Log.IncidentNotFollowed(own.Log, $"{incident}", caught.Problem.Code, caught.Problem.Why);
            return incident;
        }
    }
}
