using System.Text.Json;
using Fairlead.Model.Apps;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Deploying;

/// <summary>Which routing an aim calls for, given who is ready.</summary>
public static class Routes
{
    private static readonly TimeSpan WakeSlack = 5.Seconds;
    private static readonly TimeSpan WakeMax = 10.Minutes;

    /// <summary>The routing to put in force now, and in words what keeps it from being the aim's.</summary>
    public static (Routing Routing, string? Unready) Wanted(Aim aim, Situation situation)
    {
        var services = new List<ServiceRouting>();
        string? unready = null;
        foreach (var shape in aim.Shape.Services)
        {
            if (!shape.Holdings.Any(holding => holding.Of.Service.TakesTraffic))
            {
                continue;
            }
            var (routing, isAsWanted) = Wanted(shape, aim, situation);
            if (routing is not null)
            {
                services.Add(Steered(routing with { Https = aim.Https }, shape, aim));
            }
            if (!isAsWanted)
            {
                unready = $"traffic of {shape.Service} waits for ready replicas";
            }
        }
        return (new Routing(situation.Site, services.Count == 0 ? [] : aim.Hosts, services), unready);
    }

    public static bool Has(Routing routing, InstanceKey key) =>
        routing.Find(key.Part.Service)?.Find(key.Part)?.Destinations.Any(one => one.Instance == key) == true;

    public static bool Same(Routing left, Routing right) =>
        left.Hosts.SequenceEqual(right.Hosts)
        && left.Services.Count == right.Services.Count
        && left.Services.Zip(right.Services).All(pair => Same(pair.First, pair.Second));

    private static bool Same(ServiceRouting left, ServiceRouting right) =>
        left.Service == right.Service
        && left.IsHeld == right.IsHeld
        && left.WakesWithin == right.WakesWithin
        && left.HealthPath == right.HealthPath
        && left.Web == right.Web
        && left.Https == right.Https
        && Same(left.Gateway, right.Gateway)
        && Same(left.Traffic, right.Traffic)
        && left.Next == right.Next
        && left.Routes.SequenceEqual(right.Routes)
        && left.Backends.Count == right.Backends.Count
        && left.Backends.Zip(right.Backends).All(pair => Same(pair.First, pair.Second));

    // Most services say nothing, and one that does is compared with itself as the edge gives it back.
    internal static bool Same<T>(T? left, T? right)
        where T : class =>
        ReferenceEquals(left, right)
        || (
            left is not null
            && right is not null
            && JsonSerializer.Serialize(left, Records.Json) == JsonSerializer.Serialize(right, Records.Json)
        );

    private static bool Same(Backend left, Backend right) =>
        left.Part == right.Part
        && left.Share == right.Share
        && left.PreviewHost == right.PreviewHost
        && left.Destinations.SequenceEqual(right.Destinations);

    private static (ServiceRouting? Routing, bool IsAsWanted) Wanted(ServiceShape shape, Aim aim, Situation situation)
    {
        if (shape.IsAsleep)
        {
            return (Asleep(shape), true);
        }
        var current = situation.Seen.Router.Routing.Find(shape.Service);
        var taking = shape
            .Holdings.Where(holding => holding.Share > Share.None || holding.PreviewHost is not null)
            .ToList();
        if (taking.Count == 0)
        {
            return (null, true); // Placed for the first time, and nobody else is there yet.
        }
        taking.AddRange(
            shape.Holdings.Where(holding => !taking.Contains(holding) && IsAskedFor(holding, aim, situation))
        );
        var isAsleep = current is { IsAsleep: true };
        if (
            taking.All(holding =>
                CanTake(holding, current, situation) || (isAsleep && CanWake(holding, aim, situation))
            )
        )
        {
            return (Route(shape, [.. taking.Select(one => Taken(one, current, situation))]), true);
        }
        // What was broken before is not waited for on the way back, or nobody could ship the mend.
        var isHopeless = aim.IsTakingBack && taking.All(holding => IsBroken(holding, situation));
        if (isAsleep)
        {
            return (current, isHopeless);
        }
        if (aim.Exclusive.Contains(shape.Service))
        {
            return (current is null ? null : Route(shape, []) with { IsHeld = true }, isHopeless);
        }
        if (aim.IsTakingBack && Returning(shape, current, situation) is { } returning)
        {
            return (returning, false);
        }
        return (current is null ? null : Refreshed(current, situation), isHopeless);
    }

    private static ServiceRouting Asleep(ServiceShape shape) =>
        Route(shape, []) with
        {
            WakesWithin = WakesWithin(shape.Holdings[0].Of.Service),
        };

    // As long as its start may take, but no longer than a client would wait.
    private static TimeSpan WakesWithin(Service service)
    {
        var limit = service.Health.StartGrace + WakeSlack;
        return limit < WakeMax ? limit : WakeMax;
    }

    // Who wakes answers with its first replica. Who cannot be woken gets its share all the same while its successor is
    // tried, or nobody could ship the mend.
    private static bool CanWake(Holding holding, Aim aim, Situation situation) =>
        !aim.MustBeReady.Contains(holding.Part)
        && (
            Ready(holding, situation).Count > 0
            || (
                aim.Spared is not null
                && IsBroken(holding, situation)
                && Everywhere(holding, situation).Destinations.Count > 0
            )
        );

    private static Backend Taken(Holding holding, ServiceRouting? current, Situation situation)
    {
        var backend = Backend(holding, holding.Share, current, situation);
        return backend.Destinations.Count > 0 || holding.Share == Share.None
            ? backend
            : Everywhere(holding, situation) with
            {
                Share = holding.Share,
                PreviewHost = holding.PreviewHost,
            };
    }

    // Testers and copies reach a new release before it has a share. It is not waited for: until then the others serve alone.
    private static bool IsAskedFor(Holding holding, Aim aim, Situation situation) =>
        holding.Replicas > 0
        && IsNext(holding, aim)
        && holding.Of.Service.Traffic is { Match.Count: > 0 } or { Mirror: not null }
        && Ready(holding, situation).Count == holding.Replicas;

    private static bool IsNext(Holding holding, Aim aim) =>
        aim.Spared?.Services.Any(one => one.Part == holding.Part) == true;

    // The release being tried says who reaches it, from its first request to its last: a change half way would move users.
    private static ServiceRouting Steered(ServiceRouting routing, ServiceShape shape, Aim aim)
    {
        var next = shape.Holdings.Count > 1 ? shape.Holdings.FirstOrDefault(one => IsNext(one, aim)) : null;
        return next is null || routing.Backends.Count < 2 || routing.Find(next.Part) is null
            ? routing with
            {
                Next = null,
            }
            : routing with
            {
                Next = next.Part,
                Traffic = next.Of.Service.Traffic,
            };
    }

    // More traffic needs every replica of the step ready; traffic a part already has stays: the edge avoids what is down.
    private static bool CanTake(Holding holding, ServiceRouting? current, Situation situation) =>
        current?.Find(holding.Part) is { } backend
            && backend.Share >= holding.Share
            && (backend.Destinations.Count > 0)
            && backend.PreviewHost == holding.PreviewHost
        || Ready(holding, situation).Count == holding.Replicas;

    private static bool IsReady(InstanceKey key, Situation situation) =>
        situation.Seen.Find(key)?.State == InstanceState.Ready;

    private static bool IsBroken(Holding holding, Situation situation) =>
        Enumerable
            .Range(0, holding.Replicas)
            .Select(slot => situation.Seen.Find(new InstanceKey(situation.Site, holding.Part, slot))?.State)
            .All(state => state is InstanceState.Down or InstanceState.Failed);

    private static Backend Everywhere(Holding holding, Situation situation) =>
        new(
            holding.Part,
            Share.All,
            [
                .. Enumerable
                    .Range(0, holding.Replicas)
                    .Select(slot => situation.Seen.Find(new InstanceKey(situation.Site, holding.Part, slot)))
                    .OfType<Instance>()
                    .Where(one => one.Endpoint is not null)
                    .Select(one => new Destination(one.Key, one.Endpoint!)),
            ]
        );

    private static List<Instance> Ready(Holding holding, Situation situation) =>
        [
            .. Enumerable
                .Range(0, holding.Replicas)
                .Select(slot => situation.Seen.Find(new InstanceKey(situation.Site, holding.Part, slot)))
                .OfType<Instance>()
                .Where(one => one.State == InstanceState.Ready && one.Endpoint is not null),
        ];

    private static Backend Backend(Holding holding, Share share, ServiceRouting? current, Situation situation)
    {
        var before = current?.Find(holding.Part);
        var destinations = new List<Destination>();
        for (var slot = 0; slot < holding.Replicas; slot++)
        {
            var key = new InstanceKey(situation.Site, holding.Part, slot);
            var known = before?.Destinations.FirstOrDefault(one => one.Instance == key);
            if (situation.Seen.Find(key) is { Endpoint: { } endpoint, State: var state })
            {
                if (state == InstanceState.Ready || known is not null)
                {
                    destinations.Add(new(key, endpoint));
                }
            }
            else if (known is not null)
            {
                destinations.Add(known); // Not seen for a moment: its order is given again, the edge avoids it meanwhile.
            }
        }
        return new(holding.Part, share, destinations, holding.PreviewHost);
    }

    // The part to return to takes as much as its ready replicas can carry; the one to leave keeps the rest until then.
    private static ServiceRouting? Returning(ServiceShape shape, ServiceRouting? current, Situation situation)
    {
        if (shape.Holdings is not [var home])
        {
            return null;
        }
        var ready = Ready(home, situation).Count;
        var leaving = current?.Backends.FirstOrDefault(one => one.Part != home.Part && one.Share > Share.None);
        if (leaving is null)
        {
            return null;
        }
        if (ready == 0)
        {
            return IsBroken(home, situation) && !leaving.Destinations.Any(one => IsReady(one.Instance, situation))
                ? Route(shape, [Everywhere(home, situation)]) // Nobody can answer: be where healing happens.
                : null;
        }
        var before = current!.Find(home.Part)?.Share ?? Share.None;
        var share = Math.Max(before.Percent, ready * 100 / home.Replicas).Percent;
        return share == Share.All
            ? null
            : Route(shape, [Backend(home, share, current, situation), leaving with { Share = share.Rest }]);
    }

    private static ServiceRouting Refreshed(ServiceRouting current, Situation situation) =>
        current with
        {
            Backends =
            [
                .. current.Backends.Select(backend =>
                    backend with
                    {
                        Destinations =
                        [
                            .. backend.Destinations.Select(one =>
                                situation.Seen.Find(one.Instance)?.Endpoint is { } endpoint
                                    ? one with
                                    {
                                        Endpoint = endpoint,
                                    }
                                    : one
                            ),
                        ],
                    }
                ),
            ],
        };

    private static ServiceRouting Route(ServiceShape shape, IReadOnlyList<Backend> backends)
    {
        var leading = shape.Holdings.MaxBy(holding => holding.Share.Percent)!.Of.Service;
        return new ServiceRouting
        {
            Service = shape.Service,
            Routes = leading.Routes,
            Backends = backends,
            HealthPath = leading.Health.Http,
            Web = leading.IsStatic ? leading.Web ?? new() : null,
            Gateway = leading.Gateway,
            Traffic = leading.Traffic,
        };
    }
}
