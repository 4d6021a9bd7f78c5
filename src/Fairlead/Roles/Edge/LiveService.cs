using Fairlead.Model.Apps;
using Fairlead.Model.Releases;
using Fairlead.Roles.Edge.Files;
using Fairlead.Roles.Edge.Mirroring;
using Fairlead.Roles.Edge.Steering;

namespace Fairlead.Roles.Edge;

/// <summary>A service in a table.</summary>
internal sealed class LiveService
{
    private readonly LivePart[] parts;

    private readonly LivePart[] newestFirst;

    private LiveService(LivePart[] parts)
    {
        this.parts = parts;
        newestFirst = [.. parts.OrderByDescending(one => one.Part.Since)];
    }

    public required ServiceDesk Desk { get; init; }

    /// <summary>Counts requests that found nobody.</summary>
    public required TrafficCounter Elsewhere { get; init; }

    /// <summary>Requests wait for the next table, so long at most; null where they do not wait.</summary>
    public required TimeSpan? Hold { get; init; }

    public bool IsHeld => Hold is not null;

    /// <summary>It is held because nobody runs.</summary>
    public bool IsAsleep { get; private init; }

    /// <summary>Asked in this order before a request is let in.</summary>
    public IReadOnlyList<IGuard> Guards { get; init; } = [];

    public IReadOnlyList<LivePart> Parts => parts;

    /// <summary>The releases of files; null when programs answer.</summary>
    public LiveFiles? Files { get; init; }

    /// <summary>Null where shares say which release a request reaches.</summary>
    public TrafficSteering? Steering { get; private init; }

    /// <summary>Null where no requests are copied.</summary>
    public Mirror? Mirror { get; private init; }

    /// <param name="before">The same service in the table before.</param>
    public static LiveService Build(Site site, ServiceRouting routing, Ledger ledger, LiveService? before)
    {
        LivePart[] built = [.. routing.Backends.Select(backend => LivePart.Build(site, backend, ledger))];
        var desk = ledger.Desk(site, routing.Service);
        return new(built)
        {
            Steering = TrafficSteering.Of(ledger.World, site, routing, built),
            Mirror = Mirror.Of(routing, built, desk, ledger.Mirrors),
            Desk = desk,
            Elsewhere = ledger.Elsewhere(site),
            Files = LiveFiles.Open(routing, ledger.Shelf),
            Guards = ledger.Gateway.Of(site, routing).Guards,
            // Between "held" and the first backend of the new release there may be a table that says neither.
            IsAsleep = routing.IsAsleep,
            Hold =
                routing.WakesWithin
                ?? (
                    routing.IsHeld ? Admission.HoldMax
                    : routing.Backends.Count == 0 ? before?.Hold
                    : null
                ),
        };
    }

    public Steered Steer(Trip trip) => Steering?.Steer(trip) ?? default;

    /// <summary>
    /// Chooses a replica that was not tried yet: the release by its share, the replica by the shorter of two queues. A release
    /// without a healthy replica still gets its share, because shares are the engine's decision and health is only a guess.
    /// </summary>
    /// <param name="only">The one part that may answer, or null.</param>
    /// <param name="tried">A request tries its release's other replicas first, then those of other releases with a share.</param>
    /// <param name="steered">What the request asks for beyond shares.</param>
    public LiveReplica? Choose(LivePart? only, in Tried tried, in Steered steered = default)
    {
        var chance = Desk.Chance();
        if (only is not null)
        {
            return only.Choose(chance, tried);
        }
        var part = tried.Part is { } before
            ? (steered.Prefer?.Part == before ? steered.Prefer : Find(before)) ?? ByShare(chance)
            : steered.Prefer ?? (steered.Point is { } point ? ByPoint(point) : ByShare(Desk.Draw()));
        if (part?.Choose(chance, tried) is { } chosen)
        {
            return chosen;
        }
        foreach (var one in parts)
        {
            if (one.SharePercent > 0 && one.Choose(chance, tried) is { } other)
            {
                return other;
            }
        }
        return null;
    }

    private LivePart? ByShare(uint draw)
    {
        var point = (int)((ulong)draw * 100 >> 32);
        foreach (var part in parts)
        {
            point -= part.SharePercent;
            if (point < 0)
            {
                return part;
            }
        }
        return null;
    }

    // Newest first: a rising share takes in more users and lets none go, and a falling one gives back those it took last.
    private LivePart? ByPoint(uint draw)
    {
        var point = (int)((ulong)draw * 100 >> 32);
        foreach (var part in newestFirst)
        {
            point -= part.SharePercent;
            if (point < 0)
            {
                return part;
            }
        }
        return null;
    }

    private LivePart? Find(Part part)
    {
        foreach (var one in parts)
        {
            if (one.SharePercent > 0 && one.Part == part)
            {
                return one;
            }
        }
        return null;
    }
}

/// <summary>A replica chosen for a request, with the part it answers for.</summary>
internal readonly record struct LiveReplica(LivePart Part, Replica Replica);
