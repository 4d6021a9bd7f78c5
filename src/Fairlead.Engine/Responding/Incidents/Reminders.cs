using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Responding.Routing;
using Fairlead.Engine.Responding.Telling;
using Fairlead.Model.Incidents;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Microsoft.Extensions.Logging;

namespace Fairlead.Engine.Responding.Incidents;

/// <summary>
/// Reminds people of what they promised: the next update of an incident when it is overdue, and follow-ups when their day comes. That it was
/// said is written down in the same change as what is to be delivered, so it is said once, whatever is killed when.
/// </summary>
public sealed class Reminders(
    RoutingBook routing,
    IncidentBook book,
    (Courier Courier, Func<Announcer> Announcer) ways,
    (World World, ILogger Log) own
) : IBackgroundWork
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(20);

    private readonly Bell bell = new(own.World.Clock);

    public string Name => "reminders";

    public void Ring() => bell.Ring();

    public async Task RunAsync(CancellationToken stop)
    {
        // Who is to be reminded must be known, and how often.
        await routing.LoadAsync(stop);
        while (true)
        {
            await TurnAsync(stop);
            await bell.SleepAsync(LookEvery, stop);
        }
    }

    /// <summary>Says what is due.</summary>
    internal async Task TurnAsync(CancellationToken stop)
    {
        var settings = routing.Plan.Incidents;
        var local = TimeZoneInfo.ConvertTime(own.World.Now, settings.Zone);
        var today = DateOnly.FromDateTime(local.DateTime);
        // Before the hour comes it is still yesterday, for those who are reminded.
        var day = local.TimeOfDay.TotalMinutes >= settings.RemindMinute ? today : today.AddDays(-1);
        foreach (var incident in await book.AllAsync(stop))
        {
            try
            {
                await UpdateAsync(incident, settings, stop);
                foreach (var one in incident.FollowUps)
                {
                    if (FollowUpDays.DueOn(one, day) is { } due)
                    {
                        await FollowUpAsync(incident, one, due, stop);
                    }
                }
            }
            catch (ProblemException caught)
            {
                Log.IncidentNotFollowed(own.Log, $"{incident}", caught.Problem.Code, caught.Problem.Why);
            }
        }
    }

    private async Task UpdateAsync(Incident incident, IncidentSettings settings, CancellationToken stop)
    {
        if (settings.UpdateDueAt(incident) is not { } due || due > own.World.Now || incident.UpdateRemindedFor == due)
        {
            return;
        }
        var whom = Whom(incident);
        var headline =
            $"Incident {incident.Number}: an update was due at {UpdateTemplate.Moment(due)}: {incident.Title}";
        var note = $"Tell how it stands: fairlead incident update {incident.Number}";
        await SayAsync(
            incident,
            (whom, headline, note, null),
            now =>
                now.UpdateRemindedFor == due || settings.UpdateDueAt(now) != due
                    ? null
                    : (now with { UpdateRemindedFor = due }).With(
                        own.World.Now,
                        "told",
                        $"An update was due at {UpdateTemplate.Moment(due)}; {Names(whom)} reminded.",
                        IncidentTurn.Self
                    ),
            stop
        );
    }

    private async Task FollowUpAsync(Incident incident, FollowUp one, DateOnly due, CancellationToken stop)
    {
        var whom = Owner(one) is { } person ? [person] : Receivers(incident);
        var late = due.DayNumber - one.Due!.Value.DayNumber; // One that is due has a day.
        var when =
            late < 0 ? "is due tomorrow"
            : late == 0 ? "is due today"
            : string.Create(CultureInfo.InvariantCulture, $"was due {one.Due:yyyy-MM-dd}, {late} days ago");
        var headline = $"Follow-up {one.Number} of incident {incident.Number} {when}: {one.Text}";
        await SayAsync(
            incident,
            (
                whom,
                headline,
                $"When it is done: fairlead incident followup {incident.Number} --done {one.Number}",
                one.Owner
            ),
            now =>
                now.FollowUps.FirstOrDefault(same => same.Number == one.Number) is { IsDone: false } known
                && known.RemindedFor == one.RemindedFor
                    ? (
                        now with
                        {
                            FollowUps =
                            [
                                .. now.FollowUps.Select(same =>
                                    same.Number == one.Number ? same with { RemindedFor = due } : same
                                ),
                            ],
                        }
                    ).With(
                        own.World.Now,
                        "told",
                        $"Follow-up {one.Number} {when}; {Names(whom)} reminded.",
                        IncidentTurn.Self
                    )
                    : null,
            stop
        );
    }

    private async Task SayAsync(
        Incident incident,
        (IReadOnlyList<string> Whom, string Headline, string Note, string? Owner) what,
        Func<Incident, Incident?> change,
        CancellationToken stop
    )
    {
        var announcer = ways.Announcer();
        var alert = announcer.AlertOf(incident);
        var deliveries = new List<Delivery>();
        foreach (var receiver in what.Whom)
        {
            var told = await announcer.NotificationAsync(incident, alert, (receiver, what.Headline), stop);
            deliveries.AddRange(
                ways.Courier.Of(
                    receiver,
                    told with
                    {
                        IsBare = true,
                        // A group of its own: whoever joins what belongs together must not take it for the incident's end.
                        GroupKey = $"reminder:{Hash(what.Headline)}",
                        Notes = what.Owner is null ? [what.Note] : [$"Owner: {what.Owner}", what.Note],
                    }
                )
            );
        }
        var (_, isChanged) = await book.ChangeAsync(
            incident,
            change,
            _ => Task.FromResult(Delivery.Writes(deliveries)),
            stop
        );
        if (isChanged)
        {
            ways.Courier.Take(deliveries);
        }
    }

    /// <summary>Whom an incident is asked about: who leads it, else who is on call for it, else who was told of it.</summary>
    private IReadOnlyList<string> Whom(Incident incident)
    {
        if (incident.Commander is { } leads && PersonOf(leads) is { } person)
        {
            return [person];
        }
        var roster = routing.Plan.Roster;
        var policy = routing
            .Plan.Root.For(ways.Announcer().AlertOf(incident).Labels)
            .Select(one => routing.Plan.Receivers.GetValueOrDefault(one.Receiver)?.Escalation)
            .OfType<string>()
            .Select(roster.Escalations.GetValueOrDefault)
            .FirstOrDefault(static one => one is not null);
        var onCall = policy is null ? [] : roster.PeopleOf(policy.Levels[0], own.World.Now);
        return onCall.Count > 0
            ? [.. onCall.Select(static one => $"{Delivery.PersonPrefix}{one.Name}")]
            : Receivers(incident);
    }

    private IReadOnlyList<string> Receivers(Incident incident) =>
        [
            .. routing
                .Plan.Root.For(ways.Announcer().AlertOf(incident).Labels)
                .Select(static one => one.Receiver)
                .Distinct(StringComparer.Ordinal),
        ];

    private string? Owner(FollowUp one) => one.Owner is { } owner ? PersonOf(owner) : null;

    // A caller is written as "ana (p1)", a person of the roster as "ana".
    private string? PersonOf(string said) =>
        routing.Plan.Roster.People.Keys.FirstOrDefault(name =>
            string.Equals(name, said, StringComparison.OrdinalIgnoreCase)
            || said.StartsWith($"{name} (", StringComparison.OrdinalIgnoreCase)
        )
            is { } person
            ? $"{Delivery.PersonPrefix}{person}"
            : null;

    private static string Names(IReadOnlyList<string> whom) =>
        whom.Count == 0
            ? "nobody could be"
            : $"{string.Join(", ", whom.Select(static one => one.Replace(Delivery.PersonPrefix, "", StringComparison.Ordinal)))} {(whom.Count == 1 ? "was" : "were")}";

    private static string Hash(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];
}
