using System.Security.Cryptography;
using System.Text;
using Fairlead.Engine.Responding.Alerts;
using Fairlead.Engine.Responding.Routing;
using Fairlead.Model.Alerting;
using Fairlead.Model.Incidents;
using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Responding.Telling;

/// <summary>Tells whoever is told of an incident's alerts how the incident itself goes on.</summary>
public sealed class Announcer(
    RoutingBook routing,
    Courier courier,
    AlertView alerts,
    (IStore Store, Func<Fence> Fence) to,
    (World World, string ExternalUrl, AnswerLinks Links) own
)
{
    /// <summary>Says one sentence to the receivers of the incident's alerts.</summary>
    public async Task SayAsync(Incident incident, string headline, CancellationToken stop) =>
        await SendAsync(await DeliveriesOfAsync(incident, headline, stop), stop);

    /// <summary>The same as deliveries, for whoever writes them down with something else, and then has them taken.</summary>
    public async Task<IReadOnlyList<Delivery>> DeliveriesOfAsync(
        Incident incident,
        string headline,
        CancellationToken stop
    )
    {
        var alert = AlertOf(incident);
        var deliveries = new List<Delivery>();
        foreach (
            var receiver in routing
                .Plan.Root.For(alert.Labels)
                .Select(static one => one.Receiver)
                .Distinct(StringComparer.Ordinal)
        )
        {
            deliveries.AddRange(
                courier.Of(receiver, await NotificationAsync(incident, alert, (receiver, headline), stop))
            );
        }
        return deliveries;
    }

    /// <summary>Sends what was written down.</summary>
    public void Take(IReadOnlyList<Delivery> deliveries) => courier.Take(deliveries);

    /// <summary>Tells one receiver, or <c>person:ana</c>.</summary>
    public Task SendAsync(string receiver, Notification notification, CancellationToken stop) =>
        SendAsync(courier.Of(receiver, notification), stop);

    private async Task SendAsync(IReadOnlyList<Delivery> deliveries, CancellationToken stop)
    {
        if (deliveries.Count == 0)
        {
            return;
        }
        await to.Store.CommitAsync(new Change(to.Fence()) { Writes = Delivery.Writes(deliveries) }, stop);
        courier.Take(deliveries);
    }

    /// <summary>What somebody is told of an incident; the same words have the same id, so that nobody hears them twice.</summary>
    public async Task<Notification> NotificationAsync(
        Incident incident,
        Alert alert,
        (string Receiver, string Headline) what,
        CancellationToken stop
    ) =>
        new()
        {
            Id = Convert.ToHexStringLower(
                SHA256.HashData(Encoding.UTF8.GetBytes($"{what.Receiver}\nincident {incident.Number}\n{what.Headline}"))
            )[..32],
            Receiver = what.Receiver,
            GroupKey = $"incident:{incident.Number}",
            GroupLabels = Labels.Of([new("incident", $"{incident.Number}")]),
            Alerts =
            [
                incident.IsOpen ? alert with { EndsAt = null } : alert with { EndsAt = alert.EndsAt ?? own.World.Now },
            ],
            At = own.World.Now,
            ExternalUrl = own.ExternalUrl,
            Headline = what.Headline,
            IsAcknowledged = incident.AcknowledgedAt is not null,
            Links = await own.Links.OfAsync(incident, what.Receiver, stop),
            Notes = NotesOf(incident),
        };

    /// <summary>The alert that an incident is about; one that stands for it where there is none.</summary>
    public Alert AlertOf(Incident incident) =>
        alerts.All.FirstOrDefault(one => incident.Alerts.Contains(one.Fingerprint))
        ?? new Alert(
            Labels.Of([
                new(Alert.NameLabel, "Incident"),
                new(Alert.SeverityLabel, Alert.Page),
                new(Source.AppLabel, incident.Site?.App ?? ""),
                new(Source.EnvironmentLabel, incident.Site?.Environment ?? ""),
                new(Source.ServiceLabel, incident.Services is [var first, ..] ? first : ""),
            ]),
            Labels.Of([new("summary", incident.Title)]),
            incident.StartedAt
        );

    /// <summary>What helps to understand an incident, each a line.</summary>
    public static IReadOnlyList<string> NotesOf(Incident incident) =>
        [
            $"Incident {incident.Number}: fairlead incident show {incident.Number}",
            .. incident.Suspects.Take(3).Select(static one => $"Suspected: {one.What}. {one.Why}"),
            .. incident.Rollback switch
            {
                { State: RollbackState.Asked } asked =>
                [
                    $"Go back to release {asked.To}: fairlead incident rollback {incident.Number}",
                ],
                { State: RollbackState.Running } running => [$"Going back to release {running.To} is under way."],
                _ => Array.Empty<string>(),
            },
            .. incident
                .Timeline.Where(static one =>
                    one.Text.StartsWith("What to do: fairlead incident runbook ", StringComparison.Ordinal)
                )
                .Select(static one => one.Text),
            .. incident.Action is { } action ? [$"To do: {action}"] : Array.Empty<string>(),
        ];
}
