using Fairlead.Engine.Deploying;
using Fairlead.Engine.Responding.Incidents;
using Fairlead.Engine.Responding.Routing;
using Fairlead.Engine.Responding.Telling;
using Fairlead.Model.Alerting;
using Fairlead.Model.Incidents;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Responding.OnCall;

/// <summary>Wakes people, level by level, until somebody says that they look at it. How far it came is written down before anybody is told.</summary>
public sealed class Pager(
    RoutingBook routing,
    IncidentBook incidents,
    (IStore Store, Func<Fence> Fence) to,
    Func<Announcer> announcer,
    World world
) : IBackgroundWork
{
    public const string Collection = "escalations";

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(15);

    private readonly Bell bell = new(world.Clock);

    public string Name => "escalations";

    /// <summary>An escalation of an incident, as it is kept.</summary>
    public sealed record Kept(int Incident, EscalationState State);

    /// <summary>Begins what the receivers of its alert say; nothing where they say nothing.</summary>
    public async Task BeginAsync(Incident incident, Alert alert, CancellationToken stop)
    {
        await routing.LoadAsync(stop);
        var begun = BeginningOf(incident, alert);
        if (begun.Count == 0 || await to.Store.ReadAsync(Collection, KeyOf(incident), stop) is not null)
        {
            return;
        }
        await to.Store.CommitAsync(new Change(to.Fence()) { Writes = begun }, stop);
        bell.Ring();
    }

    /// <summary>The same as what is written, for whoever opens the incident in the same change, and rings then.</summary>
    public IReadOnlyList<Write> BeginningOf(Incident incident, Alert alert)
    {
        var policy = routing
            .Plan.Root.For(alert.Labels)
            .Select(one => routing.Plan.Receivers.GetValueOrDefault(one.Receiver)?.Escalation)
            .FirstOrDefault(static one => one is not null);
        return policy is null
            ? []
            :
            [
                new Write(
                    Collection,
                    KeyOf(incident),
                    Records.Body(new Kept(incident.Number, EscalationState.Begin(policy, world.Now)))
                ),
            ];
    }

    public void Ring() => bell.Ring();

    /// <summary>Who is woken must be known before it is said.</summary>
    public Task LoadAsync(CancellationToken stop) => routing.LoadAsync(stop);

    /// <summary>Wakes nobody any more: somebody looks at it, or it is over.</summary>
    public async Task EndAsync(Incident incident, CancellationToken stop)
    {
        if (await to.Store.ReadAsync(Collection, KeyOf(incident), stop) is not null)
        {
            await WriteAsync(incident, null, stop);
        }
    }

    public async Task RunAsync(CancellationToken stop)
    {
        // An escalation whose policy is not known yet must not be taken for one that is gone.
        await routing.LoadAsync(stop);
        while (true)
        {
            var next = await TurnAsync(stop);
            var pause = next is { } at ? at - world.Now : LookEvery;
            if (pause > TimeSpan.Zero)
            {
                await bell.SleepAsync(pause < LookEvery ? pause : LookEvery, stop);
            }
        }
    }

    /// <summary>Tells the levels that are due.</summary>
    internal async Task<DateTimeOffset?> TurnAsync(CancellationToken stop)
    {
        var kept = (await to.Store.ListAsync(Collection, "", stop)).Select(Records.Read<Kept>).ToList();
        if (kept.Count == 0)
        {
            return null;
        }
        var open = (await incidents.AllAsync(stop))
            .Where(static one => one.IsOpen)
            .ToDictionary(static one => one.Number);
        DateTimeOffset? next = null;
        foreach (var one in kept)
        {
            if (
                !open.TryGetValue(one.Incident, out var incident)
                || incident.AcknowledgedAt is not null
                || routing.Plan.Roster.Escalations.GetValueOrDefault(one.State.Escalation) is not { } policy
            )
            {
                await ForgetAsync(one.Incident, stop);
                continue;
            }
            var state = one.State;
            if (state.NextAt <= world.Now)
            {
                if (await TellAsync(incident, policy, state, stop) is not { } after)
                {
                    continue;
                }
                state = after;
            }
            next = next is { } soon && soon < state.NextAt ? soon : state.NextAt;
        }
        return next;
    }

    private async Task<EscalationState?> TellAsync(
        Incident incident,
        Escalation policy,
        EscalationState state,
        CancellationToken stop
    )
    {
        var level = policy.Levels[Math.Min(state.Level, policy.Levels.Count - 1)];
        var people = routing.Plan.Roster.PeopleOf(level, world.Now);
        var after = state.After(policy, world.Now);
        var who =
            people.Count == 0
                ? "nobody, for nobody is on call"
                : string.Join(", ", people.Select(static one => one.Name));
        var alert = announcer().AlertOf(incident);
        foreach (var person in people)
        {
            var receiver = $"{Delivery.PersonPrefix}{person.Name}";
            var headline =
                $"Incident {incident.Number} needs you: {incident.Title} (level {state.Level + 1}{(state.Round > 0 ? $", round {state.Round + 1}" : "")})";
            var told = await announcer().NotificationAsync(incident, alert, (receiver, headline), stop);
            await announcer().SendAsync(receiver, told, stop);
        }
        // The same words have the same id: killed between the two, they are told under the same id again.
        await incidents.ChangeAsync(
            incident,
            now =>
                now.With(
                    world.Now,
                    "told",
                    $"Level {state.Level + 1} of {policy.Name} was told: {who}.",
                    IncidentTurn.Self
                ),
            stop
        );
        await WriteAsync(incident, after is null ? null : new Kept(incident.Number, after), stop);
        return after;
    }

    private Task<IReadOnlyList<JournalEntry>> ForgetAsync(int number, CancellationToken stop) =>
        to.Store.CommitAsync(
            new Change(to.Fence()) { Writes = [new Write(Collection, $"{number:D6}", Body: null)] },
            stop
        );

    private Task<IReadOnlyList<JournalEntry>> WriteAsync(Incident incident, Kept? kept, CancellationToken stop) =>
        to.Store.CommitAsync(
            new Change(to.Fence())
            {
                Writes = [new Write(Collection, KeyOf(incident), kept is null ? null : Records.Body(kept))],
            },
            stop
        );

    private static string KeyOf(Incident incident) => $"{incident.Number:D6}";
}
