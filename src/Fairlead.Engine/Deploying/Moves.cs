using Fairlead.Model.Releases;

namespace Fairlead.Engine.Deploying;

/// <summary>
/// Compares an aim with the world and names the one next move. The order is the safety of it: traffic leaves before anything
/// is stopped, replicas are ready before traffic comes, and exclusive parts never meet.
/// </summary>
public static class Moves
{
    private static readonly TimeSpan HealPause = 10.Seconds;

    public static Progress Next(Aim aim, Situation situation)
    {
        var wanted = Wanted(aim, situation);
        var (routing, unready) = Routes.Wanted(aim, situation);

        if (!Routes.Same(routing, situation.Seen.Router.Routing))
        {
            return new(new Move.Apply(routing), null);
        }
        if (Start(aim, situation, wanted) is { } start)
        {
            return new(start, null);
        }
        var (end, ending) = End(aim, situation, wanted, routing);
        if (end is not null)
        {
            return new(end, null);
        }
        return new(null, NotReady(aim, situation, wanted) ?? unready ?? (aim.MustBeAlone ? ending : null));
    }

    private static List<(InstanceKey Key, Holding Holding)> Wanted(Aim aim, Situation situation) =>
        [
            .. from service in aim.Shape.Services
            from holding in service.Holdings
            from slot in Enumerable.Range(0, holding.Replicas)
            select (new InstanceKey(situation.Site, holding.Part, slot), holding),
        ];

    private static Move? Start(Aim aim, Situation situation, List<(InstanceKey Key, Holding Holding)> wanted)
    {
        foreach (var (key, holding) in wanted)
        {
            var seen = situation.Seen.Find(key);
            if (seen is { State: InstanceState.Failed } && MayHeal(aim, situation, key))
            {
                return new Move.Stop(key); // It is started anew once it is gone.
            }
            if (seen is null && !IsBarred(aim, situation, key.Part))
            {
                return new Move.Ensure(Orders.For(key, holding.Of, situation));
            }
        }
        return null;
    }

    // A replica that must be ready fails its deployment; one that only should be is tried again after a pause.
    private static bool MayHeal(Aim aim, Situation situation, InstanceKey key) =>
        (aim.IsTakingBack || !aim.MustBeReady.Contains(key.Part))
        && situation.FailedSince.TryGetValue(key, out var since)
        && situation.Now - since >= HealPause;

    private static bool IsBarred(Aim aim, Situation situation, Part part) =>
        aim.Exclusive.Contains(part.Service)
        && situation.Seen.Instances.Any(one => one.Key.Part.Service == part.Service && one.Key.Part != part);

    private static (Move? Move, string? Waiting) End(
        Aim aim,
        Situation situation,
        List<(InstanceKey Key, Holding Holding)> wanted,
        Routing routing
    )
    {
        string? waiting = null;
        foreach (var instance in situation.Seen.Instances)
        {
            var key = instance.Key;
            if (wanted.Any(one => one.Key == key) || IsSpared(aim, key))
            {
                continue;
            }
            if (Routes.Has(routing, key))
            {
                continue; // It keeps its traffic until someone can take it over.
            }
            waiting = $"{key.Part}#{key.Slot} is stopping";
            if (instance.State == InstanceState.Stopping)
            {
                continue;
            }
            var inFlight = situation.Seen.Router.InFlightOf(key);
            if (inFlight == 0)
            {
                return (new Move.Stop(key), null);
            }
            if (
                situation.Now - situation.UnroutedSince.GetValueOrDefault(key, situation.Now)
                >= DrainOf(situation, key)
            )
            {
                return (new Move.Cut(key), null);
            }
            waiting = $"{key.Part}#{key.Slot} is draining: {inFlight} in flight";
        }
        return (null, waiting);
    }

    private static bool IsSpared(Aim aim, InstanceKey key) =>
        aim.Spared?.Find(key.Part.Service) is { } spared
        && spared.Part == key.Part
        && key.Slot < spared.Service.Replicas
        && !aim.Exclusive.Contains(key.Part.Service);

    private static TimeSpan DrainOf(Situation situation, InstanceKey key) =>
        new[] { situation.Next, situation.Live }
            .Concat(situation.WarmReleases)
            .Select(release => release?.Find(key.Part.Service))
            .FirstOrDefault(service => service?.Part == key.Part)
            ?.Service.Drain
        ?? 30.Seconds;

    private static string? NotReady(Aim aim, Situation situation, List<(InstanceKey Key, Holding Holding)> wanted)
    {
        foreach (var part in wanted.Select(one => one.Key.Part).Distinct().Where(aim.MustBeReady.Contains))
        {
            var keys = wanted.Where(one => one.Key.Part == part).Select(one => one.Key).ToList();
            var ready = keys.Count(key => IsReadyFor(aim, situation.Seen.Find(key)));
            if (ready < keys.Count)
            {
                var trouble = keys.Select(key => situation.Seen.Find(key)?.Problem)
                    .FirstOrDefault(one => one is not null);
                return $"{ready} of {keys.Count} replicas of {part} ready{(trouble is null ? "" : $": {trouble.Why}")}";
            }
        }
        return null;
    }

    // What was broken before is not waited for on the way back, or nobody could ship the mend.
    private static bool IsReadyFor(Aim aim, Instance? seen) =>
        seen?.State == InstanceState.Ready
        || aim.IsTakingBack && seen?.State is InstanceState.Down or InstanceState.Failed;
}
