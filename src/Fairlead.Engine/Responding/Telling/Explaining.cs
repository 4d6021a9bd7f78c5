using Fairlead.Engine.Responding.Alerts;
using Fairlead.Engine.Responding.Incidents;
using Fairlead.Model.Alerting;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Responding.Telling;

/// <summary>Adds to what people are told what changed just before, and what to do.</summary>
public sealed class Explaining(Scenes scenes, IncidentBook incidents, AnswerLinks links)
{
    private const int SuspectsMax = 3;

    /// <summary>The same with notes; as it is where nothing can be found out, for that must not keep anybody from being told.</summary>
    public async Task<Notification> OfAsync(Notification notification, CancellationToken stop)
    {
        if (
            notification.IsResolved
            || notification.Firing.FirstOrDefault() is not { } alert
            || RuleDesk.SiteOf(notification.CommonLabels) is not { } site
        )
        {
            return notification;
        }
        var notes = new List<string>(notification.Notes);
        IReadOnlyList<NotificationLink> answers = [];
        try
        {
            var services = alert.Labels[Source.ServiceLabel] is { Length: > 0 } service ? new[] { service } : [];
            var suspects = await scenes.SuspectsAsync(
                site,
                await scenes.OfAsync(site, stop),
                services,
                alert.StartsAt,
                stop
            );
            notes.AddRange(suspects.Take(SuspectsMax).Select(static one => $"Suspected: {one.What}. {one.Why}"));
            if ((await incidents.AllAsync(stop)).FirstOrDefault(one => one.IsOpen && one.Site == site) is { } incident)
            {
                notes.Insert(0, $"Incident {incident.Number}: fairlead incident show {incident.Number}");
                answers = await links.OfAsync(incident, notification.Receiver, stop);
            }
        }
        catch (ProblemException caught)
        {
            notes.Add($"What changed before cannot be found out: {caught.Problem.Why}");
        }
        if (alert.Annotations["action"] is { Length: > 0 } action)
        {
            notes.Add($"To do: {action}");
        }
        return notification with { Notes = notes, Links = answers };
    }
}
